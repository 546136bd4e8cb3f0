#pragma once

#include <string_view>

#include "base/result.hpp"

namespace wright::agent {

/// A named point where a test ends the process or makes an error: WRIGHT_FAILPOINT=NAME:kill or NAME:error, and
/// NAME:kill:N for the N-th time it is passed. Does nothing in a release build.
Result<> fail_point(std::string_view name);

}  // namespace wright::agent
