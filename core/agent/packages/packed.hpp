#pragma once

#include <string>
#include <string_view>

#include "base/result.hpp"

namespace wright::agent::packages {

/// Compressed, for one large blob instead of thousands of small ones.
std::string packed(std::string_view bytes);
/// An error when the bytes are not what packed() made, or would become more than `limit`.
Result<std::string> unpacked(std::string_view bytes, std::size_t limit = std::size_t{1} << 31U);

}  // namespace wright::agent::packages
