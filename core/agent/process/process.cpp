#include "agent/process/process.hpp"

#include <fcntl.h>
#include <grp.h>
#include <poll.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <cstring>
#include <optional>

#include "agent/baton.hpp"
#include "agent/files/accounts.hpp"
#include "agent/files/place.hpp"
#include "agent/process/pump.hpp"

namespace wright::agent {
namespace {

using Clock = std::chrono::steady_clock;

constexpr auto grace = std::chrono::seconds(5);

/// All that the child needs, made before fork: between fork and exec it may not take memory.
struct Launch {
  std::vector<char*> argv;
  std::vector<std::string> variables;
  std::vector<char*> environment;
  std::vector<gid_t> groups;
  uid_t uid = 0;
  gid_t gid = 0;
  bool other_user = false;
};

Result<Launch> prepare(const Command& command) {
  Launch launch;
  if (command.argv.empty() || !command.argv[0].starts_with('/'))
    return failure(command.argv.empty() ? "" : command.argv[0], "a program must be given by its absolute path");
  std::map<std::string, std::string> variables{{"PATH", "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"},
                                               {"LC_ALL", "C.UTF-8"},
                                               {"HOME", "/root"}};
  if (!command.user.empty()) {
    const auto accounts = Accounts::read();
    if (!accounts) return failure(accounts.error());
    const UserEntry* user = accounts->user(command.user);
    if (user == nullptr) return failure(command.argv[0], "no user is named \"" + command.user + "\" on this host");
    launch.uid = user->uid;
    launch.gid = user->gid;
    launch.groups = accounts->groups_of(*user);
    launch.other_user = user->uid != ::geteuid();
    variables["HOME"] = user->home;
    variables["USER"] = user->name;
    variables["LOGNAME"] = user->name;
  }
  for (const auto& [name, value] : command.environment) variables[name] = value;
  for (const auto& [name, value] : variables) launch.variables.push_back(name + "=" + value);
  for (auto& variable : launch.variables) launch.environment.push_back(variable.data());
  launch.environment.push_back(nullptr);
  for (const auto& argument : command.argv) launch.argv.push_back(const_cast<char*>(argument.c_str()));
  launch.argv.push_back(nullptr);
  return launch;
}

/// Which call failed in the child; sent over a pipe that exec closes.
struct ChildError {
  int step = 0;
  int error = 0;
};

constexpr const char* steps[] = {"prepare the process", "become the user", "enter the working directory", "start it"};

[[noreturn]] void give_up(int report, int step) {
  const ChildError what{step, errno};
  [[maybe_unused]] const auto sent = ::write(report, &what, sizeof what);
  ::_exit(127);
}

/// Every descriptor but the standard three, and `kept`, closed at exec. Old kernels have no such flag for close_range.
void close_others_at_exec() {
  if (::syscall(SYS_close_range, 3U, ~0U, 4U /* CLOSE_RANGE_CLOEXEC */) == 0) return;
  for (int fd = 3; fd < 4096; ++fd) ::fcntl(fd, F_SETFD, FD_CLOEXEC);
}

[[noreturn]] void become(const Command& command, const Launch& launch, const int (&standard)[3], int report,
                         pid_t agent) {
  ::setpgid(0, 0);
  struct sigaction usual {};
  usual.sa_handler = SIG_DFL;
  for (int signal = 1; signal < 65; ++signal) ::sigaction(signal, &usual, nullptr);
  sigset_t none;
  ::sigemptyset(&none);
  ::sigprocmask(SIG_SETMASK, &none, nullptr);
  ::umask(022);
  for (int fd = 0; fd < 3; ++fd)
    if (::dup2(standard[fd], fd) < 0) give_up(report, 0);
  close_others_at_exec();
  if (command.in_child) {
    errno = 0;
    command.in_child();
  }
  if (launch.other_user &&
      (::setgroups(launch.groups.size(), launch.groups.data()) != 0 ||
       ::setresgid(launch.gid, launch.gid, launch.gid) != 0 || ::setresuid(launch.uid, launch.uid, launch.uid) != 0))
    give_up(report, 1);
  // What outlived a killed agent would go on changing what the next one takes back. Becoming a user clears this.
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (::getppid() != agent) ::_exit(127);
  if (::chdir(command.directory.c_str()) != 0) give_up(report, 2);
  ::execve(launch.argv[0], launch.argv.data(), launch.environment.data());
  give_up(report, 3);
}

struct Pipe {
  Descriptor read;
  Descriptor write;
};

/// Descriptors above the standard three, so that dup2 in the child never meets its own source.
Result<Pipe> make_pipe() {
  int ends[2] = {-1, -1};
  if (::pipe2(ends, O_CLOEXEC) != 0) return system_failure("", "make a pipe", errno);
  Pipe pipe{Descriptor(ends[0]), Descriptor(ends[1])};
  for (Descriptor* end : {&pipe.read, &pipe.write})
    if (end->get() < 3) {
      const int moved = ::fcntl(end->get(), F_DUPFD_CLOEXEC, 3);
      if (moved < 0) return system_failure("", "make a pipe", errno);
      *end = Descriptor(moved);
    }
  return pipe;
}

/// Waits for the end of the group's leader until the deadline; polls, as the program may live on after it closed its
/// output.
bool ended(pid_t child, int& status, Clock::time_point deadline) {
  while (true) {
    const pid_t got = ::waitpid(child, &status, WNOHANG);
    if (got == child || (got < 0 && errno != EINTR)) return true;
    if (Clock::now() >= deadline) return false;
    ::poll(nullptr, 0, 5);
  }
}

int end_group(pid_t child) {
  int status = 0;
  ::kill(-child, SIGTERM);
  if (!ended(child, status, Clock::now() + grace)) {
    ::kill(-child, SIGKILL);
    while (::waitpid(child, &status, 0) < 0 && errno == EINTR) {
    }
  }
  ::kill(-child, SIGKILL);  // those of the group that outlived their leader
  return status;
}

int exit_code_of(int status) {
  if (WIFEXITED(status)) return WEXITSTATUS(status);
  return WIFSIGNALED(status) ? 128 + WTERMSIG(status) : -1;
}

/// Reads what the child says about its own start; empty when exec succeeded.
Result<> started(const Descriptor& report, const Command& command) {
  ChildError what;
  ssize_t got = 0;
  do got = ::read(report.get(), &what, sizeof what);
  while (got < 0 && errno == EINTR);
  if (got != sizeof what) return {};
  return system_failure(command.argv[0], steps[what.step], what.error);
}

}  // namespace

Result<Finished> run(const Command& command, const Context& context) {
  if (context.cancelled() && !command.finish_when_cancelled)
    return failure({Severity::error,
                    Fault::interrupted,
                    command.argv.empty() ? "" : command.argv[0],
                    "was not started, as the run was cancelled",
                    {},
                    {}});
  const auto launch = prepare(command);
  if (!launch) return failure(launch.error());
  auto in = make_pipe();
  auto out = make_pipe();
  auto err = make_pipe();
  auto report = make_pipe();
  for (const auto* pipe : {&in, &out, &err, &report})
    if (!*pipe) return failure(pipe->error());
  if (command.input.empty()) {
    const int nothing = ::open("/dev/null", O_RDONLY | O_CLOEXEC);
    if (nothing < 0) return system_failure("/dev/null", "open it", errno);
    in->read = Descriptor(::fcntl(nothing, F_DUPFD_CLOEXEC, 3));
    ::close(nothing);
    in->write = Descriptor();
  }
  const int standard[3] = {in->read.get(), out->write.get(), err->write.get()};
  const pid_t agent = ::getpid();
  const pid_t child = ::fork();
  if (child < 0) return system_failure(command.argv[0], "start it", errno);
  if (child == 0) become(command, *launch, standard, report->write.get(), agent);
  ::setpgid(child, child);
  in->read = Descriptor();
  out->write = Descriptor();
  err->write = Descriptor();
  report->write = Descriptor();
  if (auto start = started(report->read, command); !start) {
    int status = 0;
    while (::waitpid(child, &status, 0) < 0 && errno == EINTR) {
    }
    return failure(start.error());
  }

  std::optional<Aside> aside;
  if (command.others_work_meanwhile) aside.emplace(context);
  Finished finished;
  const auto deadline = Clock::now() + command.timeout;
  const Pump::Ended why = Pump(command, context, child, deadline)
                              .carry(std::move(in->write), std::move(out->read), std::move(err->read), finished);
  int status = 0;
  if (why == Pump::Ended::cancelled) {
    end_group(child);
    return failure({Severity::error,
                    Fault::interrupted,
                    command.argv[0],
                    "was ended, as the run was cancelled",
                    last_lines(finished),
                    {}});
  }
  if (why == Pump::Ended::late) {
    finished.timed_out = true;
    status = end_group(child);
  } else if (why == Pump::Ended::closed && !ended(child, status, deadline)) {
    finished.timed_out = true;
    status = end_group(child);
  } else if (why == Pump::Ended::exited) {
    ended(child, status, deadline);
  }
  finished.exit_code = exit_code_of(status);
  return finished;
}

std::string last_lines(const Finished& finished, std::size_t lines) {
  const std::string& from = finished.err.find_first_not_of(" \n\t") != std::string::npos ? finished.err : finished.out;
  std::string_view text = from;
  while (!text.empty() && (text.back() == '\n' || text.back() == ' ')) text.remove_suffix(1);
  std::size_t start = text.size();
  for (std::size_t n = 0; n < lines && start != 0; ++n) {
    const auto newline = text.rfind('\n', start - 1);
    start = newline == std::string_view::npos ? 0 : newline;
  }
  if (start != 0) ++start;
  std::string last(text.substr(std::min(start, text.size())));
  if (finished.timed_out) last += last.empty() ? "(deadline passed)" : "\n(deadline passed)";
  return last;
}

}  // namespace wright::agent
