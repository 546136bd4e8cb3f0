#pragma once

#include <array>
#include <optional>
#include <string>
#include <string_view>

namespace base {

/// An address, or a network as in 10.0.0.0/8 or 2001:db8::/32.
struct Network {
  bool six = false;
  std::array<unsigned char, 16> bytes{};
  unsigned bits = 0;  ///< how many of the first bits count
};

/// None when the text is neither; an address is a network of its own.
std::optional<Network> parse_network(std::string_view text);
/// Whether the address, or all of the network, lies within the other.
bool is_within(const Network& inner, const Network& outer);

}  // namespace base
