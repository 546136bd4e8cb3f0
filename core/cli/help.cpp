#include "cli/help.hpp"

#include "base/nearest.hpp"
#include "cli/commands.hpp"

namespace wright {
namespace {

std::string padded(std::string text, std::size_t width) {
  text.resize(std::max(text.size() + 1, width), ' ');
  return text;
}

std::string option_line(const OptionSpec& option) {
  std::string left = "  --" + std::string(option.name);
  if (!option.argument.empty()) left += " " + std::string(option.argument);
  return padded(std::move(left), 28) + std::string(option.doc) + "\n";
}

}  // namespace

std::string usage_of(const CommandSpec& command) {
  return "wright " + std::string(command.name) + (command.words.empty() ? "" : " " + std::string(command.words));
}

Diagnostic no_such_command(const std::string& typed) {
  std::vector<std::string> known;
  for (const auto& one : all_commands()) known.emplace_back(one.name);
  return {Severity::error, Fault::usage, {}, "there is no command \"" + typed + "\"", {}, suggestion(typed, known)};
}

std::string general_help() {
  std::string out =
      "wright deploys and looks after services on Debian and Ubuntu hosts.\n\n"
      "  wright trust web       pin the host's key\n"
      "  wright plan            see what would change\n"
      "  wright apply           do it; everything is undone when it fails\n"
      "  wright verify          prove that it works\n"
      "  wright rollback        undo the last run\n\n"
      "Usage: wright COMMAND [WORD...] [OPTION...]\n\nCommands:\n";
  for (const auto& command : all_commands())
    out += "  " + padded(std::string(command.name), 10) + std::string(command.summary) + "\n";
  out += "\nOptions of every command:\n";
  for (const auto& option : all_options())
    if (option.commands.empty()) out += option_line(option);
  return out + "\nwright COMMAND --help says more.\n";
}

std::string help_of(const CommandSpec& command) {
  std::string out = std::string(command.summary) + ".\n\n" + std::string(command.details) +
                    "\nUsage: " + usage_of(command) + " [OPTION...]\n\nOptions:\n";
  for (const auto& option : all_options())
    if (!option.commands.empty() && takes(command, option)) out += option_line(option);
  for (const auto& option : all_options())
    if (option.commands.empty()) out += option_line(option);
  return out;
}

namespace commands {

int help(Context& context) {
  const auto& words = context.arguments.words;
  const CommandSpec* command = words.empty() ? nullptr : find_command(words.front());
  if (command == nullptr && !words.empty()) return fail(context, Diagnostics(no_such_command(words.front())));
  const std::string text = command == nullptr ? general_help() : help_of(*command);
  context.reporter.result("help", {{"text", text}}, text);
  return exit_ok;
}

}  // namespace commands
}  // namespace wright
