#pragma once

#include <string>
#include <vector>

#include "base/result.hpp"
#include "cli/arguments.hpp"

namespace wright {

/// Reads the command line; options and words in any order. A wrong one is a Fault::usage with what was probably meant.
/// Names of options are never guessed from their beginnings.
Result<Arguments> read_command_line(const std::vector<std::string>& given);

/// The first word that is a command; empty when there is none. For help.
std::string command_in(const std::vector<std::string>& given);

}  // namespace wright
