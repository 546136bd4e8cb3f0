#include "agent/outbox.hpp"

#include <fcntl.h>
#include <poll.h>
#include <unistd.h>

#include <cerrno>

#include "model/protocol.hpp"
#include "transport/frame.hpp"

namespace wright::agent {

Outbox::Outbox(int fd, Cancellation& cancellation, std::chrono::milliseconds patience)
    : fd_(fd), cancellation_(cancellation), patience_(patience) {
  ::fcntl(fd_, F_SETFL, ::fcntl(fd_, F_GETFL) | O_NONBLOCK);
}

void Outbox::send_bytes(std::string_view bytes) {
  while (!gone_ && !bytes.empty()) {
    const ssize_t count = ::write(fd_, bytes.data(), bytes.size());
    if (count >= 0) {
      bytes.remove_prefix(static_cast<std::size_t>(count));
      continue;
    }
    if (errno == EINTR) continue;
    pollfd ready{fd_, POLLOUT, 0};
    if (errno == EAGAIN && ::poll(&ready, 1, static_cast<int>(patience_.count())) > 0) continue;
    gone_ = true;
    cancellation_.cancel();
  }
}

void Outbox::send(const Value& message) {
  if (gone_) return;
  const std::string bytes = frame(message);
  if (bytes.size() <= largest_frame) return send_bytes(bytes);
  send_bytes(frame(to_message(Diagnostics({Severity::error,
                                           Fault::failed,
                                           {},
                                           "the answer to this request is larger than a message can be",
                                           {},
                                           "ask for fewer components at once"}))));
}

}  // namespace wright::agent
