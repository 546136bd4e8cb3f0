#pragma once

#include <memory>
#include <string>
#include <vector>

#include "transport/connection.hpp"

namespace wright {

/// Starts a program as a child and waits for the agent's preamble on its standard output. `where` begins diagnostics.
/// The child is in a process group of its own: an interrupt of the terminal is for the controller alone, which then
/// has the agent undo what was begun.
Result<std::unique_ptr<Connection>> start_local(const std::string& where, const std::vector<std::string>& argv,
                                                std::chrono::milliseconds limit);

/// The agent on this machine; through sudo unless the program is root.
Result<std::unique_ptr<Connection>> connect_local(const Target& target, const AgentBinary& agent);

}  // namespace wright
