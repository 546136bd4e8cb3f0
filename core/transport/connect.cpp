#include "base/name.hpp"
#include "transport/local.hpp"
#include "transport/pins.hpp"
#include "transport/problem.hpp"
#include "transport/remote_agent.hpp"
#include "transport/ssh_login.hpp"

namespace wright {

Result<std::unique_ptr<Connection>> connect(const Target& target, const AgentBinary& agent) {
  if (target.address == "local") return connect_local(target, agent);
  if (!is_safe_name(target.address)) return problem(Fault::usage, target.name, "the address is no host name");
  if (!is_safe_name(target.user)) return problem(Fault::usage, target.name, "the user is no user name");

  const auto pins = read_pins(target);
  if (!pins) return failure(pins.error());
  const auto session = SshSession::open(target, pins->types());
  if (!session) return failure(session.error());
  const auto shown = (*session)->host_key();
  if (!shown) return failure(shown.error());
  if (auto trusted = check_host_key(target, *pins, *shown); !trusted) return failure(trusted.error());
  if (auto done = log_in(**session, target, after(target.connect_timeout)); !done) return failure(done.error());
  return start_agent(*session, target, agent);
}

}  // namespace wright
