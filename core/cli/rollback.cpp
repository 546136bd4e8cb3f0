#include "cli/commands.hpp"
#include "run/rolling_back.hpp"

namespace wright::commands {

int rollback(Context& context) {
  if (auto possible = can_confirm(context); !possible) return fail(context, possible.error());
  auto site = open_site(context, {});
  if (!site) return fail(context, site.error());
  if (!context.arguments.to.empty() && !context.arguments.words.empty())
    return fail(
        context,
        Diagnostics({Severity::error, Fault::usage, {}, "--to and names of components exclude each other", {}, {}}));
  bool something = true;
  const auto decide = [&](const std::vector<Plan>& plans, const Diagnostics& warnings) -> Result<bool> {
    if (!warnings.empty()) context.reporter.diagnostics(warnings);
    something = !plans.empty();
    if (!something) return true;
    context.reporter.plans(plans);
    return confirm(context, "Roll this back?");
  };
  auto changed = wright::rollback(run_over(context, *site, {}), {.to = context.arguments.to}, decide);
  if (!changed) return fail(context, changed.error());
  if (changed->declined) {
    context.reporter.message("Nothing was changed.");
  } else if (!something && changed->outcomes.empty()) {
    context.reporter.message("There is nothing to roll back.");
  } else {
    context.reporter.outcomes(changed->outcomes);
    if (!changed->problems.empty()) context.reporter.diagnostics(changed->problems);
  }
  return exit_code(*changed, true, context.interruption.requested());
}

}  // namespace wright::commands
