#include "run/ports.hpp"

#include <arpa/inet.h>
#include <netdb.h>

#include <array>
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

bool is_numeric(const std::string& address) {
  in6_addr bytes{};
  return ::inet_pton(AF_INET, address.c_str(), &bytes) == 1 || ::inet_pton(AF_INET6, address.c_str(), &bytes) == 1;
}

Result<std::string> numeric_address(const std::string& name) {
  addrinfo wanted{};
  wanted.ai_socktype = SOCK_STREAM;
  addrinfo* found = nullptr;
  const int error = ::getaddrinfo(name.c_str(), nullptr, &wanted, &found);
  if (error != 0) return failure({}, "the name \"" + name + "\" has no address here", ::gai_strerror(error));
  std::array<char, NI_MAXHOST> text{};
  const int named =
      ::getnameinfo(found->ai_addr, found->ai_addrlen, text.data(), text.size(), nullptr, 0, NI_NUMERICHOST);
  ::freeaddrinfo(found);
  if (named != 0) return failure({}, "the name \"" + name + "\" has no address here", ::gai_strerror(named));
  return std::string(text.data());
}

/// Probes take numeric addresses only; a host of the site file may have a name instead.
Result<> ask_by_number(Probe probe) {
  for (const char* key : {"host", "address"}) {
    const auto at = probe.attributes.find(key);
    if (at == probe.attributes.end()) continue;
    const std::string name = at->second.text_or("");
    if (name.starts_with("unix:") || is_numeric(name)) continue;
    auto number = numeric_address(name);
    if (!number) return failure(number.error());
    at->second = *number;
  }
  return ask_from_controller(probe);
}

}  // namespace

Ports real_ports() {
  Ports ports;
  ports.connect = [agent = std::make_shared<Agent>()](const Target& target) -> Result<std::unique_ptr<Connection>> {
    const auto& binary = agent->get();
    if (!binary) return failure(binary.error());
    return connect(target, *binary);
  };
  ports.start_plugins = [] { return start_plugins(); };
  ports.probe = [](const Probe& probe) { return ask_by_number(probe); };
  return ports;
}

}  // namespace wright
