#pragma once

#include <string_view>

namespace wright {

/// Letters, digits, ".", "_", ":" and "-", no "-" first, 1 to 255 bytes: what may be a host's address or a user. Such a
/// name can be no option of a program and holds nothing that a shell, ssh or a file name gives a meaning to.
bool is_safe_name(std::string_view name);

/// [a-z0-9][a-z0-9_-]*, at most 64 bytes: what a host, group, component or plugin may be called.
bool is_label(std::string_view name);

}  // namespace wright
