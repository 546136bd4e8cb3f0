#pragma once

#include <sstream>
#include <string>

namespace wright {

/// Four decimal numbers without leading zeros, such as 192.0.2.1.
inline bool is_ipv4(const std::string& text) {
  std::istringstream in(text + ".");
  int parts = 0;
  for (std::string part; std::getline(in, part, '.'); ++parts)
    if (part.empty() || part.size() > 3 || part.find_first_not_of("0123456789") != std::string::npos ||
        std::stoi(part) > 255 || (part.size() > 1 && part[0] == '0'))
      return false;
  return parts == 4;
}

/// In hexadecimal alone, such as 2001:db8::1: without brackets, zone, or a part in IPv4's form.
inline bool is_ipv6(const std::string& text) {
  const auto gap = text.find("::");
  if (gap != std::string::npos && text.find("::", gap + 1) != std::string::npos) return false;
  auto parts_of = [](const std::string& side) {
    if (side.empty()) return 0;
    std::istringstream in(side + ":");
    int parts = 0;
    for (std::string part; std::getline(in, part, ':'); ++parts)
      if (part.empty() || part.size() > 4 || part.find_first_not_of("0123456789abcdefABCDEF") != std::string::npos)
        return 9;
    return parts;
  };
  if (gap == std::string::npos) return parts_of(text) == 8;
  return parts_of(text.substr(0, gap)) + parts_of(text.substr(gap + 2)) < 8;
}

}  // namespace wright
