#pragma once

#include <chrono>
#include <string_view>

#include "agent/context.hpp"

namespace wright::agent {

/// What the agent sends. A controller that does not read for `patience`, or is gone, is a cancellation; from then on
/// nothing is sent, and nothing waits for it again. For one thread.
class Outbox {
 public:
  /// Writes to `fd`, which stays the caller's and is made non-blocking.
  Outbox(int fd, Cancellation& cancellation, std::chrono::milliseconds patience = std::chrono::seconds(30));

  void send_bytes(std::string_view bytes);
  void send(const Value& message);

 private:
  int fd_;
  Cancellation& cancellation_;
  std::chrono::milliseconds patience_;
  bool gone_ = false;
};

}  // namespace wright::agent
