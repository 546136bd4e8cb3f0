#pragma once

#include <chrono>

#include "agent/resources/awake.hpp"
#include "agent/resources/kind.hpp"
#include "agent/resources/mongodb_accounts.hpp"
#include "agent/resources/postponed.hpp"

namespace wright::agent {

/// Takes back what was made of accounts of MongoDB. What needs a server that takes writes is left until everything else
/// was undone when there is none: by then it may run by itself again. So is an account of a set of several members that
/// was made: a host that leaves has no server by then, and what it made stays with the others.
class MongodbUndo {
 public:
  /// A member that takes writes may need 15 s to go, and the others 12 s to see that and choose another one.
  static constexpr std::chrono::milliseconds election_time{45000};
  /// `program`: without it the server is gone with its data. `longest_wait`: for a member that takes writes, in the
  /// end.
  explicit MongodbUndo(std::string program = "/usr/bin/mongod", std::chrono::milliseconds longest_wait = election_time,
                       UnitControl control = {})
      : program_(std::move(program)), longest_wait_(longest_wait), control_(std::move(control)) {}

  Result<> undo(const UndoRecord& record, Context& context);
  /// What was left of the record's servers. What still cannot be taken back is an error.
  Result<> settle(const UndoRecord& record, Context& context);
  /// See Kind::forget().
  void forget() { postponed_.forget(); }

 private:
  using Left = Postponed::One;
  enum class How { at_once, at_the_end };
  /// False when it cannot be done before the rest was undone.
  Result<bool> take_back(const Left& one, How how, Context& context) const;
  static Talk<> take_away(const MongodbPlace& place, std::chrono::milliseconds time, MongodbAccounts& accounts);
  static Result<Talk<>> put_back(const MongodbPlace& place, const Value& before, std::chrono::milliseconds time,
                                 MongodbAccounts& accounts);

  std::string program_;
  std::chrono::milliseconds longest_wait_;
  UnitControl control_;
  Postponed postponed_{[](const Left& one) { return mongodb_server_from(one.before).service(); }};
};

tl::unexpected<Diagnostics> mongodb_failure(const ResourceId& id, const Trouble& why);

}  // namespace wright::agent
