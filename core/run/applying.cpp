#include "run/applying.hpp"

#include <algorithm>

#include "model/stale_plan.hpp"
#include "run/coordination.hpp"
#include "run/exit_code.hpp"
#include "run/login_risk.hpp"
#include "run/verifying.hpp"

namespace wright {
namespace {

Result<std::vector<Plan>> plans_for(const Assembly& assembly, const std::vector<Plan>& saved) {
  std::vector<Plan> plans;
  Diagnostics problems;
  if (saved.empty()) {
    plans = plan_hosts(assembly, problems);
    if (problems.has_errors()) return failure(problems);
    return plans;
  }
  for (const auto* session : assembly.hosts) {
    const auto found =
        std::find_if(saved.begin(), saved.end(), [&](const Plan& p) { return p.host == session->host->name; });
    if (found == saved.end())
      problems.add({Severity::error,
                    Fault::usage,
                    session->host->name,
                    "the saved plan does not have this host",
                    {},
                    "give the --limit and the names that the plan was made with, or plan again"});
    else
      plans.push_back(*found);
  }
  if (plans.size() != saved.size() && !problems.has_errors())
    problems.add({Severity::error,
                  Fault::usage,
                  "--plan",
                  "the saved plan has hosts that this run leaves out",
                  {},
                  "give the --limit and the names that the plan was made with, or plan again"});
  if (problems.has_errors()) return failure(problems);
  return plans;
}

std::vector<Part> parts_of(const Assembly& assembly, const std::vector<Plan>& plans, bool stop_on_failure) {
  std::set<std::string> changing;
  for (const auto& plan : plans)
    if (changes_anything(plan)) changing.insert(plan.host);
  const auto levels = host_levels(assembly.catalogs.by_host);
  std::vector<Part> parts;
  for (std::size_t i = 0; i < plans.size(); ++i) {
    if (!changing.contains(plans[i].host)) continue;
    ApplyRequest request;
    request.catalog = assembly.catalogs.by_host.find(plans[i].host)->second;
    request.digest = plans[i].digest;
    request.states = plans[i].states;
    request.on_failure = stop_on_failure ? "stop" : "rollback";
    Part part;
    part.session = assembly.hosts[i];
    part.request = to_message(request);
    part.level = levels.find(plans[i].host)->second;
    for (const auto& component : request.catalog.components)
      part.waits_for.insert(component.waits_for.begin(), component.waits_for.end());
    for (const auto& [id, tokens] : request.catalog.joining) part.waits_for.insert(tokens.begin(), tokens.end());
    parts.push_back(std::move(part));
  }
  return parts;
}

/// What hosts without changes have is there already.
std::set<std::string> ready_from_the_start(const Assembly& assembly, const std::vector<Plan>& plans) {
  std::set<std::string> tokens;
  for (const auto& plan : plans) {
    if (changes_anything(plan)) continue;
    const Catalog& catalog = assembly.catalogs.by_host.find(plan.host)->second;
    for (const auto& component : catalog.components) tokens.insert(release_token(component.name, plan.host));
    for (const auto& id : catalog.joined) tokens.insert(release_token(id, plan.host));
  }
  return tokens;
}

/// The agent looks once more before its own first change, but by then other hosts may have begun, and a host without
/// changes is not told to apply anything at all.
Diagnostics moved_since(const Assembly& assembly, const std::vector<Plan>& plans) {
  Diagnostics problems;
  const auto now = plan_hosts(assembly, problems);
  for (const auto& plan : now) {
    const auto shown = std::find_if(plans.begin(), plans.end(), [&](const Plan& p) { return p.host == plan.host; });
    if (shown != plans.end() && shown->digest != plan.digest)
      problems.add(at_host(Diagnostics(stale_plan(shown->states, plan)), plan.host));
  }
  return problems;
}

bool incomplete(const std::vector<Outcome>& outcomes) {
  return std::any_of(outcomes.begin(), outcomes.end(), [](const Outcome& o) { return o.state == "incomplete"; });
}

std::vector<Outcome> unchanged_outcomes(const std::vector<Plan>& plans) {
  std::vector<Outcome> outcomes;
  for (const auto& plan : plans) {
    if (changes_anything(plan)) continue;
    Outcome outcome;
    outcome.host = plan.host;
    outcome.state = "unchanged";
    outcome.unchanged = plan.unchanged;
    outcomes.push_back(std::move(outcome));
  }
  return outcomes;
}

/// Its errors say what failed, and not all of them what to do.
Diagnostic after_a_complete_rollback() {
  return {
      Severity::note,
      Fault::failed,
      {},
      "the apply failed, and was completely rolled back",
      {},
      "put right what the errors say, then wright apply again; with --on-failure stop it leaves the failed step, to "
      "look at it"};
}

}  // namespace

Result<Changed> apply(const Run& run, const ApplySettings& settings, const Decide& decide) {
  auto assembly = assemble(run, {.lock = true, .requirements = true});
  if (!assembly) return failure(assembly.error());
  Changed changed;
  if (incomplete(assembly->recovered)) {
    changed.outcomes = std::move(assembly->recovered);
    return changed;
  }
  auto plans = plans_for(*assembly, settings.saved);
  if (!plans) return failure(plans.error());
  auto go_on = decide(*plans, assembly->warnings);
  if (!go_on) return failure(go_on.error());
  changed.outcomes = unchanged_outcomes(*plans);
  auto parts = parts_of(*assembly, *plans, settings.stop_on_failure);
  if (!parts.empty() && !*go_on) {
    changed.declined = true;
    return changed;
  }
  const bool asked_just_now = settings.saved.empty() && parts.empty();
  const bool asked_by_apply = plans->size() == parts.size() && parts.size() == 1;
  if (!asked_just_now && !asked_by_apply)
    if (auto moved = moved_since(*assembly, *plans); moved.has_errors()) return failure(moved);
  if (parts.empty()) return changed;

  Coordination coordination(run, std::move(parts), settings.stop_on_failure ? Manner::apply_and_stop : Manner::apply);
  coordination.release(ready_from_the_start(*assembly, *plans));
  auto outcomes = coordination.carry_out([&] {
    changed.problems =
        probe_from_controller(run, with_logins_at_risk(assembly->catalogs.from_controller, assembly->hosts, *plans));
    return changed.problems;
  });
  changed.outcomes.insert(changed.outcomes.end(), std::make_move_iterator(outcomes.begin()),
                          std::make_move_iterator(outcomes.end()));
  if (exit_code(changed, false, run.interruption.requested()) == exit_rolled_back)
    changed.problems.add(after_a_complete_rollback());
  return changed;
}

}  // namespace wright
