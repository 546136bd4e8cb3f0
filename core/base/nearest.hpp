#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace wright {

/// The known name nearest to `typed` by edit distance (with transpositions), if near enough to be what was meant.
std::optional<std::string> nearest(std::string_view typed, const std::vector<std::string>& known);

/// "did you mean \"x\"?", or "known: a, b, c", or an empty text when nothing is known.
std::string suggestion(std::string_view typed, const std::vector<std::string>& known);

}  // namespace wright
