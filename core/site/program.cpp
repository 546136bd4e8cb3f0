#include "site/program.hpp"

#include <fcntl.h>
#include <poll.h>
#include <spawn.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <cstring>

namespace wright {
namespace {

using Clock = std::chrono::steady_clock;
constexpr std::size_t most_output = 8U << 20U;
constexpr std::size_t most_errors = 16U << 10U;

class End {
 public:
  End() = default;
  End(const End&) = delete;
  End& operator=(const End&) = delete;
  ~End() { close(); }
  void close() {
    if (fd >= 0) ::close(fd);
    fd = -1;
  }
  int fd = -1;
};

struct Channel {
  End ours;
  End childs;
};

tl::unexpected<Diagnostics> broke(const std::string& program, std::string what, int error) {
  return failure(program, std::move(what), std::strerror(error));
}

/// A socket, for writing to one that nobody reads must be an error and no signal, whatever the process does about them.
bool open_input(Channel& channel) {
  std::array<int, 2> ends{};
  if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends.data()) != 0) return false;
  channel.ours.fd = ends[0];
  channel.childs.fd = ends[1];
  return ::fcntl(ends[0], F_SETFL, O_NONBLOCK) == 0;
}

bool open_output(Channel& channel) {
  std::array<int, 2> ends{};
  if (::pipe2(ends.data(), O_CLOEXEC) != 0) return false;
  channel.ours.fd = ends[0];
  channel.childs.fd = ends[1];
  return ::fcntl(ends[0], F_SETFL, O_NONBLOCK) == 0;
}

/// posix_spawnp's own result: 0, or an errno.
int start(const std::vector<std::string>& arguments, const std::array<Channel, 3>& channels, pid_t& child) {
  std::vector<char*> words;
  words.reserve(arguments.size() + 1);
  for (const auto& one : arguments) words.push_back(const_cast<char*>(one.c_str()));
  words.push_back(nullptr);
  posix_spawn_file_actions_t actions;
  posix_spawnattr_t attributes;
  if (const int error = ::posix_spawn_file_actions_init(&actions); error != 0) return error;
  if (const int error = ::posix_spawnattr_init(&attributes); error != 0) {
    ::posix_spawn_file_actions_destroy(&actions);
    return error;
  }
  sigset_t none;
  sigset_t all;
  ::sigemptyset(&none);
  ::sigfillset(&all);
  int error = ::posix_spawnattr_setsigmask(&attributes, &none);
  if (error == 0) error = ::posix_spawnattr_setsigdefault(&attributes, &all);
  if (error == 0) error = ::posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
  for (int i = 0; i < 3 && error == 0; ++i)
    error = ::posix_spawn_file_actions_adddup2(&actions, channels[static_cast<std::size_t>(i)].childs.fd, i);
  if (error == 0) error = ::posix_spawnp(&child, words[0], &actions, &attributes, words.data(), environ);
  ::posix_spawnattr_destroy(&attributes);
  ::posix_spawn_file_actions_destroy(&actions);
  return error;
}

/// Grows by copies that are wiped, so that no freed memory holds what was read.
class Collected {
 public:
  void append(const char* bytes, std::size_t count) {
    if (text_.capacity() - text_.size() < count) {
      std::string larger;
      larger.reserve(std::max(2 * text_.capacity(), text_.size() + count));
      larger = text_;
      const Secret old(std::move(text_));
      text_ = std::move(larger);
    }
    text_.append(bytes, count);
  }
  [[nodiscard]] std::size_t size() const { return text_.size(); }
  Secret take() { return Secret(std::move(text_)); }

 private:
  std::string text_;
};

enum class Exchange { done, late, too_much };

class Conversation {
 public:
  Conversation(const std::string& input, std::array<Channel, 3>& channels) : input_(input), channels_(channels) {}

  Exchange hold(Clock::time_point deadline) {
    if (input_.empty()) channels_[0].ours.close();
    while (channels_[1].ours.fd >= 0 || channels_[2].ours.fd >= 0) {
      std::array<pollfd, 3> watched{};
      for (std::size_t i = 0; i < 3; ++i)
        watched[i] = {channels_[i].ours.fd, static_cast<short>(i == 0 ? POLLOUT : POLLIN), 0};
      const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(deadline - Clock::now()).count();
      if (left <= 0) return Exchange::late;
      if (::poll(watched.data(), watched.size(), static_cast<int>(left)) < 0 && errno != EINTR) return Exchange::late;
      if (watched[0].revents != 0) give();
      if (watched[1].revents != 0) take(channels_[1].ours);
      if (watched[2].revents != 0) take(channels_[2].ours);
      if (output.size() > most_output) return Exchange::too_much;
    }
    return Exchange::done;
  }

  Collected output;
  std::string errors;

 private:
  void give() {
    const ssize_t n = ::send(channels_[0].ours.fd, input_.data() + given_, input_.size() - given_, MSG_NOSIGNAL);
    if (n < 0 && (errno == EINTR || errno == EAGAIN)) return;
    if (n > 0) given_ += static_cast<std::size_t>(n);
    // A program that stops reading says why with its exit code.
    if (n < 0 || given_ == input_.size()) channels_[0].ours.close();
  }

  void take(End& end) {
    std::array<char, 16384> buffer{};
    const ssize_t n = ::read(end.fd, buffer.data(), buffer.size());
    if (n < 0 && (errno == EINTR || errno == EAGAIN)) return;
    if (n <= 0) {
      end.close();
    } else if (&end == &channels_[1].ours) {
      output.append(buffer.data(), static_cast<std::size_t>(n));
    } else if (errors.size() < most_errors) {
      errors.append(buffer.data(), std::min(static_cast<std::size_t>(n), most_errors - errors.size()));
    }
    ::explicit_bzero(buffer.data(), buffer.size());
  }

  const std::string& input_;
  std::array<Channel, 3>& channels_;
  std::size_t given_ = 0;
};

int reap(pid_t child) {
  int status = 0;
  while (::waitpid(child, &status, 0) < 0 && errno == EINTR) {
  }
  return WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
}

}  // namespace

Result<Ended> run_program(const std::vector<std::string>& arguments, const Secret& input, const std::string& package,
                          std::chrono::milliseconds limit) {
  const std::string& program = arguments.front();
  std::array<Channel, 3> channels;
  if (!open_input(channels[0]) || !open_output(channels[1]) || !open_output(channels[2]))
    return broke(program, "cannot be started", errno);
  pid_t child = -1;
  const int error = start(arguments, channels, child);
  if (error == ENOENT)
    return failure(program, "the program \"" + program + "\" is not installed", {}, "apt-get install " + package);
  if (error != 0) return broke(program, "cannot be started", error);
  for (auto& channel : channels) channel.childs.close();
  Conversation talk(input.reveal(), channels);
  const Exchange how = talk.hold(Clock::now() + limit);
  if (how != Exchange::done) ::kill(child, SIGKILL);
  Ended ended;
  ended.code = reap(child);
  ended.output = talk.output.take();
  ended.errors = std::move(talk.errors);
  if (how == Exchange::late)
    return failure(program, "did not end within " + std::to_string(limit.count() / 1000) + " s and was killed");
  if (how == Exchange::too_much) return failure(program, "wrote more than 8 MiB and was killed");
  return ended;
}

}  // namespace wright
