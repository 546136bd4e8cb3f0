#include "network.hpp"

#include <algorithm>
#include <vector>
#include <wright/address.hpp>

namespace base {
namespace {

void put_four(const std::string& text, Network& out) {
  std::size_t at = 0;
  for (int part = 0; part < 4; ++part) {
    out.bytes[part] = static_cast<unsigned char>(std::stoul(text.substr(at)));
    at = text.find('.', at) + 1;
  }
}

/// The parts on one side of "::", as two bytes each.
std::vector<unsigned char> bytes_of(const std::string& side) {
  std::vector<unsigned char> out;
  for (std::size_t at = 0; at < side.size();) {
    const auto end = std::min(side.find(':', at), side.size());
    const unsigned long part = std::stoul(side.substr(at, end - at), nullptr, 16);
    out.push_back(static_cast<unsigned char>(part >> 8U));
    out.push_back(static_cast<unsigned char>(part & 0xffU));
    at = end + 1;
  }
  return out;
}

void put_six(const std::string& text, Network& out) {
  const auto gap = text.find("::");
  const auto first = bytes_of(text.substr(0, gap));
  std::copy(first.begin(), first.end(), out.bytes.begin());
  if (gap == std::string::npos) return;
  const auto last = bytes_of(text.substr(gap + 2));
  std::copy(last.rbegin(), last.rend(), out.bytes.rbegin());
}

}  // namespace

std::optional<Network> parse_network(std::string_view text) {
  const auto slash = text.find('/');
  const std::string address(text.substr(0, slash));
  Network out;
  out.six = wright::is_ipv6(address);
  if (!out.six && !wright::is_ipv4(address)) return std::nullopt;
  out.six ? put_six(address, out) : put_four(address, out);
  const unsigned all = out.six ? 128 : 32;
  out.bits = all;
  if (slash == std::string_view::npos) return out;
  const std::string bits(text.substr(slash + 1));
  if (bits.empty() || bits.size() > 3 || bits.find_first_not_of("0123456789") != std::string::npos) return std::nullopt;
  out.bits = static_cast<unsigned>(std::stoul(bits));
  return out.bits <= all ? std::optional<Network>(out) : std::nullopt;
}

bool is_within(const Network& inner, const Network& outer) {
  if (inner.six != outer.six || inner.bits < outer.bits) return false;
  for (unsigned bit = 0; bit < outer.bits; ++bit) {
    const unsigned mask = 0x80U >> (bit % 8);
    if (((inner.bytes[bit / 8] ^ outer.bytes[bit / 8]) & mask) != 0) return false;
  }
  return true;
}

}  // namespace base
