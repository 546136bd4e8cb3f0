#pragma once

#include <algorithm>
#include <array>
#include <string_view>

namespace wright {

/// Facts that are known only when they are asked for: "apt.candidate:PACKAGE", "dpkg.version:PACKAGE",
/// "path.exists:/PATH", "disk:/PATH" (total_bytes and free_bytes of its filesystem) and
/// "port.owner:tcp/ADDRESS:PORT" (the unit or the program that listens there). The first two are null for a package
/// that is not there, the last when nobody listens.
inline constexpr std::string_view candidate_fact = "apt.candidate";
inline constexpr std::string_view installed_fact = "dpkg.version";
inline constexpr std::string_view path_fact = "path.exists";
inline constexpr std::string_view disk_fact = "disk";
inline constexpr std::string_view port_fact = "port.owner";
inline constexpr std::array<std::string_view, 5> asked_fact_kinds{candidate_fact, installed_fact, path_fact, disk_fact,
                                                                  port_fact};

/// Whether a name is one of those, with something after the colon: null is an answer then.
[[nodiscard]] inline bool is_asked_fact(std::string_view name) {
  const auto colon = name.find(':');
  if (colon == std::string_view::npos || colon + 1 == name.size()) return false;
  const std::string_view kind = name.substr(0, colon);
  if ((kind == path_fact || kind == disk_fact) && name[colon + 1] != '/') return false;
  return std::find(asked_fact_kinds.begin(), asked_fact_kinds.end(), kind) != asked_fact_kinds.end();
}

}  // namespace wright
