#include "agent/probes/patience.hpp"

#include <poll.h>

#include <algorithm>
#include <cerrno>

namespace wright::agent {

std::chrono::milliseconds Patience::left() const {
  return std::max(std::chrono::ceil<std::chrono::milliseconds>(until_ - Clock::now()), std::chrono::milliseconds(0));
}

Patience::Wait Patience::for_fd(int fd, short events) const {
  while (true) {
    if (cancellation_ != nullptr && cancellation_->cancelled()) return Wait::cancelled;
    const auto time = left().count();
    if (time == 0) return Wait::late;
    pollfd watched[2] = {{fd, events, 0}, {cancellation_ == nullptr ? -1 : cancellation_->fd(), POLLIN, 0}};
    const int found = ::poll(watched, 2, static_cast<int>(std::min<std::int64_t>(time, 60000)));
    if (found < 0 && errno != EINTR) return Wait::ready;  // the call that follows says what is wrong
    if (found > 0 && watched[0].revents != 0) return Wait::ready;
  }
}

Patience::Wait Patience::pause(std::chrono::milliseconds time) const {
  const Patience shorter(std::min(until_, Clock::now() + time), cancellation_);
  const Wait wait = shorter.for_fd(-1, 0);
  return wait == Wait::late && left().count() > 0 ? Wait::ready : wait;
}

}  // namespace wright::agent
