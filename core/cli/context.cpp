#include "cli/context.hpp"

#include <unistd.h>

#include <iostream>

#include "run/plugin_set.hpp"

namespace wright {

int fail(Context& context, const Diagnostics& problems) {
  context.reporter.diagnostics(problems);
  return exit_code(problems);
}

Result<std::vector<PluginFile>> plugin_files(const Context& context) {
  return find_plugins(plugin_directories(context.arguments.plugin_folders));
}

Result<Site> open_site(Context& context, const std::vector<PluginFile>& files) {
  Diagnostics warnings;
  auto site = load_site(context.arguments.site, names_of(files), warnings);
  if (!warnings.empty()) context.reporter.diagnostics(warnings);
  return site;
}

Run run_over(Context& context, const Site& site, std::vector<PluginFile> files) {
  return Run{.site = site,
             .ports = real_ports(),
             .on_event = [&reporter = context.reporter](const Event& event) { reporter.event(event); },
             .interruption = context.interruption,
             .plugin_files = std::move(files),
             .words = context.arguments.words,
             .limits = context.arguments.limits,
             .skip_unreachable = context.arguments.skip_unreachable,
             .lock_timeout = std::chrono::seconds(context.arguments.lock_timeout_s)};
}

Result<> can_confirm(const Context& context) {
  if (context.arguments.yes || (::isatty(STDIN_FILENO) == 1 && ::isatty(STDERR_FILENO) == 1)) return {};
  return failure({Severity::error,
                  Fault::usage,
                  {},
                  "wright " + context.arguments.command + " asks before it goes on, and there is no terminal",
                  {},
                  "give --yes to go on without a question"});
}

Result<bool> confirm(Context& context, const std::string& question) {
  if (context.arguments.yes) return true;
  if (auto possible = can_confirm(context); !possible) return failure(possible.error());
  context.reporter.pause();
  std::cerr << question << " [y/N] " << std::flush;
  std::string answer;
  std::getline(std::cin, answer);
  return answer == "y" || answer == "yes" || answer == "Y";
}

}  // namespace wright
