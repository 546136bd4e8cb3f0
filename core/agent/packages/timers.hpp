#pragma once

#include "agent/packages/surroundings.hpp"

namespace wright::agent::packages {

/// Removes what systemd has written down of when timers of the packages that went out elapsed last, unless that was
/// there before. No script of a package does; systemd makes such a file at boot for each persistent timer.
Result<> forget_timers(const Surroundings& around);

}  // namespace wright::agent::packages
