#include "cli/commands.hpp"
#include "run/inspecting.hpp"

namespace wright::commands {

int status(Context& context) {
  auto site = open_site(context, {});
  if (!site) return fail(context, site.error());
  auto found = wright::status(run_over(context, *site, {}));
  if (!found) return fail(context, found.error());
  if (!found->warnings.empty()) context.reporter.diagnostics(found->warnings);
  for (const auto& host : found->hosts) context.reporter.status(host.host, host.value);
  if (found->missing.has_errors()) return fail(context, found->missing);
  context.reporter.message("This is what wright remembers; whether the services work says: wright verify");
  return exit_ok;
}

}  // namespace wright::commands
