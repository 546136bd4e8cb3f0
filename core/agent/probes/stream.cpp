#include "agent/probes/stream.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "agent/files/place.hpp"

namespace wright::agent {
namespace {

using Kind = Trouble::Kind;

tl::unexpected<Trouble> of_errno(int error, const std::string& doing) {
  const bool closed = error == ECONNRESET || error == EPIPE || error == ENOTCONN;
  return trouble(closed ? Kind::closed : Kind::refused, doing + ": " + std::strerror(error));
}

Talk<> wait_for(int fd, short events, const Patience& patience, const char* doing) {
  switch (patience.for_fd(fd, events)) {
    case Patience::Wait::late:
      return trouble(Kind::late, std::string("the deadline passed while ") + doing);
    case Patience::Wait::cancelled:
      return trouble(Kind::cancelled, "the run was cancelled");
    case Patience::Wait::ready:
      break;
  }
  return {};
}

class SocketStream : public Stream {
 public:
  explicit SocketStream(Descriptor fd) : fd_(std::move(fd)) {}

  Talk<std::size_t> read(std::span<char> into, const Patience& patience) override {
    while (true) {
      if (auto wait = wait_for(fd_.get(), POLLIN, patience, "waiting for an answer"); !wait)
        return tl::unexpected(wait.error());
      const ssize_t got = ::recv(fd_.get(), into.data(), into.size(), 0);
      if (got >= 0) return static_cast<std::size_t>(got);
      if (errno != EINTR && errno != EAGAIN) return of_errno(errno, "the connection broke");
    }
  }

  Talk<> write(std::string_view bytes, const Patience& patience) override {
    while (!bytes.empty()) {
      if (auto wait = wait_for(fd_.get(), POLLOUT, patience, "sending"); !wait) return wait;
      const ssize_t sent = ::send(fd_.get(), bytes.data(), bytes.size(), MSG_NOSIGNAL);
      if (sent >= 0)
        bytes.remove_prefix(static_cast<std::size_t>(sent));
      else if (errno != EINTR && errno != EAGAIN)
        return of_errno(errno, "the connection broke");
    }
    return {};
  }

 private:
  Descriptor fd_;
};

struct Address {
  sockaddr_storage storage{};
  socklen_t size = 0;
};

Talk<Address> address_of(const std::string& host, std::int64_t port) {
  Address out;
  if (host.starts_with("unix:")) {
    auto* local = reinterpret_cast<sockaddr_un*>(&out.storage);
    const std::string path = host.substr(5);
    if (!path.starts_with('/') || path.size() >= sizeof local->sun_path || path.find('\0') != std::string::npos)
      return trouble(Kind::unfit, "\"" + host + "\" is no socket: it must be unix: and an absolute path of at most " +
                                      std::to_string(sizeof local->sun_path - 1) + " bytes");
    local->sun_family = AF_UNIX;
    std::memcpy(local->sun_path, path.c_str(), path.size() + 1);
    out.size = sizeof *local;
    return out;
  }
  if (port < 1 || port > 65535)
    return trouble(Kind::unfit, "a port from 1 to 65535 is needed, not " + std::to_string(port));
  auto* v4 = reinterpret_cast<sockaddr_in*>(&out.storage);
  auto* v6 = reinterpret_cast<sockaddr_in6*>(&out.storage);
  const std::string numeric = host == "localhost" ? "127.0.0.1" : host;
  if (::inet_pton(AF_INET, numeric.c_str(), &v4->sin_addr) == 1) {
    v4->sin_family = AF_INET;
    v4->sin_port = htons(static_cast<std::uint16_t>(port));
    out.size = sizeof *v4;
  } else if (::inet_pton(AF_INET6, numeric.c_str(), &v6->sin6_addr) == 1) {
    v6->sin6_family = AF_INET6;
    v6->sin6_port = htons(static_cast<std::uint16_t>(port));
    out.size = sizeof *v6;
  } else {
    return trouble(Kind::unfit, "\"" + host + "\" is no numeric address; probes look up no names");
  }
  return out;
}

}  // namespace

Talk<std::unique_ptr<Stream>> connect_to(const std::string& host, std::int64_t port, const Patience& patience) {
  const auto address = address_of(host, port);
  if (!address) return tl::unexpected(address.error());
  const std::string name = host.starts_with("unix:")             ? host.substr(5)
                           : host.find(':') == std::string::npos ? host + ":" + std::to_string(port)
                                                                 : "[" + host + "]:" + std::to_string(port);
  Descriptor fd(::socket(address->storage.ss_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
  if (!fd.valid()) return of_errno(errno, "no socket");
  if (::connect(fd.get(), reinterpret_cast<const sockaddr*>(&address->storage), address->size) != 0) {
    if (errno != EINPROGRESS) return of_errno(errno, "no connection to " + name);
    const std::string doing = "connecting to " + name;
    if (auto wait = wait_for(fd.get(), POLLOUT, patience, doing.c_str()); !wait) return tl::unexpected(wait.error());
    int error = 0;
    socklen_t size = sizeof error;
    if (::getsockopt(fd.get(), SOL_SOCKET, SO_ERROR, &error, &size) != 0) error = errno;
    if (error != 0) return of_errno(error, "no connection to " + name);
  }
  return std::make_unique<SocketStream>(std::move(fd));
}

tl::unexpected<Diagnostics> as_failure(const Trouble& one) {
  const Fault fault = one.kind == Kind::unfit       ? Fault::bad_plugin
                      : one.kind == Kind::cancelled ? Fault::interrupted
                                                    : Fault::failed;
  return failure({Severity::error, fault, {}, one.text, {}, {}});
}

}  // namespace wright::agent
