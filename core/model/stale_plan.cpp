#include "model/stale_plan.hpp"

namespace wright {

Diagnostic stale_plan(const std::map<std::string, std::string, std::less<>>& shown, const Plan& now) {
  std::string moved;
  for (const auto& [id, digest] : now.states) {
    const auto before = shown.find(id);
    if (!shown.empty() && (before == shown.end() || before->second != digest))
      moved += (moved.empty() ? "" : "\n") + id;
  }
  if (moved.empty())
    moved = shown.empty() ? "the host is not as it was when the plan was made"
                          : "the site file, its secrets or the plugins are not as they were when the plan was made";
  return {Severity::error,
          Fault::stale_plan,
          {},
          "what would be done is not what the plan says any more; nothing was changed",
          moved,
          "plan again"};
}

}  // namespace wright
