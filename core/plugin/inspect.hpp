#pragma once

#include <string>

#include "base/result.hpp"

namespace wright {

/// Whether the file is a shared object for this machine that exports the entry symbol of this SDK's major. Reads the
/// file only; nothing of it runs. Every offset is checked, so a damaged or hostile file is an error and no more.
Result<> inspect_plugin(const std::string& path);

}  // namespace wright
