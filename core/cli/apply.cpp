#include <algorithm>
#include <set>

#include "cli/commands.hpp"
#include "run/saved_plan.hpp"

namespace wright::commands {
namespace {

/// A plan is applied to what it was made for, whether that is said again or not.
Result<> take_selection(const SavedPlan& saved, const std::string& path, Run& run) {
  const auto fits = [](const std::vector<std::string>& said, const std::vector<std::string>& planned) {
    return said.empty() ||
           std::set<std::string>(said.begin(), said.end()) == std::set<std::string>(planned.begin(), planned.end());
  };
  if (!fits(run.words, saved.components) || !fits(run.limits, saved.limits)) {
    std::string words;
    for (const auto& name : saved.components) words += " " + name;
    for (const auto& limit : saved.limits) words += " --limit " + limit;
    return failure({Severity::error, Fault::usage, path, "is a plan of other components or hosts",
                    words.empty() ? "it was made for the whole site" : "it was made with:" + words,
                    "leave them out: wright apply --plan " + path});
  }
  run.words = saved.components;
  run.limits = saved.limits;
  return {};
}

}  // namespace

int apply(Context& context) {
  // Who applies a saved plan has looked at it before.
  const bool asks = context.arguments.plan.empty();
  if (auto possible = can_confirm(context); asks && !possible) return fail(context, possible.error());
  auto files = plugin_files(context);
  if (!files) return fail(context, files.error());
  auto site = open_site(context, *files);
  if (!site) return fail(context, site.error());
  Run run = run_over(context, *site, *files);
  ApplySettings settings;
  settings.stop_on_failure = context.arguments.stop_on_failure;
  if (!context.arguments.plan.empty()) {
    auto saved = load_plans(context.arguments.plan, site->name);
    if (!saved) return fail(context, saved.error());
    if (auto same = take_selection(*saved, context.arguments.plan, run); !same) return fail(context, same.error());
    settings.saved = std::move(saved->plans);
  }
  const auto decide = [&](const std::vector<Plan>& plans, const Diagnostics& warnings) -> Result<bool> {
    if (!warnings.empty()) context.reporter.diagnostics(warnings);
    context.reporter.plans(plans);
    if (std::none_of(plans.begin(), plans.end(), changes_anything) || !asks) return true;
    return confirm(context, "Apply these changes?");
  };
  auto changed = wright::apply(run, settings, decide);
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
