#pragma once

#include <span>
#include <string>
#include <vector>

#include "agent/resources/kind.hpp"

namespace wright::agent {

/// What the undo of these changes to the command `id` would remove: the absolute paths that their `makes` names,
/// sorted, each once.
std::vector<std::string> made_by_commands(const ResourceId& id, std::span<const UndoRecord> reversals);

/// Moves what a command made into the quarantine of the transaction that prunes it, and says so in
/// `context.quarantined`. `prune`: what prepare_prune() noted of it (`aside`, `transaction`). Done again after an
/// interruption it does what is left.
Result<> set_made_aside(const ResourceId& id, const Value& prune, Context& context);

/// The way back: each path is in its place again, or was never moved.
Result<> give_back_made(const ResourceId& id, const Value& prune, Context& context);

}  // namespace wright::agent
