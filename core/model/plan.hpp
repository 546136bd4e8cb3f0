#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "model/resource.hpp"

namespace wright {

/// What a plan does to a resource. `run` is a command; `restart` and `reload` a service whose configuration changes.
enum class Action { none, create, update, remove, run, restart, reload };
std::string_view name_of(Action action);
Result<Action> action_named(std::string_view name);

/// One attribute before and after. A secret's values are left null and only "changed" is told.
struct AttributeChange {
  std::string name;
  Value before;
  Value after;
  std::string diff;  ///< for content: a unified diff, at most 256 KiB; empty when before and after say it all
  bool secret = false;
  friend bool operator==(const AttributeChange&, const AttributeChange&) = default;
};

struct Change {
  ResourceId id;
  std::vector<std::string> components;
  Action action = Action::none;
  std::vector<AttributeChange> attributes;
  std::vector<std::string> notes;  ///< "also upgrades perl-base 5.36.0-7+deb12u1 to ...", "cannot be taken back", ...
  /// Why what is there could not be seen: of this moment, so no part of the plan's digest. Empty when it was seen.
  std::string unseen;
  bool pruned = false;  ///< its component left the site file
  /// Perhaps there is nothing to do when it is its turn; the notes say on what that depends.
  bool conditional = false;
  friend bool operator==(const Change&, const Change&) = default;
};

/// A transaction as status and history show it.
struct TransactionInfo {
  std::string id;
  std::string run;
  std::string state;     ///< "open", "prepared", "committed", "rolled_back", "incomplete"
  std::string kind;      ///< "apply" or "rollback"
  std::string started;   ///< RFC 3339 UTC
  std::string finished;  ///< empty while open
  std::vector<std::string> components;
  std::int64_t changes = 0;
  std::string note;     ///< why it was rolled back, what is incomplete
  std::string held_by;  ///< of one that is open: whose agent is at work on it just now; empty when none is
  friend bool operator==(const TransactionInfo&, const TransactionInfo&) = default;
};

/// Catalog against reality on one host.
struct Plan {
  std::string host;
  std::vector<Change> changes;  ///< without those that change nothing, in the order they would be made
  std::int64_t unchanged = 0;
  /// Of everything the plan rests on: catalog, changes and the states seen. Apply is refused when it is another.
  std::string digest;
  /// "kind:name" to the (keyed) digest of the state seen, to say what moved when the digest is another.
  std::map<std::string, std::string, std::less<>> states;
  std::vector<std::string> warnings;
  std::vector<TransactionInfo> interrupted;  ///< zero or one open transaction, which apply rolls back first
  std::vector<TransactionInfo> undoes;       ///< of a rollback: the transactions that it takes back, newest first
  friend bool operator==(const Plan&, const Plan&) = default;
};

Value to_value(const AttributeChange& change);
Value to_value(const Change& change);
Value to_value(const TransactionInfo& info);
Value to_value(const Plan& plan);
Result<AttributeChange> attribute_change_from(const Value& value);
Result<Change> change_from(const Value& value);
Result<TransactionInfo> transaction_info_from(const Value& value);
Result<Plan> plan_from(const Value& value);

}  // namespace wright
