#include "plugin/worker_process.hpp"

#include <fcntl.h>
#include <poll.h>
#include <spawn.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstring>
#include <utility>

#include "base/untrusted.hpp"

namespace wright {
namespace {

constexpr int channel_fd = 3;
constexpr std::size_t most_words = 2000;
/// How long a worker that hung up may take to end by itself, so that its own way to die is reported and not our kill.
constexpr int patience_ms = 2000;

/// A descriptor that closes itself, above those that the worker gets.
class Descriptor {
 public:
  explicit Descriptor(int fd) {
    if (fd < 0) return;
    fd_ = fd > channel_fd ? fd : fcntl(fd, F_DUPFD_CLOEXEC, channel_fd + 1);
    if (fd_ != fd) close(fd);
  }
  ~Descriptor() {
    if (fd_ >= 0) close(fd_);
  }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  [[nodiscard]] int get() const { return fd_; }
  int release() { return std::exchange(fd_, -1); }

 private:
  int fd_ = -1;
};

/// posix_spawn's two option objects, freed together.
struct SpawnOptions {
  posix_spawn_file_actions_t actions{};
  posix_spawnattr_t attributes{};
  SpawnOptions() {
    posix_spawn_file_actions_init(&actions);
    posix_spawnattr_init(&attributes);
  }
  ~SpawnOptions() {
    posix_spawn_file_actions_destroy(&actions);
    posix_spawnattr_destroy(&attributes);
  }
  SpawnOptions(const SpawnOptions&) = delete;
  SpawnOptions& operator=(const SpawnOptions&) = delete;
};

tl::unexpected<Diagnostics> not_started(const std::string& program, int error) {
  return failure({Severity::error, Fault::failed, program, "the plugin worker cannot be started", std::strerror(error),
                  "it belongs to this wright: install or build wright again"});
}

std::string describe(const siginfo_t& ended) {
  if (ended.si_code == CLD_EXITED) return "ended the process with exit code " + std::to_string(ended.si_status);
  const char* name = sigabbrev_np(ended.si_status);
  return "was killed by " +
         (name == nullptr ? "signal " + std::to_string(ended.si_status) : "SIG" + std::string(name)) + " (" +
         strsignal(ended.si_status) + ")";
}

}  // namespace

Result<std::unique_ptr<WorkerProcess>> WorkerProcess::start(const std::string& program,
                                                            std::chrono::milliseconds deadline) {
  int pair[2] = {-1, -1};
  if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair) != 0) return not_started(program, errno);
  Descriptor ours(pair[0]);
  Descriptor theirs(pair[1]);
  Descriptor null(open("/dev/null", O_RDWR | O_CLOEXEC));
  Descriptor errors(memfd_create("wright-plugin-errors", MFD_CLOEXEC));
  if (ours.get() < 0 || theirs.get() < 0 || null.get() < 0 || errors.get() < 0) return not_started(program, errno);

  SpawnOptions options;
  posix_spawn_file_actions_adddup2(&options.actions, null.get(), STDIN_FILENO);
  posix_spawn_file_actions_adddup2(&options.actions, null.get(), STDOUT_FILENO);
  posix_spawn_file_actions_adddup2(&options.actions, errors.get(), STDERR_FILENO);
  posix_spawn_file_actions_adddup2(&options.actions, theirs.get(), channel_fd);
  sigset_t none;
  sigset_t all;
  sigemptyset(&none);
  sigfillset(&all);
  posix_spawnattr_setsigmask(&options.attributes, &none);
  posix_spawnattr_setsigdefault(&options.attributes, &all);
  // A group of its own: Ctrl-C is for the controller, and what a plugin forked ends with the worker.
  posix_spawnattr_setpgroup(&options.attributes, 0);
  posix_spawnattr_setflags(&options.attributes, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETPGROUP);

  // Twice the deadline, in whole seconds: the worker's own alarm must never come before the controller's verdict.
  std::string seconds = std::to_string(2 * deadline.count() / 1000 + 5);
  std::string name = program;
  std::string locale = "LC_ALL=C.UTF-8";
  char* arguments[] = {name.data(), seconds.data(), nullptr};
  char* environment[] = {locale.data(), nullptr};
  pid_t pid = -1;
  const int error = posix_spawn(&pid, program.c_str(), &options.actions, &options.attributes, arguments, environment);
  if (error != 0) return not_started(program, error);
  return std::unique_ptr<WorkerProcess>(new WorkerProcess(pid, ours.release(), errors.release()));
}

WorkerProcess::~WorkerProcess() {
  kill();
  close(errors_);
}

std::string WorkerProcess::farewell() {
  const Descriptor process(static_cast<int>(syscall(SYS_pidfd_open, pid_, 0)));
  pollfd watched{process.get(), POLLIN, 0};
  while (poll(&watched, 1, patience_ms) < 0 && errno == EINTR) {
  }
  siginfo_t ended{};
  // WNOWAIT: until it is reaped, no other process can get its id, and kill() hits only what it started.
  const bool known =
      waitid(P_PID, static_cast<id_t>(pid_), &ended, WEXITED | WNOHANG | WNOWAIT) == 0 && ended.si_pid == pid_;
  std::string how = known ? describe(ended) : "closed the worker's connection";
  kill();
  return how;
}

void WorkerProcess::kill() {
  if (pid_ < 0) return;
  ::kill(-pid_, SIGKILL);
  while (waitpid(pid_, nullptr, 0) < 0 && errno == EINTR) {
  }
  pid_ = -1;
}

std::string WorkerProcess::last_words() const {
  const off_t size = lseek(errors_, 0, SEEK_END);
  const off_t from = size > static_cast<off_t>(most_words) ? size - static_cast<off_t>(most_words) : 0;
  std::string words(most_words, '\0');
  const ssize_t got = pread(errors_, words.data(), words.size(), from);
  words.resize(got > 0 ? static_cast<std::size_t>(got) : 0);
  while (!words.empty() && words.back() == '\n') words.pop_back();
  return Untrusted(std::move(words)).for_terminal();
}

}  // namespace wright
