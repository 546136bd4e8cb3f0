#pragma once

#include <vector>

#include "model/plan.hpp"
#include "run/assembly.hpp"

namespace wright {

/// Asks every host that takes part for its plan, all at once. The plans stand in the site's order.
Result<std::vector<Plan>> plan_hosts(const Assembly& assembly);

/// What `wright plan` shows.
struct Planned {
  std::vector<Plan> plans;
  Diagnostics warnings;
};
Result<Planned> plan(const Run& run);

[[nodiscard]] bool changes_anything(const Plan& plan);

}  // namespace wright
