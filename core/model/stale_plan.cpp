#include "model/stale_plan.hpp"

namespace wright {

Diagnostic stale_plan(const std::map<std::string, std::string, std::less<>>& shown, const Plan& now) {
  std::string moved;
  for (const auto& [id, digest] : now.states) {
    const auto before = shown.find(id);
    if (!shown.empty() && (before == shown.end() || before->second != digest))
      moved += (moved.empty() ? "" : "\n") + id;
  }
  if (moved.empty()) moved = "what would be changed, or the site file, is another than when the plan was made";
  return {Severity::error,
          Fault::stale_plan,
          {},
          "the host is no longer as it was when the plan was made; nothing was changed",
          moved,
          "plan again"};
}

}  // namespace wright
