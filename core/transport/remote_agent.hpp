#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "transport/connection.hpp"
#include "transport/ssh_session.hpp"

namespace wright {

/// Exit statuses of the two commands below, chosen where shells and programs have none of their own.
inline constexpr int agent_missing = 111;     ///< not there, or not as this program leaves it
inline constexpr int agent_differs = 112;     ///< there, with another content
inline constexpr int folder_not_ours = 113;   ///< /var/lib/wright is not a directory of root
inline constexpr int agent_not_stored = 114;  ///< disk full, read-only, ...

/// Command lines for any login shell: one `sh -c '...'` in which nothing but the hash varies. Both work below
/// /var/lib/wright/agent, and want each directory on the way to be root's with mode 0700.
/// The first starts the agent after seeing that it has the hash. The second puts there what it reads.
std::string start_command(std::string_view sha256, bool sudo);
std::string store_command(std::string_view sha256, bool sudo);

/// Starts the agent over a session that is logged in; stores it first where it is missing or another.
Result<std::unique_ptr<Connection>> start_agent(const std::shared_ptr<SshSession>& session, const Target& target,
                                                const AgentBinary& agent);

}  // namespace wright
