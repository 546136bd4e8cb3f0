#include "run/planning.hpp"

#include <algorithm>

#include "cli/commands.hpp"
#include "run/saved_plan.hpp"

namespace wright::commands {

int plan(Context& context) {
  // Before any host is asked: a plan that took its time must not be lost to a mistyped name.
  if (!context.arguments.out.empty())
    if (auto possible = can_save_plans(context.arguments.out); !possible) return fail(context, possible.error());
  auto files = plugin_files(context);
  if (!files) return fail(context, files.error());
  auto site = open_site(context, *files);
  if (!site) return fail(context, site.error());
  auto planned = wright::plan(run_over(context, *site, *files));
  if (!planned) return fail(context, planned.error());
  if (!planned->warnings.empty()) context.reporter.diagnostics(planned->warnings);
  context.reporter.plans(planned->plans);
  // A plan of some hosts only is for looking at: what it leaves out could not be told from what needs no change.
  if (planned->missing.has_errors()) {
    if (!context.arguments.out.empty()) context.reporter.message("Not saved: not every host has a plan.");
    return fail(context, planned->missing);
  }
  if (!context.arguments.out.empty()) {
    if (auto saved = save_plans(context.arguments.out, site->name,
                                {planned->plans, context.arguments.words, context.arguments.limits});
        !saved)
      return fail(context, saved.error());
    context.reporter.message("Saved. To apply exactly this: wright apply --plan " + context.arguments.out);
  }
  const bool pending = std::any_of(planned->plans.begin(), planned->plans.end(), changes_anything);
  return pending && context.arguments.detailed_exitcode ? exit_changes_pending : exit_ok;
}

}  // namespace wright::commands
