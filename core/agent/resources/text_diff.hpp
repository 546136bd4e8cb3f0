#pragma once

#include <string>
#include <string_view>

namespace wright::agent {

/// True for content that is no text for people: a NUL byte, or no UTF-8.
bool is_binary(std::string_view content);

/// Unified diff with three lines of context and without file headers, at most 256 KiB. Of very long texts only how many
/// lines there are. Neither may be binary.
std::string unified_diff(std::string_view before, std::string_view after);

}  // namespace wright::agent
