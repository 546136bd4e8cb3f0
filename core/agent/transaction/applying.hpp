#pragma once

#include "agent/transaction/conversation.hpp"
#include "agent/transaction/rolling_back.hpp"

namespace wright::agent {

/// Applies a catalog: plans again and compares the digest, changes, verifies, and leaves the transaction prepared: then
/// the controller decides with decide(). A failure or cancellation takes everything back by itself. The outcome is
/// "unchanged", "prepared", "rolled_back", "incomplete", "stopped" or "refused".
Outcome apply(const ApplyRequest& request, const Requester& requester, Journal& journal, const Means& means,
              Context& context, Conversation& conversation);

/// What becomes of a prepared transaction: waits for the controller's word, and commits or rolls back.
Outcome decide(const ApplyRequest& request, Outcome prepared, Journal& journal, const Means& means, Context& context,
               Conversation& conversation);

}  // namespace wright::agent
