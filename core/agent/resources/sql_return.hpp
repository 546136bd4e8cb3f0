#pragma once

#include "agent/resources/sql_database.hpp"

namespace wright::agent {

/// The undo of a step that dropped a database, or changed what is there. `before`, of the journal: "returns" (its
/// name), "drops" (whether the step dropped it), "original" (DatabaseSeen::identity), "limit", "transaction" (whose
/// quarantine has the dump), "database" and "statements" (owner, settings, rights, and the making when it is missing).
/// A database of the same name that somebody made since goes to quarantine first. Without a dump it comes back empty,
/// and what is there under its name is left as it is; a note says so each time.
Result<> return_database(const ResourceId& id, const SqlServer& server, const Value& before, Context& context);

/// What that would note, as the host is now; empty when nothing is amiss.
Result<std::string> missing_for_return(const ResourceId& id, const SqlServer& server, const Value& before,
                                       Context& context);

}  // namespace wright::agent
