#pragma once

#include <string>

#include "base/diagnostic.hpp"
#include "cli/option_table.hpp"

namespace wright {

std::string general_help();
std::string help_of(const CommandSpec& command);
/// "wright plugin list | inspect NAME": the command and its words.
std::string usage_of(const CommandSpec& command);
/// The problem with a word that is no command, with the nearest one.
Diagnostic no_such_command(const std::string& typed);

}  // namespace wright
