#pragma once

#include <span>

#include "agent/packages/record.hpp"
#include "agent/resources/kind.hpp"

namespace wright::agent::packages {

/// One apt transaction with service starts held back. The value is what Left becomes.
Result<Value> make_change(std::span<const Item> items, const Value& undo, Context& context);

/// What a change that has just ended left on the host, as a value that Left is read from.
Result<Value> what_is_left(Context& context);

}  // namespace wright::agent::packages
