#pragma once

#include <vector>

#include "model/plan.hpp"
#include "run/assembly.hpp"

namespace wright {

/// Asks every host that takes part for its plan, all at once. The plans stand in the site's order; `problems` are those
/// of the hosts that have none.
std::vector<Plan> plan_hosts(const Assembly& assembly, Diagnostics& problems);

/// What `wright plan` shows.
struct Planned {
  std::vector<Plan> plans;
  Diagnostics warnings;
  Diagnostics missing;  ///< why some hosts have no plan
};
/// The error means that there is no plan of any host.
Result<Planned> plan(const Run& run);

[[nodiscard]] bool changes_anything(const Plan& plan);

}  // namespace wright
