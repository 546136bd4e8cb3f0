#pragma once

#include <set>
#include <string>
#include <string_view>

namespace wright::agent::packages {

/// The packages that apt holds for mere dependencies, as "name:architecture", from /var/lib/apt/extended_states. apt
/// names the host's architecture there for packages of architecture "all".
std::set<std::string> automatic_in(std::string_view extended_states);

/// `now` without what a change from `before` to `after` did to it, but for the packages in `gone`, which lose their
/// entry. `before`, byte for byte, when that says the same.
std::string marks_without_change(std::string_view before, std::string_view after, std::string_view now,
                                 const std::set<std::string>& gone);

}  // namespace wright::agent::packages
