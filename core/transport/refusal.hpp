#pragma once

#include <string>

#include "base/result.hpp"
#include "transport/framed.hpp"

namespace wright {

/// Why no agent answered. `user` is who was logged in; `sudo` whether the agent was to be started through it.
Diagnostics no_agent(const std::string& where, const std::string& user, bool sudo, const NoPreamble& cause,
                     std::chrono::milliseconds limit);

}  // namespace wright
