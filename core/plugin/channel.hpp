#pragma once

#include <chrono>

#include "transport/frame.hpp"

namespace wright {

/// Frames over a connected stream socket, which it owns. One thread at a time.
class Channel {
 public:
  explicit Channel(int fd) : fd_(fd) {}
  ~Channel();
  Channel(const Channel&) = delete;
  Channel& operator=(const Channel&) = delete;

  Result<> send(const Value& message);
  /// The next message. Fault::unreachable: the other side is gone. Fault::interrupted: `wait` passed; negative waits
  /// for ever. Fault::failed: what came is no message.
  Result<Value> receive(std::chrono::milliseconds wait);

 private:
  int fd_;
  FrameReader reader_;
};

}  // namespace wright
