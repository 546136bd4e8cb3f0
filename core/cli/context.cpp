#include "cli/context.hpp"

#include <unistd.h>

#include <algorithm>
#include <iostream>

#include "run/plugin_set.hpp"

namespace wright {

namespace {

/// Adds what is wrong with the options of a site that has other errors, so that all are told at once.
void judge_options(SiteReading& reading, const std::vector<PluginFile>& files) {
  std::vector<const SiteComponent*> components;
  for (const auto& component : reading.site.components)
    if (std::any_of(files.begin(), files.end(), [&](const auto& file) { return file.name == component.plugin; }))
      components.push_back(&component);
  if (components.empty()) return;
  auto plugins = start_plugins();
  if (!plugins) return;  // told by the next run, when the file is right
  Diagnostics found;
  Diagnostics warnings;
  describe(reading.site, components, files, **plugins, found, warnings);
  add_new(reading.errors, found);
}

}  // namespace

int fail(Context& context, const Diagnostics& problems) {
  context.reporter.diagnostics(problems);
  return exit_code(problems);
}

Result<std::vector<PluginFile>> plugin_files(const Context& context) {
  return find_plugins(plugin_directories(context.arguments.plugin_folders));
}

Result<Site> open_site(Context& context, const std::vector<PluginFile>& files) {
  auto reading = read_site(context.arguments.site, names_of(files));
  if (reading.errors.has_errors()) {
    judge_options(reading, files);
    return failure(reading.errors);
  }
  if (!reading.warnings.empty()) context.reporter.diagnostics(reading.warnings);
  return std::move(reading.site);
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
