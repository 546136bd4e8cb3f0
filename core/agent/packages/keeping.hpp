#pragma once

#include <map>
#include <string>

#include "agent/packages/apt.hpp"
#include "agent/packages/record.hpp"

namespace wright::agent::packages {

/// The package files of versions that are on the host now ("name:architecture" to version), as blobs: from where the
/// host gets its packages, and made anew out of their files when no source has them any more. A blob's name is empty
/// when only configuration is left of the package.
Result<std::map<std::string, Old>> keep_packages(const std::map<std::string, std::string>& versions,
                                                 const Database& before, Apt& apt, Context& context);

}  // namespace wright::agent::packages
