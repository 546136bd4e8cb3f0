#pragma once

#include "agent/resources/kind.hpp"

namespace wright::agent::packages {

/// Back to the packages, files and accounts of before, from any point that the change was killed at.
Result<> take_out(const UndoRecord& undo, Context& context);

}  // namespace wright::agent::packages
