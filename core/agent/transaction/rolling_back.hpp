#pragma once

#include "agent/journal/journal.hpp"
#include "agent/plan/means.hpp"
#include "model/protocol.hpp"

namespace wright::agent {

/// Who asked for a transaction.
struct Requester {
  std::string run;
  std::string controller;
  std::string site;
};

/// Brings an unfinished transaction to its end: an apply is taken back, a rollback is carried on. Not to be cancelled.
/// The outcome is "rolled_back" or "incomplete". `why` goes into the history.
Outcome bring_to_an_end(const Transaction& transaction, const std::string& why, Journal& journal, const Means& means,
                        const Context& context);

/// The unfinished transaction, if there is one; "unchanged" when there is none.
Outcome recover(Journal& journal, const Means& means, const Context& context);

/// Counts an unfinished transaction as rolled back although some of it could not be taken back.
Outcome give_up(Journal& journal);

/// Plans the rollback again, compares the digest, and carries it out. "rolled_back", "incomplete", "unchanged" or
/// "refused".
Outcome roll_back(const RollbackRequest& request, const Requester& requester, Journal& journal, const Means& means,
                  Context& context);

/// Runs what components want done before they are undone. Failures are warnings.
Diagnostics run_rollback_commands(const std::vector<std::string>& components, Journal& journal, const Means& means,
                                  Context& context);

}  // namespace wright::agent
