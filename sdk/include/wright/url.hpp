#pragma once

#include <cctype>
#include <string>
#include <string_view>

namespace wright {

/// The text as one part of a URL: a segment of its path, a user, a password. Only what is unreserved stays as it is.
inline std::string url_quoted(std::string_view text) {
  static constexpr std::string_view digits = "0123456789ABCDEF";
  std::string out;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    const bool plain = byte < 0x80 && (std::isalnum(byte) != 0 || c == '-' || c == '.' || c == '_' || c == '~');
    if (plain)
      out += c;
    else
      ((out += '%') += digits[byte >> 4U]) += digits[byte & 15U];
  }
  return out;
}

}  // namespace wright
