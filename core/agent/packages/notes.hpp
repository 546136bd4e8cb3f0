#pragma once

#include <map>
#include <span>
#include <string>
#include <vector>

#include "agent/packages/apt_output.hpp"
#include "agent/packages/request.hpp"
#include "agent/resources/kind.hpp"

namespace wright::agent::packages {

/// "a, b, c and 3 more".
std::string listed(const std::vector<std::string>& names, std::size_t most = 40);

/// Lines for people: what happens besides what was asked for.
std::vector<std::string> notes_on(const Moves& moves, const std::vector<Wanted>& all, const Database& before);

/// The same for changes that are taken back, newest first; of a prune also the data that is moved aside.
Result<std::map<ResourceId, std::vector<std::string>>> notes_on_reversal(std::span<const UndoRecord> reversals,
                                                                         bool prune, const Context& context);

}  // namespace wright::agent::packages
