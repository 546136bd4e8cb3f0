#pragma once

#include <map>
#include <string>
#include <vector>

#include "site/components.hpp"
#include "site/problems.hpp"

namespace wright {

/// The files that components name by ${file.PATH}, each read once: PATH to its text, which is UTF-8 of at most 1 MiB.
/// One that cannot be read, or is no text, is a problem at the place that names it.
std::map<std::string, std::string, std::less<>> read_included(const std::vector<ComponentTable>& tables,
                                                              const std::string& folder, Problems& problems);

}  // namespace wright
