#pragma once

#include <string>

#include "agent/context.hpp"
#include "agent/packages/dpkg_database.hpp"
#include "base/result.hpp"

namespace wright::agent::packages {

/// Makes a package file again from what is installed, in a new folder `folder`, and gives its path: for versions that
/// no source has any more. Configuration files are as they are on the host.
Result<std::string> repack(const Package& package, const std::string& folder, const Context& context);

/// The control file of a package from its paragraph in dpkg's status file; empty when there is none.
std::string control_from(std::string_view status, const Package& package);

}  // namespace wright::agent::packages
