#include "transport/local.hpp"

#include <fcntl.h>
#include <pwd.h>
#include <spawn.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <csignal>
#include <cstring>

#include "transport/fd_stream.hpp"
#include "transport/framed.hpp"
#include "transport/problem.hpp"
#include "transport/refusal.hpp"

namespace wright {
namespace {

constexpr std::chrono::seconds start_limit{20};

struct Spawned {
  int error = 0;
  pid_t pid = 0;
};

Spawned spawn(const std::vector<std::string>& argv, int socket, int errors) {
  posix_spawn_file_actions_t files;
  posix_spawn_file_actions_init(&files);
  posix_spawn_file_actions_adddup2(&files, socket, STDIN_FILENO);
  posix_spawn_file_actions_adddup2(&files, socket, STDOUT_FILENO);
  posix_spawn_file_actions_adddup2(&files, errors, STDERR_FILENO);
  posix_spawnattr_t attributes;
  posix_spawnattr_init(&attributes);
  sigset_t signals;
  sigemptyset(&signals);
  posix_spawnattr_setsigmask(&attributes, &signals);
  for (const int signal : {SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGPIPE, SIGCHLD}) sigaddset(&signals, signal);
  posix_spawnattr_setsigdefault(&attributes, &signals);
  posix_spawnattr_setpgroup(&attributes, 0);
  posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);

  std::vector<char*> arguments;
  for (const auto& argument : argv) arguments.push_back(const_cast<char*>(argument.c_str()));
  arguments.push_back(nullptr);
  Spawned out;
  out.error = ::posix_spawnp(&out.pid, arguments[0], &files, &attributes, arguments.data(), environ);
  posix_spawnattr_destroy(&attributes);
  posix_spawn_file_actions_destroy(&files);
  return out;
}

std::string own_name() {
  std::array<char, 4096> buffer{};
  passwd entry{};
  passwd* found = nullptr;
  if (::getpwuid_r(::geteuid(), &entry, buffer.data(), buffer.size(), &found) == 0 && found != nullptr)
    return found->pw_name;
  return "#" + std::to_string(::geteuid());
}

}  // namespace

Result<std::unique_ptr<Connection>> start_local(const std::string& where, const std::vector<std::string>& argv,
                                                std::chrono::milliseconds limit) {
  std::array<int, 2> talk{};
  std::array<int, 2> errors{};
  if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, talk.data()) != 0)
    return failure(where, "cannot make a socket to start the agent", std::strerror(errno));
  Descriptor ours(talk[0]);
  Descriptor theirs(talk[1]);
  if (::pipe2(errors.data(), O_CLOEXEC) != 0)
    return failure(where, "cannot make a pipe to start the agent", std::strerror(errno));
  Descriptor error_output(errors[0]);
  Descriptor error_input(errors[1]);

  const Spawned child = spawn(argv, theirs.get(), error_input.get());
  if (child.error != 0) return failure(where, "cannot start " + argv.front(), std::strerror(child.error));
  auto stream = std::make_unique<FdStream>(std::move(ours), std::move(error_output), child.pid);
  auto connection = std::make_unique<FramedConnection>(where, std::move(stream));
  // Copies of ours would keep both from ever ending.
  theirs.reset();
  error_input.reset();
  const auto greeted = connection->skip_to_preamble(after(limit));
  if (!greeted) return failure(no_agent(where, own_name(), argv.front() == "sudo", greeted.error(), limit));
  return connection;
}

Result<std::unique_ptr<Connection>> connect_local(const Target& target, const AgentBinary& agent) {
  std::vector<std::string> argv{agent.path, "serve"};
  if (::geteuid() != 0) argv.insert(argv.begin(), {"sudo", "-n", "--"});
  return start_local(target.name, argv, start_limit);
}

}  // namespace wright
