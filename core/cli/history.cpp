#include "cli/commands.hpp"
#include "run/inspecting.hpp"

namespace wright::commands {

int history(Context& context) {
  auto site = open_site(context, {});
  if (!site) return fail(context, site.error());
  auto found = wright::history(run_over(context, *site, {}), context.arguments.count);
  if (!found) return fail(context, found.error());
  if (!found->warnings.empty()) context.reporter.diagnostics(found->warnings);
  for (const auto& host : found->hosts) context.reporter.history(host.host, host.value);
  if (found->missing.has_errors()) return fail(context, found->missing);
  return exit_ok;
}

}  // namespace wright::commands
