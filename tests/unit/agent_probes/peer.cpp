#include "unit/agent_probes/peer.hpp"

#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <fstream>

namespace wright::agent {

Peer::Peer(const Manner& manner) {
  std::string name = "/tmp/wright-peer-XXXXXX";
  folder_ = ::mkdtemp(name.data());
  std::ofstream(folder_ + "/answer", std::ios::binary) << manner.answer;
  std::array<int, 2> out{};
  if (::pipe2(out.data(), O_CLOEXEC) != 0) return;
  const std::string days = std::to_string(manner.days);
  const std::string input = folder_ + "/answer";
  pid_ = ::fork();
  if (pid_ == 0) {
    const int answer = ::open(input.c_str(), O_RDONLY);
    if (::dup2(answer, 0) < 0 || ::dup2(out[1], 1) < 0) ::_exit(127);
    const char* tls = manner.name.empty() ? nullptr : manner.name.c_str();
    ::execl("/usr/bin/python3", "python3", "-B", PEER_PROGRAM, folder_.c_str(), manner.how.c_str(), tls, days.c_str(),
            nullptr);
    ::_exit(127);
  }
  ::close(out[1]);
  std::string text;
  std::array<char, 32> piece{};
  while (text.find('\n') == std::string::npos) {
    const ssize_t got = ::read(out[0], piece.data(), piece.size());
    if (got <= 0) break;
    text.append(piece.data(), static_cast<std::size_t>(got));
  }
  ::close(out[0]);
  port_ = std::atoi(text.c_str());
  EXPECT_GT(port_, 0) << "the peer did not start";
}

Peer::~Peer() {
  if (pid_ > 0) {
    ::kill(pid_, SIGKILL);
    ::waitpid(pid_, nullptr, 0);
  }
  std::filesystem::remove_all(folder_);
}

Trusting::Trusting(const Peer& peer) { ::setenv("SSL_CERT_FILE", peer.certificate().c_str(), 1); }
Trusting::~Trusting() { ::unsetenv("SSL_CERT_FILE"); }

Probe probe_of(const std::string& kind, Value::Map attributes) {
  Probe probe;
  probe.kind = kind;
  probe.name = "it answers";
  probe.component = "web";
  probe.attributes = std::move(attributes);
  return probe;
}

std::string said_by(const Probe& probe) {
  const auto answer = ask_probe(probe, Context());
  return answer ? "" : to_text(answer.error());
}

}  // namespace wright::agent
