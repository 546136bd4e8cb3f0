#pragma once

#include <algorithm>
#include <cctype>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

// What options of many plugins must be, for their own checks.
namespace wright {

/// No control characters, so that it cannot begin a line of its own in a file.
inline bool is_line(std::string_view text) {
  return std::none_of(text.begin(), text.end(), [](unsigned char c) { return std::iscntrl(c) != 0; });
}

/// A line of one or more characters without white space.
inline bool is_word(std::string_view text) {
  return !text.empty() && is_line(text) && text.find(' ') == std::string_view::npos;
}

/// An absolute path, not "/", without ".." and without a "/" at its end.
inline bool is_absolute_path(std::string_view text) {
  return text.size() > 1 && text[0] == '/' && text.back() != '/' && is_line(text) &&
         (std::string(text) + "/").find("/../") == std::string::npos;
}

/// The name of an environment variable that a shell can set.
inline bool is_variable_name(std::string_view text) {
  return !text.empty() && std::isdigit(static_cast<unsigned char>(text[0])) == 0 &&
         std::all_of(text.begin(), text.end(), [](unsigned char c) { return std::isalnum(c) != 0 || c == '_'; });
}

/// The permissions that "0750" names; none when it is not octal.
inline std::optional<std::uint32_t> mode_of(std::string_view digits) {
  if (digits.empty() || digits.size() > 4) return std::nullopt;
  std::uint32_t mode = 0;
  for (const char digit : digits) {
    if (digit < '0' || digit > '7') return std::nullopt;
    mode = mode * 8 + static_cast<std::uint32_t>(digit - '0');
  }
  return mode;
}

}  // namespace wright
