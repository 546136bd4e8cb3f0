#pragma once

#include <string>

#include "base/result.hpp"

namespace wright::agent {

/// Waits until everything that any program wrote is on disk, on each file system that is one of this host's disks and
/// can be written to. Those that are in memory or on another machine are left alone. `mounts` is in the form of
/// mountinfo.
Result<> sync_disks(const std::string& mounts = "/proc/self/mountinfo");

}  // namespace wright::agent
