#pragma once

#include <deque>
#include <mutex>
#include <string>
#include <vector>

#include "transport/connection.hpp"

namespace wright {

/// One step of a scripted conversation.
struct Exchange {
  std::string expects;         ///< type of the message that must be sent next
  std::vector<Value> replies;  ///< what can be received after it, in order
  bool then_lost = false;      ///< the connection is lost after the replies
};

/// A Connection for tests: answers as scripted, and refuses what the script does not expect. Nothing waits. send,
/// receive and close may be called from several threads.
class Replay final : public Connection {
 public:
  /// What the connection was used for; outlives it, for a test to look at.
  struct Record {
    std::vector<Value> sent;
    bool closed = false;
    std::size_t left = 0;  ///< exchanges of the script that did not happen
  };

  explicit Replay(std::vector<Exchange> script, std::shared_ptr<Record> record = std::make_shared<Record>());

  Result<> send(const Value& message) override;
  Result<Value> receive(std::chrono::milliseconds deadline) override;
  void close() override;

 private:
  std::mutex mutex_;
  std::deque<Exchange> script_;
  std::deque<Value> replies_;
  std::shared_ptr<Record> record_;
  bool losing_ = false;
};

}  // namespace wright
