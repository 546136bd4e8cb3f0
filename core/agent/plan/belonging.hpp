#pragma once

#include "agent/context.hpp"
#include "agent/journal/journal.hpp"
#include "agent/plan/ownership.hpp"

namespace wright::agent {

/// Whether the asking site may change the host: refused while the host keeps what another site's apply brought there,
/// which this one would take away for not naming it. Sites go by Context::sites.
Result<> check_site(Journal& journal, const Ownership& owned, const Context& context);

}  // namespace wright::agent
