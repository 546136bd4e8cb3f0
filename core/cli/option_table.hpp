#pragma once

#include <span>
#include <string_view>
#include <vector>

namespace wright {

/// One option of the command line.
struct OptionSpec {
  std::string_view name;
  std::string_view argument;  ///< what the help calls its value; empty for a switch
  std::string_view choices;   ///< "a|b" when only these are taken
  std::string_view commands;  ///< words with spaces around: " plan apply "; empty for all
  std::string_view doc;
};

struct CommandSpec {
  std::string_view name;
  std::string_view words;  ///< what the help calls its words
  std::size_t least_words;
  std::size_t most_words;
  std::string_view summary;
  std::string_view details;  ///< examples and what is not obvious
};

std::span<const OptionSpec> all_options();
std::span<const CommandSpec> all_commands();
const CommandSpec* find_command(std::string_view name);
[[nodiscard]] bool takes(const CommandSpec& command, const OptionSpec& option);

}  // namespace wright
