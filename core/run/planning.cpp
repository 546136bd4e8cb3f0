#include "run/planning.hpp"

#include <algorithm>

namespace wright {

bool changes_anything(const Plan& plan) {
  return std::any_of(plan.changes.begin(), plan.changes.end(),
                     [](const Change& c) { return c.action != Action::none; });
}

std::vector<Plan> plan_hosts(const Assembly& assembly, Diagnostics& problems) {
  std::vector<Result<Plan>> answers(assembly.hosts.size(), Plan());
  in_parallel(assembly.hosts.size(), assembly.hosts.size(), [&](std::size_t i) {
    Session& session = *assembly.hosts[i];
    const Catalog& catalog = assembly.catalogs.by_host.find(session.host->name)->second;
    auto answer = ask(session, plan_message(catalog), "plan", looking_deadline, [](const Event&) {});
    answers[i] = answer ? plan_in(*answer) : failure(answer.error());
  });
  std::vector<Plan> plans;
  for (std::size_t i = 0; i < answers.size(); ++i) {
    if (!answers[i]) {
      problems.add(answers[i].error());
      continue;
    }
    answers[i]->host = assembly.hosts[i]->host->name;
    plans.push_back(std::move(*answers[i]));
  }
  return plans;
}

Result<Planned> plan(const Run& run) {
  auto assembly = assemble(run, {.lock = false, .requirements = true, .partial = true});
  if (!assembly) return failure(assembly.error());
  Planned planned;
  planned.missing = std::move(assembly->unreached);
  planned.plans = plan_hosts(*assembly, planned.missing);
  if (planned.plans.empty() && planned.missing.has_errors()) return failure(planned.missing);
  planned.warnings = std::move(assembly->warnings);
  return planned;
}

}  // namespace wright
