#pragma once

#include <condition_variable>
#include <deque>
#include <mutex>
#include <set>
#include <string>
#include <thread>

#include "agent/transaction/conversation.hpp"
#include "model/value.hpp"

namespace wright::agent {

/// What the controller sends, read by a thread of its own, so that its end is seen at once whatever the agent is doing:
/// end of input, bytes that are no messages, or silence after it had sent beats. Each is a cancellation.
class Inbox final : public Conversation {
 public:
  /// Reads `fd`, which stays the caller's.
  Inbox(int fd, Cancellation& cancellation);
  ~Inbox() override;
  Inbox(const Inbox&) = delete;
  Inbox& operator=(const Inbox&) = delete;

  /// The next request; none when the controller is gone.
  std::optional<Value> next_request();
  /// Why the conversation ended, when it was not by its end: bad bytes or silence.
  std::string problem() const;

  bool released(const std::string& token) override;
  bool await_release(std::chrono::steady_clock::time_point deadline) override;
  std::optional<bool> await_decision() override;

 private:
  void read();
  void sort(Value message);
  void end(std::string problem);

  int fd_;
  Cancellation& cancellation_;
  Cancellation stop_;  ///< ends the reading thread
  mutable std::mutex mutex_;
  std::condition_variable moved_;
  std::deque<Value> requests_;  ///< this and the following guarded by mutex_
  std::deque<bool> decisions_;
  std::set<std::string> tokens_;
  std::size_t seen_tokens_ = 0;
  bool ended_ = false;
  std::string problem_;
  std::thread thread_;
};

}  // namespace wright::agent
