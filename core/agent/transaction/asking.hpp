#pragma once

#include <vector>

#include "agent/plan/means.hpp"
#include "agent/transaction/conversation.hpp"
#include "model/protocol.hpp"

namespace wright::agent {

/// Asks the probes that start on the host and tells each. Those of one component in their order, since one may look for
/// what another sent; components side by side, so that a dead service delays no answer about another. The problems come
/// in the probes' order. An interruption ends it early, without a problem.
Diagnostics ask_side_by_side(const std::vector<Probe>& probes, const Means& means, Context& context);

/// Names the units that should run and do not, and asks the probes; those of a component whose unit does not run are
/// not waited for.
Diagnostics verify(const VerifyRequest& request, const Means& means, Context& context);

/// Asks one probe and tells it; others work meanwhile where a baton is passed.
Diagnostics ask_one(const Probe& probe, const Means& means, Context& context);

}  // namespace wright::agent
