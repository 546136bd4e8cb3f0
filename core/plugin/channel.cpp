#include "plugin/channel.hpp"

#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

namespace wright {
namespace {

tl::unexpected<Diagnostics> broken(Fault fault, std::string what) {
  return failure({Severity::error, fault, "plugin worker", std::move(what), {}, {}});
}

}  // namespace

Channel::~Channel() { close(fd_); }

Result<> Channel::send(const Value& message) {
  const std::string bytes = frame(message);
  std::size_t sent = 0;
  while (sent < bytes.size()) {
    const ssize_t now = ::send(fd_, bytes.data() + sent, bytes.size() - sent, MSG_NOSIGNAL);
    if (now < 0 && errno == EINTR) continue;
    if (now <= 0) return broken(Fault::unreachable, std::strerror(errno));
    sent += static_cast<std::size_t>(now);
  }
  return {};
}

Result<Value> Channel::receive(std::chrono::milliseconds wait) {
  const auto until = std::chrono::steady_clock::now() + wait;
  while (true) {
    auto message = reader_.next();
    if (!message) return broken(Fault::failed, to_text(message.error()));
    if (!message->is_null()) return message;
    int left = -1;
    if (wait.count() >= 0) {
      const auto rest = std::chrono::ceil<std::chrono::milliseconds>(until - std::chrono::steady_clock::now());
      left = static_cast<int>(std::max<std::int64_t>(rest.count(), 0));
    }
    pollfd watched{fd_, POLLIN, 0};
    const int ready = poll(&watched, 1, left);
    if (ready < 0 && errno == EINTR) continue;
    if (ready < 0) return broken(Fault::unreachable, std::strerror(errno));
    if (ready == 0) return broken(Fault::interrupted, "no answer in time");
    char buffer[64 * 1024];
    const ssize_t got = recv(fd_, buffer, sizeof(buffer), 0);
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) return broken(Fault::unreachable, got == 0 ? "the other side is gone" : std::strerror(errno));
    reader_.feed(std::string_view(buffer, static_cast<std::size_t>(got)));
  }
}

}  // namespace wright
