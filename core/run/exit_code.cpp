#include "run/exit_code.hpp"

#include <algorithm>
#include <array>

namespace wright {
namespace {

/// The worst first: what must be acted on before what merely failed.
constexpr std::array<std::pair<Fault, int>, 9> by_weight{{{Fault::usage, exit_usage},
                                                          {Fault::bad_site, exit_bad_site},
                                                          {Fault::bad_plugin, exit_bad_site},
                                                          {Fault::interrupted, exit_interrupted},
                                                          {Fault::trust, exit_trust},
                                                          {Fault::unreachable, exit_unreachable},
                                                          {Fault::locked, exit_locked},
                                                          {Fault::stale_plan, exit_failed},
                                                          {Fault::failed, exit_failed}}};

bool any(const std::vector<Outcome>& outcomes, std::string_view state) {
  return std::any_of(outcomes.begin(), outcomes.end(), [&](const Outcome& o) { return o.state == state; });
}

}  // namespace

int exit_code(const Diagnostics& problems) {
  for (const auto& [fault, code] : by_weight)
    for (const auto& one : problems.items())
      if (one.severity == Severity::error && one.fault == fault) return code;
  return exit_ok;
}

int exit_code(const Changed& changed, bool rolling_back, bool interrupted) {
  if (any(changed.outcomes, "incomplete")) return exit_incomplete;
  if (interrupted) return exit_interrupted;
  if (any(changed.outcomes, "lost")) return exit_unreachable;
  if (changed.declined || any(changed.outcomes, "stopped")) return exit_failed;
  if (any(changed.outcomes, "rolled_back")) return rolling_back ? exit_ok : exit_rolled_back;
  Diagnostics all = changed.problems;
  for (const auto& outcome : changed.outcomes) all.add(outcome.diagnostics);
  if (const int code = exit_code(all); code != exit_ok) return code;
  return any(changed.outcomes, "refused") ? exit_failed : exit_ok;
}

int exit_code(const std::vector<Outcome>& verified) {
  if (any(verified, "verify_failed")) return exit_verify_failed;
  Diagnostics all;
  for (const auto& outcome : verified) all.add(outcome.diagnostics);
  return exit_code(all);
}

}  // namespace wright
