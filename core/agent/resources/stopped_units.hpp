#pragma once

#include <optional>
#include <string>
#include <vector>

#include "agent/context.hpp"
#include "agent/resources/systemd.hpp"
#include "base/result.hpp"

namespace wright::agent {

/// Why this unit does not run and is not about to; nothing when it does or is.
std::optional<std::string> why_stopped(const Unit& unit);

/// A problem for each of these units that does not run and is not about to: how it ended, with the last lines of its
/// journal. Names as in resources ("nginx" is nginx.service). One `systemctl show` for all. An error where systemd
/// cannot be asked.
Result<std::vector<Diagnostic>> stopped_units(const std::vector<std::string>& names, const Context& context);

}  // namespace wright::agent
