#pragma once

#include <string>
#include <vector>

#include "model/plan.hpp"
#include "report/style.hpp"

namespace wright {

/// How many resources a set of plans touches.
struct Totals {
  std::int64_t create = 0;
  std::int64_t change = 0;
  std::int64_t remove = 0;
  std::int64_t perhaps_remove = 0;  ///< conditional ones, not among `remove`
  std::int64_t run = 0;
  std::int64_t restart = 0;
  std::int64_t reload = 0;
  std::int64_t unchanged = 0;
};
Totals totals_of(const std::vector<Plan>& plans);

/// "Plan: 2 to create, 1 to change, 0 to remove, 12 unchanged." What perhaps happens is counted apart.
std::string totals_text(const Totals& totals);

/// Every change with its attributes and diffs, host by host; then a grouped summary, removals first; the totals last.
/// Secrets appear as "(secret, changed)". Diffs longer than 120 lines are cut unless `whole`.
std::string plan_text(const std::vector<Plan>& plans, const Style& style, bool whole = false);
/// What ends plan_text(), and what must not be overlooked: warnings, removals, counts.
std::string plan_summary(const std::vector<Plan>& plans, const Style& style);

}  // namespace wright
