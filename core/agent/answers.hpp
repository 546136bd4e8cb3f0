#pragma once

#include <functional>
#include <string>

#include "agent/journal/journal.hpp"
#include "agent/journal/lock.hpp"
#include "agent/plan/means.hpp"
#include "agent/transaction/applying.hpp"
#include "model/protocol.hpp"

namespace wright::agent {

/// The answers to one controller's requests, in the order they come. The first must be hello.
class Answers {
 public:
  Answers(Context& context, const Means& means, Conversation& conversation, std::function<void(const Value&)> send);

  /// Answers one request; the outcome of an apply waits for the controller's decision and is followed by another.
  /// False when the conversation is over, because of a request that should not have been made.
  bool answer(const Value& request);

 private:
  bool greet(const Value& request);
  void apply(const Value& request);
  void roll_back(const Value& request);
  void verify(const Value& request);
  void plan(const Value& request);
  void plan_rollback(const Value& request);
  void history(const Value& request);
  void status();
  /// Says whose they are, when another agent is at work on them.
  void say_who_works(std::vector<TransactionInfo>& open);
  bool may_change();
  void tell(Outcome outcome);
  void refuse(const Diagnostics& problems);

  Context& context_;
  const Means& means_;
  Conversation& conversation_;
  std::function<void(const Value&)> send_;
  Journal journal_;
  HostLock lock_;
  Requester requester_;
  bool greeted_ = false;
  std::chrono::steady_clock::time_point start_;
};

}  // namespace wright::agent
