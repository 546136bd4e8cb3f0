#include <filesystem>

#include "base/sha256.hpp"
#include "transport/connection.hpp"

namespace wright {

Result<AgentBinary> find_agent() {
  std::error_code error;
  const auto program = std::filesystem::read_symlink("/proc/self/exe", error);
  if (error) return failure("/proc/self/exe", "cannot see where this program lies", error.message());
  AgentBinary agent{program.parent_path().parent_path() / "lib/wright/wright-agent", {}};
  auto digest = sha256_of_file(agent.path);
  if (!digest)
    return failure(agent.path, "the agent that goes to the hosts is not here", to_text(digest.error()),
                   "it is installed with wright; in a build tree: cmake --build . --target wright-agent");
  agent.sha256 = std::move(*digest);
  return agent;
}

}  // namespace wright
