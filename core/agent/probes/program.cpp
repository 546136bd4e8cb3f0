#include "agent/probes/kinds_of_probe.hpp"
#include "agent/probes/supervisor.hpp"

namespace wright::agent {

Talk<> ask_program(const Probe& probe, const Patience& patience) {
  const std::string group = attribute(probe, "group").text_or("");
  const std::int64_t wanted = attribute(probe, "processes").int_or(1);
  const std::int64_t up_s = attribute(probe, "up_s").int_or(0);
  const Supervisor supervisor(attribute(probe, "socket").text_or(usual_supervisor_socket));
  const auto all = supervisor.processes(patience);
  if (!all) return tl::unexpected(all.error());
  std::int64_t count = 0;
  for (const auto& process : *all) {
    if (process.group != group) continue;
    ++count;
    const std::int64_t up = process.now - process.start;
    if (process.runs() && up >= up_s) continue;
    const std::string expected = "expected RUNNING for " + std::to_string(up_s) + " s: ";
    if (process.runs())
      return trouble(Trouble::Kind::wrong, expected + process.full_name() + " runs for " + std::to_string(up) + " s");
    return trouble(Trouble::Kind::wrong, expected + without_secrets(probe, told(supervisor, process, patience)));
  }
  if (count == wanted) return {};
  return trouble(Trouble::Kind::wrong, "expected " + std::to_string(wanted) + " processes in " + group +
                                           "; supervisord has " + std::to_string(count));
}

}  // namespace wright::agent
