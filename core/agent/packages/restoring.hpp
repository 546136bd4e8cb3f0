#pragma once

#include "agent/packages/surroundings.hpp"

namespace wright::agent::packages {

/// Puts paths back to what they were before the change, now that its packages are out: content, modes and owners of
/// what it altered, nothing of what it made, accounts and marks without what it added. What others did since stays.
Result<> restore(const Surroundings& around, const Selection& selection, const Database& before, Context& context);

}  // namespace wright::agent::packages
