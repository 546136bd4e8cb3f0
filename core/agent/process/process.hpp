#pragma once

#include <chrono>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "agent/context.hpp"
#include "base/result.hpp"

namespace wright::agent {

/// A program to run: no shell, argv as it is, a fresh environment (PATH, LC_ALL=C.UTF-8, HOME=/root) plus
/// `environment`, umask 022, standard input from `input` (or /dev/null), an own process group, no inherited
/// descriptors. It is killed with the thread that runs it.
struct Command {
  std::vector<std::string> argv;  ///< argv[0] is an absolute path
  std::map<std::string, std::string> environment;
  std::string input;
  std::string user;  ///< empty: root. Read from /etc/passwd and /etc/group; the binary is static, so no NSS
  std::string directory = "/";
  std::chrono::milliseconds timeout{300000};
  std::size_t output_limit =
      1U << 20U;                   ///< of stdout and of stderr each; the rest is read and dropped, the end is kept
  std::function<void()> in_child;  ///< between fork and exec, such as unshare; async-signal-safe work only
  std::function<void(std::string_view)> on_output;  ///< each piece of stdout and stderr as it comes; untrusted
  bool finish_when_cancelled = false;               ///< dpkg must not be killed half way because the link went down
  bool others_work_meanwhile = false;               ///< it may take long; the baton is put down while it runs
};

struct Finished {
  int exit_code = -1;  ///< 128 + signal when killed by one
  bool timed_out = false;
  std::string out;
  std::string err;
  [[nodiscard]] bool ok() const { return exit_code == 0 && !timed_out; }
};

/// Runs it to its end. An error only when it could not be started or the run was cancelled; a failing program is a
/// Finished. When the deadline passes or the run is cancelled the whole process group is ended (TERM, 5 s, KILL).
Result<Finished> run(const Command& command, const Context& context);

/// The last lines of what it wrote, for a diagnostic's why.
std::string last_lines(const Finished& finished, std::size_t lines = 20);

}  // namespace wright::agent
