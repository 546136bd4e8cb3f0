#pragma once

#include <string>
#include <vector>

#include "model/plan.hpp"

namespace wright {

/// What `plan --out` writes down for `apply --plan`.
struct SavedPlan {
  std::vector<Plan> plans;              ///< one for each host
  std::vector<std::string> components;  ///< that the plan was made for; empty: all
  std::vector<std::string> limits;      ///< hosts and groups that it was made for; empty: all
};

/// A file of mode 0600. It holds digests and the diffs that were shown; no secret. An existing file is replaced, a link
/// is not followed.
Result<> save_plans(const std::string& path, const std::string& site, const SavedPlan& saved);
/// Whether a file of that name could be written, to tell it before the work.
Result<> can_save_plans(const std::string& path);
/// Refused when it is no plan, or one of another site.
Result<SavedPlan> load_plans(const std::string& path, const std::string& site);

}  // namespace wright
