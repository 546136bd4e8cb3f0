#pragma once

#include "agent/resources/kind.hpp"

namespace wright::agent::packages {

/// Back to the packages, files and accounts of before, from any point that the change was killed at.
Result<> take_out(const UndoRecord& undo, Context& context);

/// Starts the services that ran before a change that replaced or removed packages, once all else is put back.
Result<> start_again(const UndoRecord& undo, Context& context);

}  // namespace wright::agent::packages
