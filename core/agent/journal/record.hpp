#pragma once

#include <compare>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "model/plan.hpp"
#include "model/resource.hpp"

namespace wright::agent {

/// A step's place in the journal.
struct StepId {
  std::string transaction;
  std::int64_t sequence = 0;
  friend auto operator<=>(const StepId&, const StepId&) = default;
};

/// A service to be restarted or reloaded when a resource changes.
struct Notice {
  ResourceId service;
  Action action = Action::restart;
  friend bool operator==(const Notice&, const Notice&) = default;
};

/// One resource that a step changes.
struct Touched {
  Change change;       ///< as the plan showed it; Action::none only brings `components` up to date
  Resource resource;   ///< as for_the_journal() has it: enough to look at it, not to make it
  std::string before;  ///< digest of the state that the step found
  std::vector<Notice> notices;
};

/// An earlier step, or a part of it, that a step takes back.
struct Reversal {
  StepId step;
  std::vector<ResourceId> ids;
  friend bool operator==(const Reversal&, const Reversal&) = default;
};

enum class StepPhase { intent = 0, done = 1, undone = 2 };

/// One step of a transaction: a change, or, with `reverses`, the taking back of earlier ones, newest first.
struct Step {
  StepId at;
  StepPhase phase = StepPhase::intent;
  std::string kind;
  bool pruned = false;  ///< its resources are no longer owned when it is done
  std::vector<Touched> touched;
  std::vector<Reversal> reverses;
  Value::Map left;  ///< "kind:name" to the digest of the state that the step left; empty before it is done
  Value undo;       ///< null in an outline
  Value done;       ///< null in an outline
};

/// A restart or reload that a change asked for and that was not made yet.
struct PendingRestart {
  std::string unit;  ///< id of the service
  Action action = Action::restart;
  std::string transaction;
};

struct Transaction {
  TransactionInfo info;
  std::string controller;
  std::string site;  ///< whose site file it was
  std::int64_t steps = 0;
  std::vector<std::string> undoes;   ///< of a rollback: the transactions that are rolled back when it is committed
  std::vector<std::string> forgets;  ///< of a rollback: components whose rollback commands go with them
};

[[nodiscard]] bool only_bookkeeping(const Step& step);
[[nodiscard]] std::vector<ResourceId> ids_of(const Step& step);

/// The part of a step that does not change and is not its undo.
Value about(const Step& step);
Result<Step> step_about(const Value& value);
Value to_value(const Transaction& transaction);
Result<Transaction> transaction_from(const Value& value);

/// Now, RFC 3339 UTC.
std::string utc_now();

/// The resource as the journal keeps it: no Secret anywhere, and above 4 KiB no text that only making it needs (see
/// AttributeSpec::bulk). What is looked at or taken back by it is whole, however long.
Resource for_the_journal(const Resource& resource);

}  // namespace wright::agent
