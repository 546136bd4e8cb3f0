#pragma once

#include <vector>

#include "agent/journal/journal.hpp"
#include "agent/plan/means.hpp"
#include "model/plan.hpp"

namespace wright::agent {

/// Notes on a change that brings something back what of it cannot come back any more.
Result<> note_what_is_missing(Change& change, const std::vector<Reversal>& reverses, Journal& journal,
                              const Means& means, Context& context);

}  // namespace wright::agent
