#include <gtest/gtest.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <filesystem>
#include <thread>

#include "unit/agent_probes/peer.hpp"

namespace wright::agent {
namespace {

std::string member(const std::string& name, const std::string& value) {
  return "<member><name>" + name + "</name><value>" + value + "</value></member>";
}

std::string process(const std::string& group, const std::string& name, const std::string& state, int up_s) {
  const auto text = [](const std::string& words) { return "<string>" + words + "</string>"; };
  const auto number = [](int of) { return "<int>" + std::to_string(of) + "</int>"; };
  return "<value><struct>" + member("group", text(group)) + member("name", text(name)) +
         member("statename", text(state)) + member("pid", number(7)) + member("start", number(1000)) +
         member("now", number(1000 + up_s)) + "</struct></value>";
}

/// A supervisord that gives the same answer to each connection.
class Supervisord {
 public:
  explicit Supervisord(const std::string& processes)
      : path_(::testing::TempDir() + "supervisor-" + std::to_string(::getpid()) + ".sock") {
    const std::string body = "<?xml version='1.0'?><methodResponse><params><param><value><array><data>" + processes +
                             "</data></array></value></param></params></methodResponse>";
    answer_ = "HTTP/1.0 200 OK\r\nContent-Type: text/xml\r\nContent-Length: " + std::to_string(body.size()) +
              "\r\nConnection: close\r\n\r\n" + body;
    std::filesystem::remove(path_);
    socket_ = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    path_.copy(address.sun_path, sizeof address.sun_path - 1);
    EXPECT_EQ(::bind(socket_, reinterpret_cast<const sockaddr*>(&address), sizeof address), 0);
    EXPECT_EQ(::listen(socket_, 8), 0);
    thread_ = std::thread([this] { serve(); });
  }
  ~Supervisord() {
    ::shutdown(socket_, SHUT_RDWR);
    thread_.join();
    ::close(socket_);
    std::filesystem::remove(path_);
  }
  Supervisord(const Supervisord&) = delete;
  Supervisord& operator=(const Supervisord&) = delete;

  [[nodiscard]] std::string asked(std::int64_t up_s, std::int64_t processes = 1) const {
    return said_by(
        probe_of("program", {{"group", "web"}, {"socket", path_}, {"up_s", up_s}, {"processes", processes}}));
  }

 private:
  void serve() const {
    for (int one = 0; (one = ::accept(socket_, nullptr, nullptr)) >= 0; ::close(one)) {
      std::string request;
      char part[4096];
      while (request.find("</methodCall>") == std::string::npos) {
        const auto n = ::read(one, part, sizeof part);
        if (n <= 0) break;
        request.append(part, static_cast<std::size_t>(n));
      }
      EXPECT_EQ(::write(one, answer_.data(), answer_.size()), static_cast<ssize_t>(answer_.size()));
    }
  }

  std::string path_, answer_;
  int socket_ = -1;
  std::thread thread_;
};

TEST(ProgramProbe, RunningForLongEnoughIsEnough) {
  const Supervisord daemon(process("web", "web", "RUNNING", 5));
  EXPECT_EQ(daemon.asked(5), "");
}

TEST(ProgramProbe, RunningNotForLongEnoughIsNot) {
  const Supervisord daemon(process("web", "web", "RUNNING", 4));
  EXPECT_NE(daemon.asked(5).find("expected RUNNING for 5 s: web:web runs for 4 s"), std::string::npos)
      << daemon.asked(5);
}

TEST(ProgramProbe, EveryProcessOfTheGroupCounts) {
  const Supervisord daemon(process("web", "web_0", "RUNNING", 9) + process("web", "web_1", "BACKOFF", 9));
  EXPECT_NE(daemon.asked(5, 2).find("web:web_1 is BACKOFF"), std::string::npos) << daemon.asked(5, 2);
}

TEST(ProgramProbe, ThatOneIsMissingIsSaid) {
  const Supervisord daemon(process("web", "web_0", "RUNNING", 9) + process("other", "other", "FATAL", 0));
  EXPECT_EQ(daemon.asked(5), "");
  EXPECT_NE(daemon.asked(5, 2).find("expected 2 processes in web; supervisord has 1"), std::string::npos)
      << daemon.asked(5, 2);
}

}  // namespace
}  // namespace wright::agent
