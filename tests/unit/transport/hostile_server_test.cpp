#include <arpa/inet.h>
#include <gmock/gmock.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <atomic>
#include <functional>
#include <thread>

#include "transport/connection.hpp"
#include "transport/descriptor.hpp"

namespace wright {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;

/// A server on this machine that treats each visitor as `behave` says, until it ends.
class Server {
 public:
  explicit Server(std::function<void(int)> behave) : listener_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    sockaddr_in place{};
    place.sin_family = AF_INET;
    place.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof place;
    EXPECT_EQ(::bind(listener_.get(), reinterpret_cast<sockaddr*>(&place), size), 0);
    EXPECT_EQ(::listen(listener_.get(), 4), 0);
    ::getsockname(listener_.get(), reinterpret_cast<sockaddr*>(&place), &size);
    port_ = ntohs(place.sin_port);
    thread_ = std::thread([this, behave = std::move(behave)] {
      for (;;) {
        const Descriptor visitor(::accept4(listener_.get(), nullptr, nullptr, SOCK_CLOEXEC));
        if (!visitor.valid()) return;
        behave(visitor.get());
      }
    });
  }
  ~Server() {
    ::shutdown(listener_.get(), SHUT_RDWR);
    thread_.join();
  }
  [[nodiscard]] std::uint16_t port() const { return port_; }

 private:
  Descriptor listener_;
  std::uint16_t port_ = 0;
  std::thread thread_;
};

bool say(int fd, std::string_view bytes) { return ::send(fd, bytes.data(), bytes.size(), MSG_NOSIGNAL) > 0; }

void wait_for_end(int fd) {
  char buffer[4096];
  while (::recv(fd, buffer, sizeof buffer, 0) > 0) {
  }
}

Target at(std::uint16_t port, std::chrono::milliseconds limit = 4s) {
  Target target;
  target.name = "web1";
  target.address = "127.0.0.1";
  target.port = port;
  target.known_hosts = "/nonexistent/known_hosts";
  target.connect_timeout = limit;
  return target;
}

const Diagnostic refusal(const Target& target) {
  const auto connection = connect(target, AgentBinary{"/nonexistent", std::string(64, 'a')});
  EXPECT_FALSE(connection);
  return connection ? Diagnostic{} : connection.error().items().front();
}

TEST(HostileServer, NobodyListensIsRefused) {
  std::uint16_t port = 0;
  {
    port = Server([](int) {}).port();
  }
  const auto one = refusal(at(port));
  EXPECT_EQ(one.fault, Fault::unreachable);
  EXPECT_EQ(one.where, "web1");
  EXPECT_THAT(one.what, HasSubstr("refuses"));
}

TEST(HostileServer, SilenceEndsAtTheDeadline) {
  const Server server(wait_for_end);
  const auto one = refusal(at(server.port(), 200ms));
  EXPECT_EQ(one.fault, Fault::unreachable);
  EXPECT_THAT(one.what, HasSubstr("within 0.2 s"));
}

TEST(HostileServer, AnEndlessBannerEnds) {
  const Server server([](int fd) {
    const std::string much(4096, 'S');
    while (say(fd, much)) {
    }
  });
  EXPECT_EQ(refusal(at(server.port())).fault, Fault::unreachable);
}

TEST(HostileServer, ABannerOfManyLinesEnds) {
  const Server server([](int fd) {
    while (say(fd, "come in\r\n")) {
    }
  });
  EXPECT_EQ(refusal(at(server.port(), 300ms)).fault, Fault::unreachable);
}

TEST(HostileServer, ASlowBannerEndsAtTheDeadline) {
  const Server server([](int fd) {
    for (const char c : std::string("SSH-2.0-") + std::string(100, 'x')) {
      if (!say(fd, {&c, 1})) return;
      std::this_thread::sleep_for(10ms);
    }
    wait_for_end(fd);
  });
  const auto one = refusal(at(server.port(), 150ms));
  EXPECT_EQ(one.fault, Fault::unreachable);
  EXPECT_THAT(one.what, HasSubstr("within 0.15 s"));
}

// Lines before the banner are allowed, so that only the deadline tells.
TEST(HostileServer, AnotherProtocolIsNotSsh) {
  const Server server([](int fd) {
    say(fd, "HTTP/1.1 400 Bad Request\r\n\r\n");
    wait_for_end(fd);
  });
  const auto one = refusal(at(server.port(), 300ms));
  EXPECT_EQ(one.fault, Fault::unreachable);
  EXPECT_THAT(one.what, HasSubstr("key exchange"));
}

TEST(HostileServer, PacketsOfAbsurdLengthsEnd) {
  for (const std::string_view length : {std::string_view("\xff\xff\xff\xff", 4), std::string_view("\0\0\0\0", 4),
                                        std::string_view("\0\0\0\1", 4), std::string_view("\x7f\xff\xff\xf8", 4)}) {
    const Server server([&](int fd) {
      say(fd, "SSH-2.0-OpenSSH_9.2p1\r\n" + std::string(length) + std::string(512, '\4'));
      wait_for_end(fd);
    });
    EXPECT_EQ(refusal(at(server.port(), 1s)).fault, Fault::unreachable) << testing::PrintToString(length);
  }
}

TEST(HostileServer, HangingUpInTheKeyExchangeIsSaid) {
  const Server server([](int fd) { say(fd, "SSH-2.0-OpenSSH_9.2p1\r\n"); });
  const auto one = refusal(at(server.port()));
  EXPECT_EQ(one.fault, Fault::unreachable);
  EXPECT_THAT(one.what, HasSubstr("ended the connection during the key exchange"));
}

TEST(HostileServer, FetchingAKeyFromItFailsAlike) {
  const Server server(wait_for_end);
  const auto key = fetch_host_key(at(server.port(), 100ms));
  ASSERT_FALSE(key);
  EXPECT_EQ(key.error().items().front().fault, Fault::unreachable);
}

// What ssh would take for an option, a command or an escape never gets as far as a look-up.
TEST(Grammar, AddressesAndUsersThatAreNoNamesAreRefused) {
  for (const char* bad : {"-oProxyCommand=true", "$(id)", "a b", "a\nb", "%h", "", "user@host", "a/b", "`id`"}) {
    Target target = at(22);
    target.address = bad;
    EXPECT_EQ(refusal(target).fault, Fault::usage) << bad;
    EXPECT_EQ(fetch_host_key(target).error().items().front().fault, Fault::usage) << bad;
    target = at(22);
    target.user = bad;
    EXPECT_EQ(refusal(target).fault, Fault::usage) << bad;
  }
}

TEST(Grammar, NoKeyIsFetchedFromThisMachine) {
  Target target = at(22);
  target.address = "local";
  EXPECT_EQ(fetch_host_key(target).error().items().front().fault, Fault::usage);
}

}  // namespace
}  // namespace wright
