#include "transport/refusal.hpp"

#include "base/untrusted.hpp"

namespace wright {
namespace {

using Reason = NoPreamble::Reason;

bool refused_by_sudo(const NoPreamble& cause) {
  // sudo's own messages begin with its name; a shell that does not find it says so and ends with 127.
  return cause.said.find("sudo: ") != std::string::npos ||
         (cause.ending.status == 127 && cause.said.find("sudo") != std::string::npos);
}

}  // namespace

Diagnostics no_agent(const std::string& where, const std::string& user, bool sudo, const NoPreamble& cause,
                     std::chrono::milliseconds limit) {
  Diagnostic one{Severity::error, Fault::failed, where, {}, Untrusted(cause.said).for_terminal(), {}};
  switch (cause.reason) {
    case Reason::lost:
      one.fault = Fault::unreachable;
      one.what = "lost the connection while the agent was started: " + cause.detail;
      break;
    case Reason::silent:
      one.fault = Fault::unreachable;
      one.what = "the agent was started and said nothing within " + in_seconds(limit);
      break;
    case Reason::noise:
      one.what = "the login writes more than " + std::to_string(most_noise / 1024) + " KiB before the agent can speak";
      one.next = "see what the shell's start files of " + user + " print when it is no terminal";
      break;
    case Reason::ended:
      if (sudo && refused_by_sudo(cause)) {
        one.fault = Fault::trust;
        one.what = "sudo does not let " + user + " become root without a password";
        one.next = "add this line with `visudo -f /etc/sudoers.d/wright`: " + user + " ALL=(root) NOPASSWD: ALL";
      } else if (!cause.ending.signal.empty()) {
        one.what = "the agent was ended by signal " + Untrusted(cause.ending.signal).for_terminal(40) + " at once";
      } else {
        one.what = "the agent did not start";
        if (cause.ending.status) one.what += " (exit status " + std::to_string(*cause.ending.status) + ")";
        one.next = "see whether `ssh " + user + "@HOST true` works: a login shell such as nologin runs no commands";
      }
      break;
  }
  return Diagnostics(std::move(one));
}

}  // namespace wright
