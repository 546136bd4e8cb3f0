#include "agent/process/pump.hpp"

#include <fcntl.h>
#include <poll.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <csignal>

namespace wright::agent {
namespace {

using Clock = std::chrono::steady_clock;

/// A daemon that the program left behind may keep its output open for ever; so its end is looked for this often.
constexpr int look_every_ms = 50;
constexpr int drain_rounds = 4;

bool has_exited(pid_t child) {
  siginfo_t info{};
  return ::waitid(P_PID, static_cast<id_t>(child), &info, WEXITED | WNOHANG | WNOWAIT) == 0 && info.si_pid == child;
}

/// A program that closes its input early must not end the agent.
class WithoutBrokenPipe {
 public:
  WithoutBrokenPipe() {
    struct sigaction ignore {};
    ignore.sa_handler = SIG_IGN;
    ::sigaction(SIGPIPE, &ignore, &before_);
  }
  ~WithoutBrokenPipe() { ::sigaction(SIGPIPE, &before_, nullptr); }
  WithoutBrokenPipe(const WithoutBrokenPipe&) = delete;
  WithoutBrokenPipe& operator=(const WithoutBrokenPipe&) = delete;

 private:
  struct sigaction before_ {};
};

}  // namespace

void Pump::shorten(std::string& text, std::size_t limit) const {
  if (text.size() > limit) text.erase(0, text.size() - limit);
}

bool Pump::take(int fd, std::string& into) {
  char buffer[65536];
  const ssize_t got = ::read(fd, buffer, sizeof buffer);
  if (got < 0) return errno == EINTR || errno == EAGAIN;
  if (got == 0) return false;
  const std::string_view piece(buffer, static_cast<std::size_t>(got));
  if (command_.on_output) command_.on_output(piece);
  into += piece;
  if (into.size() > 2 * command_.output_limit + sizeof buffer) shorten(into, command_.output_limit);
  return true;
}

Pump::Ended Pump::carry(Descriptor in, Descriptor out, Descriptor err, Finished& finished) {
  const WithoutBrokenPipe guard;
  for (const Descriptor* each : {&in, &out, &err})
    if (each->valid()) ::fcntl(each->get(), F_SETFL, ::fcntl(each->get(), F_GETFL) | O_NONBLOCK);
  std::string_view input = command_.input;
  const bool cancellable = context_.cancellation != nullptr && !command_.finish_when_cancelled;
  Ended why = Ended::closed;
  int rounds_after_exit = 0;
  while (out.valid() || err.valid()) {
    if (cancellable && context_.cancelled()) {
      why = Ended::cancelled;
      break;
    }
    const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(deadline_ - Clock::now()).count();
    if (left <= 0) {
      why = Ended::late;
      break;
    }
    pollfd wanted[4] = {{in.get(), POLLOUT, 0},
                        {out.get(), POLLIN, 0},
                        {err.get(), POLLIN, 0},
                        {cancellable ? context_.cancellation->fd() : -1, POLLIN, 0}};
    const int ready = ::poll(wanted, 4, static_cast<int>(std::min<std::int64_t>(left, look_every_ms)));
    if (ready < 0 && errno != EINTR) break;
    if (ready <= 0) {
      if (has_exited(child_) && ++rounds_after_exit >= drain_rounds) {
        why = Ended::exited;
        break;
      }
      continue;
    }
    if (wanted[0].revents != 0) {
      const ssize_t written = ::write(in.get(), input.data(), input.size());
      if (written > 0) input.remove_prefix(static_cast<std::size_t>(written));
      if (input.empty() || (written < 0 && errno != EINTR && errno != EAGAIN)) in = Descriptor();
    }
    if (wanted[1].revents != 0 && !take(out.get(), finished.out)) out = Descriptor();
    if (wanted[2].revents != 0 && !take(err.get(), finished.err)) err = Descriptor();
  }
  shorten(finished.out, command_.output_limit);
  shorten(finished.err, command_.output_limit);
  return why;
}

}  // namespace wright::agent
