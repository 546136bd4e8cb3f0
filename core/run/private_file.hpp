#pragma once

#include <string>
#include <string_view>

#include "base/result.hpp"

namespace wright {

/// Puts `bytes` at `path` with mode 0600, all of it or nothing: staged beside it, fsynced and renamed, so a link there
/// is replaced and not followed.
Result<> write_private_file(const std::string& path, std::string_view bytes);

}  // namespace wright
