#pragma once

#include <string>
#include <string_view>

namespace wright {

/// The text as one word of a POSIX shell, whatever is in it: in single quotes, with each of its own written as '\''.
inline std::string shell_quoted(std::string_view text) {
  std::string out = "'";
  for (const char c : text) {
    if (c == '\'')
      out += "'\\''";
    else
      out += c;
  }
  return out + "'";
}

}  // namespace wright
