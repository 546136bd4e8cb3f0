#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <string>
#include <vector>

#include "cli/command_line.hpp"
#include "cli/commands.hpp"
#include "cli/help.hpp"
#include "cli/signals.hpp"

namespace wright {
namespace {

constexpr std::array<std::pair<std::string_view, int (*)(Context&)>, 14> table{{{"plan", commands::plan},
                                                                                {"apply", commands::apply},
                                                                                {"verify", commands::verify},
                                                                                {"rollback", commands::rollback},
                                                                                {"status", commands::status},
                                                                                {"history", commands::history},
                                                                                {"facts", commands::facts},
                                                                                {"trust", commands::trust},
                                                                                {"secrets", commands::secrets},
                                                                                {"lint", commands::lint},
                                                                                {"graph", commands::graph},
                                                                                {"plugin", commands::plugin},
                                                                                {"docs", commands::docs},
                                                                                {"help", commands::help}}};

bool asks_for(const std::vector<std::string>& given, std::string_view option, std::string_view short_option) {
  const auto end = std::find(given.begin(), given.end(), "--");
  return std::any_of(given.begin(), end, [&](const auto& word) { return word == option || word == short_option; });
}

int run_command(const std::vector<std::string>& given, Interruption& interruption) {
  if (given.empty() || asks_for(given, "--help", "-h")) {
    const CommandSpec* command = find_command(command_in(given));
    to_stdout(command == nullptr ? general_help() : help_of(*command));
    return exit_ok;
  }
  if (asks_for(given, "--version", "--version")) {
    to_stdout("wright " WRIGHT_VERSION "\n");
    return exit_ok;
  }
  const auto arguments = read_command_line(given);
  ReportSettings settings;
  if (arguments)
    settings = {arguments->json, arguments->quiet, arguments->verbose, arguments->colour,
                arguments->site == Arguments().site ? std::string() : arguments->site};
  const auto reporter = make_reporter(settings);
  int code = exit_usage;
  if (!arguments) {
    reporter->diagnostics(arguments.error());
  } else {
    Context context{*arguments, *reporter, interruption};
    const auto command =
        std::find_if(table.begin(), table.end(), [&](const auto& entry) { return entry.first == arguments->command; });
    code = command->second(context);
  }
  reporter->end(code);
  return code;
}

/// Of this process, which holds secrets, and of what it starts.
void leave_no_core() {
  const rlimit none{0, 0};
  ::setrlimit(RLIMIT_CORE, &none);
  ::prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
}

}  // namespace
}  // namespace wright

int main(int argc, char** argv) {
  wright::leave_no_core();
  static wright::Interruption interruption;
  wright::handle_signals(interruption);
  const int code = wright::run_command({argv + 1, argv + argc}, interruption);
  // Threads that still wait for a host that does not answer must not hold the process back.
  ::_exit(code);
}
