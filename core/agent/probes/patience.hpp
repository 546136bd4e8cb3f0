#pragma once

#include <chrono>

#include "agent/context.hpp"

namespace wright::agent {

/// How long one answer may be waited for: until a moment, or until the run is cancelled.
class Patience {
 public:
  using Clock = std::chrono::steady_clock;
  enum class Wait { ready, late, cancelled };

  Patience(Clock::time_point until, const Cancellation* cancellation) : until_(until), cancellation_(cancellation) {}

  /// Until poll() finds one of `events` (or an end or error) on `fd`. It is late even when there is more to read, so a
  /// peer that never stops does not hold anybody.
  [[nodiscard]] Wait for_fd(int fd, short events) const;
  /// Sleeps; ready when that was the whole pause.
  [[nodiscard]] Wait pause(std::chrono::milliseconds time) const;
  [[nodiscard]] std::chrono::milliseconds left() const;

 private:
  Clock::time_point until_;
  const Cancellation* cancellation_;
};

}  // namespace wright::agent
