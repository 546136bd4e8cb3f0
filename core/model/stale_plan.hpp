#pragma once

#include "model/plan.hpp"

namespace wright {

/// For a host that is another than when its plan was made: names what moved since the states that were `shown`, which
/// may be empty.
Diagnostic stale_plan(const std::map<std::string, std::string, std::less<>>& shown, const Plan& now);

}  // namespace wright
