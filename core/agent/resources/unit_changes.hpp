#pragma once

#include <chrono>
#include <string>

#include "agent/context.hpp"
#include "agent/resources/systemd.hpp"
#include "base/result.hpp"

namespace wright::agent {

/// Not the Patience of probes, which is one deadline.
struct UnitPatience {
  std::chrono::milliseconds stable{1000};    ///< how long it must stay up to count as running
  std::chrono::milliseconds timeout{90000};  ///< of one start, stop, restart or reload
};

/// The unit as its file on disk says: systemd is made to read it anew when that is newer.
Result<Unit> fresh_unit(const std::string& name, const Context& context);

/// Each returns when the unit is where it should be, and has the last lines of the unit's journal in its error.
/// Starts or restarts it, and stays with it until it was up for as long as it must.
Result<> start_unit(const std::string& name, const UnitPatience& patience, const Context& context);
Result<> restart_unit(const std::string& name, const UnitPatience& patience, const Context& context);
/// Reloads it, or restarts it when it cannot be reloaded.
Result<> reload_unit(const Unit& unit, const UnitPatience& patience, const Context& context);
/// Fine when it does not run or is not there.
Result<> stop_unit(const std::string& name, const UnitPatience& patience, const Context& context);

/// Makes or removes the links that start it at boot.
Result<> enable_unit(const std::string& name, bool enabled, const Context& context);

}  // namespace wright::agent
