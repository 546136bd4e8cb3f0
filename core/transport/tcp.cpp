#include "transport/tcp.hpp"

#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

#include <cerrno>
#include <cstring>
#include <future>
#include <memory>
#include <optional>
#include <thread>

#include "transport/problem.hpp"

namespace wright {
namespace {

using Addresses = std::shared_ptr<addrinfo>;
struct Looked {
  int error = 0;
  Addresses addresses;
};

Looked look_up(const std::string& address, std::uint16_t port, int flags) {
  addrinfo hints{};
  hints.ai_socktype = SOCK_STREAM;
  hints.ai_flags = flags | AI_NUMERICSERV;
  addrinfo* found = nullptr;
  Looked out;
  out.error = ::getaddrinfo(address.c_str(), std::to_string(port).c_str(), &hints, &found);
  if (out.error == 0) out.addresses = Addresses(found, &::freeaddrinfo);
  return out;
}

/// The resolver has its own, long time-outs: it runs beside, and is left to itself when the deadline passes.
std::optional<Looked> look_up_until(const std::string& address, std::uint16_t port, Deadline deadline) {
  if (auto numeric = look_up(address, port, AI_NUMERICHOST); numeric.error == 0) return numeric;
  auto promise = std::make_shared<std::promise<Looked>>();
  auto result = promise->get_future();
  std::thread([promise, address, port] { promise->set_value(look_up(address, port, AI_ADDRCONFIG)); }).detach();
  if (result.wait_until(deadline) != std::future_status::ready) return std::nullopt;
  return result.get();
}

void set(int fd, int level, int option, int value) { ::setsockopt(fd, level, option, &value, sizeof value); }

void tune(int fd) {
  set(fd, IPPROTO_TCP, TCP_NODELAY, 1);
  set(fd, SOL_SOCKET, SO_KEEPALIVE, 1);
  set(fd, IPPROTO_TCP, TCP_KEEPIDLE, 8);
  set(fd, IPPROTO_TCP, TCP_KEEPINTVL, 4);
  set(fd, IPPROTO_TCP, TCP_KEEPCNT, 3);
  set(fd, IPPROTO_TCP, TCP_USER_TIMEOUT, 20000);
}

/// 0, or what errno would say.
int connect_one(const addrinfo& one, Descriptor& out, Deadline deadline) {
  Descriptor fd(::socket(one.ai_family, one.ai_socktype | SOCK_CLOEXEC | SOCK_NONBLOCK, one.ai_protocol));
  if (!fd.valid()) return errno;
  tune(fd.get());
  if (::connect(fd.get(), one.ai_addr, one.ai_addrlen) != 0) {
    if (errno != EINPROGRESS) return errno;
    std::vector<pollfd> descriptors{{fd.get(), POLLOUT, 0}};
    if (!wait_for_any(descriptors, deadline)) return ETIMEDOUT;
    int error = 0;
    socklen_t size = sizeof error;
    ::getsockopt(fd.get(), SOL_SOCKET, SO_ERROR, &error, &size);
    if (error != 0) return error;
  }
  out = std::move(fd);
  return 0;
}

Diagnostic unreached(const std::string& where, const std::string& place, int error, std::chrono::milliseconds limit) {
  Diagnostic one{Severity::error, Fault::unreachable, where, {}, {}, {}};
  switch (error) {
    case ECONNREFUSED:
      one.what = place + " refuses the connection: nothing listens there";
      one.next = "see that sshd runs on the host and that `port` of the host is right";
      break;
    case EHOSTUNREACH:
    case ENETUNREACH:
      one.what = "there is no route to " + place;
      one.why = std::strerror(error);
      one.next =
          "see that the host is up, that `address` of the host is right, and that this machine is on its network";
      break;
    case ETIMEDOUT:
      one.what = place + " did not answer within " + in_seconds(limit);
      one.next = "see that the host is up and that no firewall drops the connection";
      break;
    default:
      one.what = "cannot connect to " + place;
      one.why = std::strerror(error);
  }
  return one;
}

}  // namespace

Result<Descriptor> connect_tcp(const std::string& where, const std::string& address, std::uint16_t port,
                               std::chrono::milliseconds limit) {
  const auto deadline = after(limit);
  const auto looked = look_up_until(address, port, deadline);
  if (!looked)
    return problem(Fault::unreachable, where,
                   "the name " + address + " could not be looked up within " + in_seconds(limit));
  if (looked->error != 0)
    return problem(Fault::unreachable, where, "the name " + address + " is not known",
                   looked->error == EAI_SYSTEM ? std::strerror(errno) : ::gai_strerror(looked->error),
                   "see `address` of the host in the site file");

  int count = 0;
  for (const auto* one = looked->addresses.get(); one != nullptr; one = one->ai_next) ++count;
  Descriptor fd;
  int error = ETIMEDOUT;
  for (const auto* one = looked->addresses.get(); one != nullptr && !passed(deadline); one = one->ai_next, --count) {
    // An address that does not answer leaves the others their share of the time.
    const auto now = std::chrono::steady_clock::now();
    error = connect_one(*one, fd, now + (deadline - now) / count);
    if (error == 0) return fd;
  }
  const bool bare_v6 = address.find(':') != std::string::npos;
  const std::string place = (bare_v6 ? "[" + address + "]" : address) + ":" + std::to_string(port);
  return failure(unreached(where, place, error, limit));
}

}  // namespace wright
