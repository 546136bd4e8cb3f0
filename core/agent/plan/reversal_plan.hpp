#pragma once

#include <string>
#include <vector>

#include "agent/journal/journal.hpp"
#include "agent/plan/means.hpp"
#include "model/protocol.hpp"

namespace wright::agent {

/// A rollback on request: what it would take back, and the steps that do it.
struct ReversalBlueprint {
  Plan plan;
  std::vector<Step> steps;                ///< without a transaction's id
  std::vector<std::string> transactions;  ///< that count as rolled back afterwards
  std::vector<std::string> components;    ///< whose commands run before
  bool forget_components = false;         ///< they go back to their origin
};

/// Looks at the journal and the host. Changes nothing.
Result<ReversalBlueprint> plan_reversal(const RollbackRequest& request, Journal& journal, const Means& means,
                                        Context& context);

}  // namespace wright::agent
