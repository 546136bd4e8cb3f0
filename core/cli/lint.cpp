#include "cli/commands.hpp"
#include "run/plugin_set.hpp"

namespace wright::commands {

int lint(Context& context) {
  auto files = plugin_files(context);
  if (!files) return fail(context, files.error());
  auto site = open_site(context, *files);
  if (!site) return fail(context, site.error());
  auto plugins = start_plugins();
  if (!plugins) return fail(context, plugins.error());
  std::vector<const SiteComponent*> components;
  for (const auto& component : site->components) components.push_back(&component);
  Diagnostics warnings;
  auto described = describe_and_check(*site, components, *files, **plugins, warnings);
  if (!warnings.empty()) context.reporter.diagnostics(warnings);
  if (!described) return fail(context, described.error());
  const auto hosts = static_cast<std::int64_t>(site->hosts.size());
  const auto count = static_cast<std::int64_t>(components.size());
  context.reporter.result(
      "lint", {{"site", site->name}, {"components", count}, {"hosts", hosts}},
      site->path + ": in order, " + std::to_string(count) + " components on " + std::to_string(hosts) + " hosts\n");
  return exit_ok;
}

}  // namespace wright::commands
