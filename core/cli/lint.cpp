#include "cli/commands.hpp"
#include "run/linting.hpp"

namespace wright::commands {
namespace {

std::string counted(std::int64_t count, const std::string& what) {
  return std::to_string(count) + " " + what + (count == 1 ? "" : "s");
}

}  // namespace

int lint(Context& context) {
  auto files = plugin_files(context);
  if (!files) return fail(context, files.error());
  auto site = open_site(context, *files);
  if (!site) return fail(context, site.error());
  auto plugins = start_plugins();
  if (!plugins) return fail(context, plugins.error());
  const auto linted = wright::lint(*site, *files, **plugins);
  if (!linted.warnings.empty()) context.reporter.diagnostics(linted.warnings);
  if (linted.errors.has_errors()) return fail(context, linted.errors);
  const auto hosts = static_cast<std::int64_t>(site->hosts.size());
  const auto count = static_cast<std::int64_t>(site->components.size());
  context.reporter.result(
      "lint", {{"site", site->name}, {"components", count}, {"hosts", hosts}, {"secrets_read", !linted.secrets_unread}},
      site->path + ": in order, " + counted(count, "component") + " on " + counted(hosts, "host") + "\n");
  context.reporter.message(
      "What depends on the state of the hosts is judged by wright plan" +
      (linted.secrets_unread ? ", and so is whether " + site->secrets + " holds every secret." : std::string(".")));
  return exit_ok;
}

}  // namespace wright::commands
