#include "run/ports.hpp"

#include <mutex>

#include "agent/probes/probe.hpp"

namespace wright {
namespace {

/// The agent's hash is needed for the first connection only, and then for all.
class Agent {
 public:
  const Result<AgentBinary>& get() {
    std::call_once(once_, [this] { binary_ = find_agent(); });
    return binary_;
  }

 private:
  std::once_flag once_;
  Result<AgentBinary> binary_ = AgentBinary{};
};

}  // namespace

Ports real_ports() {
  Ports ports;
  ports.connect = [agent = std::make_shared<Agent>()](const Target& target) -> Result<std::unique_ptr<Connection>> {
    const auto& binary = agent->get();
    if (!binary) return failure(binary.error());
    return connect(target, *binary);
  };
  ports.start_plugins = [] { return start_plugins(); };
  ports.probe = [](const Probe& probe) { return ask_from_controller(probe); };
  return ports;
}

}  // namespace wright
