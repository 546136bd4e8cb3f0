#pragma once

#include <string>
#include <vector>

#include "model/plan.hpp"

namespace wright {

/// Plans in a file, mode 0600, for `apply --plan`. It holds digests and the diffs that were shown; no secret. An
/// existing file is replaced, a link is not followed.
Result<> save_plans(const std::string& path, const std::string& site, const std::vector<Plan>& plans);
/// Whether a file of that name could be written, to tell it before the work.
Result<> can_save_plans(const std::string& path);
/// Refused when it is no plan, or one of another site.
Result<std::vector<Plan>> load_plans(const std::string& path, const std::string& site);

}  // namespace wright
