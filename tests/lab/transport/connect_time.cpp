// What connect() costs above the floor: a bare handshake, a connect() to an agent that is on the host and its answer to
// a first message, in turns.
// Usage: connect_time ADDRESS KEY KNOWN_HOSTS AGENT HANDSHAKE [RUNS]; a table of milliseconds.
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <vector>

#include "base/sha256.hpp"
#include "model/protocol.hpp"
#include "transport/connection.hpp"

namespace {

template <class Work>
double milliseconds(Work work) {
  const auto start = std::chrono::steady_clock::now();
  work();
  return std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - start).count();
}

void row(const char* what, std::vector<double> all) {
  std::sort(all.begin(), all.end());
  std::printf("%-24s least %7.1f  median %7.1f  most %7.1f\n", what, all.front(), all[all.size() / 2], all.back());
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 6) return 64;
  wright::Target target;
  target.name = "host";
  target.address = argv[1];
  target.key = argv[2];
  target.known_hosts = argv[3];
  const wright::AgentBinary agent{argv[4], wright::sha256_of_file(argv[4]).value_or("")};
  const std::string handshake = std::string(argv[5]) + " " + argv[1] + " " + argv[2];
  const int runs = argc > 6 ? std::atoi(argv[6]) : 20;

  std::vector<double> bare;
  std::vector<double> connected;
  std::vector<double> welcomed;
  std::vector<double> closed;
  for (int run = -1; run < runs; ++run) {
    const double floor = milliseconds([&] {
      if (std::system(handshake.c_str()) != 0) std::exit(1);
    });
    wright::Result<std::unique_ptr<wright::Connection>> connection;
    const double whole = milliseconds([&] { connection = wright::connect(target, agent); });
    if (!connection) {
      std::fprintf(stderr, "%s\n", to_text(connection.error()).c_str());
      return 1;
    }
    wright::Hello hello;
    hello.site = "bench";
    hello.run = std::string(32, 'a');
    hello.controller = "bench@here";
    hello.site_key = wright::Secret(std::string(32, 'k'));
    bool answered = false;
    const double talk = milliseconds(
        [&] { answered = (*connection)->send(to_message(hello)) && (*connection)->receive(std::chrono::seconds(30)); });
    if (!answered) return 1;
    const double end = milliseconds([&] { connection->reset(); });
    // The first one pushes the agent.
    if (run < 0) continue;
    bare.push_back(floor);
    connected.push_back(whole);
    welcomed.push_back(talk);
    closed.push_back(end);
  }
  row("bare handshake", bare);
  row("connect()", connected);
  row("hello -> welcome", welcomed);
  row("end of the connection", closed);
  return 0;
}
