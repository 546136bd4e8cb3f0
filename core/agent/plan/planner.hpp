#pragma once

#include <set>
#include <vector>

#include "agent/journal/journal.hpp"
#include "agent/plan/notices.hpp"
#include "agent/plan/pruning.hpp"
#include "agent/plan/segments.hpp"

namespace wright::agent {

/// A plan with all that carrying it out needs. Points into the catalog.
struct Blueprint {
  Plan plan;
  std::vector<Segment> segments;
  std::vector<Prune> prunes;
  std::set<ResourceId> changing;         ///< resources of the catalog that the plan changes
  std::vector<PendingRestart> restarts;  ///< left over from an earlier transaction
  std::vector<Touched> bookkeeping;
};

/// Looks at the host and says what would be changed. Changes nothing, and makes no file.
Result<Blueprint> make_plan(const Catalog& catalog, Journal& journal, const Means& means, Context& context);

/// The digest of a plan: over the catalog (secrets keyed), the changes and the states seen.
std::string digest_of(const Value& catalog, const Plan& plan, const Context& context);

}  // namespace wright::agent
