#pragma once

#include <optional>
#include <string_view>

#include "site/site.hpp"

namespace wright {

inline constexpr std::size_t deepest_nesting = 64;

/// Where TOML text opens more brackets and dots inside each other than the limit allows. Looked at before the text is
/// parsed: the parser builds a table for each part of a dotted key without a limit, and takes them apart by recursion.
std::optional<Position> nested_too_deep(std::string_view text);

/// Where the first character stands that reorders text on the screen (bidirectional overrides and isolates), so that a
/// reviewer would read something else than the program does.
std::optional<Position> reordered_text(std::string_view text);

}  // namespace wright
