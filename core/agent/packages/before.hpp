#pragma once

#include <span>

#include "agent/packages/record.hpp"
#include "agent/resources/kind.hpp"

namespace wright::agent::packages {

/// Fetches everything the change needs, keeps the package files of what it replaces, and records the host as it is: the
/// value is a Record.
Result<Value> record_before(std::span<const Item> items, Context& context);

/// The same for a prune, which takes these changes back, newest first: it keeps the package files of all that goes.
Result<Value> record_before_prune(std::span<const Item> items, std::span<const UndoRecord> reversals, Context& context);

/// The folders that an apt which was killed left under /tmp, by name.
std::vector<std::string> temporary_folders();

}  // namespace wright::agent::packages
