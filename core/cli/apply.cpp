#include <algorithm>

#include "cli/commands.hpp"
#include "run/saved_plan.hpp"

namespace wright::commands {

int apply(Context& context) {
  // Who applies a saved plan has looked at it before.
  const bool asks = context.arguments.plan.empty();
  if (auto possible = can_confirm(context); asks && !possible) return fail(context, possible.error());
  auto files = plugin_files(context);
  if (!files) return fail(context, files.error());
  auto site = open_site(context, *files);
  if (!site) return fail(context, site.error());
  ApplySettings settings;
  settings.stop_on_failure = context.arguments.stop_on_failure;
  if (!context.arguments.plan.empty()) {
    auto saved = load_plans(context.arguments.plan, site->name);
    if (!saved) return fail(context, saved.error());
    settings.saved = std::move(*saved);
  }
  const auto decide = [&](const std::vector<Plan>& plans, const Diagnostics& warnings) -> Result<bool> {
    if (!warnings.empty()) context.reporter.diagnostics(warnings);
    context.reporter.plans(plans);
    if (std::none_of(plans.begin(), plans.end(), changes_anything) || !asks) return true;
    return confirm(context, "Apply these changes?");
  };
  auto changed = wright::apply(run_over(context, *site, *files), settings, decide);
  if (!changed) return fail(context, changed.error());
  if (changed->declined) {
    context.reporter.message("Nothing was changed.");
  } else {
    context.reporter.outcomes(changed->outcomes);
    if (!changed->problems.empty()) context.reporter.diagnostics(changed->problems);
  }
  return exit_code(*changed, false, context.interruption.requested());
}

}  // namespace wright::commands
