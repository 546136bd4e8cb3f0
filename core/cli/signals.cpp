#include "cli/signals.hpp"

#include <fcntl.h>
#include <poll.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <string_view>
#include <thread>

namespace wright {
namespace {

std::array<int, 2> pipe_ends{-1, -1};

void note_signal(int signal) {
  const int error = errno;
  const auto byte = static_cast<unsigned char>(signal);
  (void)!::write(pipe_ends[1], &byte, 1);
  errno = error;
}

void ignore(int) {}

void say(std::string_view text) { (void)!::write(STDERR_FILENO, text.data(), text.size()); }

unsigned char next_signal() {
  unsigned char signal = 0;
  while (::read(pipe_ends[0], &signal, 1) != 1) {
  }
  return signal;
}

/// A session that ends sends SIGTERM and SIGHUP: that is one request, not two.
void ignore_what_came_with_it() {
  constexpr int together_ms = 200;
  pollfd more{pipe_ends[0], POLLIN, 0};
  while (::poll(&more, 1, together_ms) > 0) (void)next_signal();
}

void serve(Interruption& interruption) {
  const unsigned char signal = next_signal();
  if (!interruption.request()) {
    say("\ninterrupted; no host is being changed\n");
    ::_exit(128 + signal);
  }
  ignore_what_came_with_it();
  say("\ninterrupted: the hosts undo what was begun; once more to leave at once\n");
  // The same one again ends the process by itself; any other comes here.
  ::_exit(128 + next_signal());
}

}  // namespace

void handle_signals(Interruption& interruption) {
  if (::pipe2(pipe_ends.data(), O_CLOEXEC) != 0) return;
  std::thread([&interruption] { serve(interruption); }).detach();
  struct sigaction action {};
  action.sa_handler = note_signal;
  action.sa_flags = static_cast<int>(SA_RESETHAND | SA_RESTART);
  for (const int signal : {SIGINT, SIGTERM, SIGHUP}) ::sigaction(signal, &action, nullptr);
  // A handler, not SIG_IGN: what is ignored stays ignored in programs started later.
  struct sigaction pipes {};
  pipes.sa_handler = ignore;
  pipes.sa_flags = SA_RESTART;
  ::sigaction(SIGPIPE, &pipes, nullptr);
}

}  // namespace wright
