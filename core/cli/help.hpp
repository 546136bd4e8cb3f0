#pragma once

#include <string>

#include "cli/option_table.hpp"

namespace wright {

std::string general_help();
std::string help_of(const CommandSpec& command);

}  // namespace wright
