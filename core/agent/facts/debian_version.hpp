#pragma once

#include <string_view>

namespace wright::agent {

/// Less than, equal to or greater than zero, in the order of Debian policy 5.6.12.
int compare_debian_versions(std::string_view a, std::string_view b);

}  // namespace wright::agent
