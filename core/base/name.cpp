#include "base/name.hpp"

#include <algorithm>

namespace wright {
namespace {

// <cctype> asks the locale; these grammars must not.
bool is_lower(char c) { return c >= 'a' && c <= 'z'; }
bool is_digit(char c) { return c >= '0' && c <= '9'; }

}  // namespace

bool is_safe_name(std::string_view name) {
  if (name.empty() || name.size() > 255 || name.front() == '-') return false;
  return std::all_of(name.begin(), name.end(), [](char c) {
    return is_lower(c) || (c >= 'A' && c <= 'Z') || is_digit(c) || c == '.' || c == '_' || c == ':' || c == '-';
  });
}

bool is_label(std::string_view name) {
  if (name.empty() || name.size() > 64 || !(is_lower(name.front()) || is_digit(name.front()))) return false;
  return std::all_of(name.begin(), name.end(),
                     [](char c) { return is_lower(c) || is_digit(c) || c == '_' || c == '-'; });
}

}  // namespace wright
