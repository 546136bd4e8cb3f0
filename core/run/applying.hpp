#pragma once

#include <functional>
#include <map>
#include <string>
#include <vector>

#include "run/planning.hpp"

namespace wright {

/// Shows the plans and says whether to go on; a failure ends the run before the first change.
using Decide = std::function<Result<bool>(const std::vector<Plan>& plans, const Diagnostics& warnings)>;

struct ApplySettings {
  bool stop_on_failure = false;
  /// A plan saved before: used instead of asking for one. The hosts refuse it when anything moved since.
  std::vector<Plan> saved;
};

/// How a run that may change hosts ended. `problems` are those that no host's outcome holds.
struct Changed {
  bool declined = false;
  std::vector<Outcome> outcomes;  ///< one a host that took part
  Diagnostics problems;
};

/// Plans, shows, asks, applies on all hosts at once, verifies, and commits everywhere or nowhere. Where a change may
/// lock wright out, a login anew is among what is verified. What an interrupted run left open is rolled back first.
Result<Changed> apply(const Run& run, const ApplySettings& settings, const Decide& decide);

}  // namespace wright
