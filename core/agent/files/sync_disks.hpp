#pragma once

#include <functional>
#include <string>

#include "base/result.hpp"

namespace wright::agent {

/// Waits until everything that any program wrote is on disk, on each file system that is one of this host's disks and
/// can be written to. Those that are in memory, of FUSE or on another machine are left alone. All are tried; an error
/// is one of a file system that systems are made of, "/", "/var" and the like: another disk that is broken is none of
/// the transaction's concern.
Result<> sync_disks();
/// For tests: `mounts` is a file in the form of mountinfo, `sync` gets an open descriptor and the mount point, and
/// gives 0 or an errno.
Result<> sync_disks(const std::string& mounts, const std::function<int(int, const std::string&)>& sync);

}  // namespace wright::agent
