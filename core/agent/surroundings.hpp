#pragma once

#include <string>

#include "agent/context.hpp"

namespace wright::agent {

/// Makes the process one that survives the end of its SSH session, leaves no core file and no open mode, and takes a
/// signal to end (HUP, INT, TERM) for a cancellation. Call it once, before any thread is made; `cancellation` must
/// outlive the process's signals.
void prepare_process(Cancellation& cancellation);

/// Version, and the digest the agent was pushed under, if it was.
std::string agent_name();

}  // namespace wright::agent
