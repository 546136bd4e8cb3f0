#pragma once

#include <string>
#include <vector>

namespace wright::agent {

/// Names in a folder, in no order, but for those that begin with a dot; none when it cannot be read. Symlinks on the
/// way are followed: for the system's own folders.
std::vector<std::string> names_in(const std::string& folder);

}  // namespace wright::agent
