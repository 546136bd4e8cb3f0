#pragma once

#include <string>
#include <vector>

#include "model/plan.hpp"

namespace wright {

/// Plans in a file, mode 0600, for `apply --plan`. It holds digests and the diffs that were shown; no secret. An
/// existing file is replaced, a link is not followed.
Result<> save_plans(const std::string& path, const std::string& site, const std::vector<Plan>& plans);
/// Refused when it is no plan, or one of another site.
Result<std::vector<Plan>> load_plans(const std::string& path, const std::string& site);

}  // namespace wright
