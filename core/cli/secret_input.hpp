#pragma once

#include "cli/context.hpp"

namespace wright {

/// A value typed at the terminal, twice and unseen, or else all of standard input without its last newline. Not empty,
/// no NUL, at most 64 KiB.
Result<Secret> read_secret(Context& context, const std::string& name);

}  // namespace wright
