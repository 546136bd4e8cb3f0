#pragma once

#include <wright/check.hpp>

#include <algorithm>
#include <array>
#include <cstdint>
#include <string>
#include <string_view>

namespace postgresql {
namespace detail {

/// Bech32 (BIP 173) of the form that age gives an X25519 key: 52 characters of it and 6 of a checksum.
inline bool is_x25519_recipient(std::string_view key) {
  static constexpr std::string_view prefix = "age1";
  static constexpr std::string_view digits = "qpzry9x8gf2tvdw0s3jn54khce6mua7l";
  static constexpr std::array<std::uint32_t, 5> generator = {0x3b6a57b2, 0x26508e6d, 0x1ea119fa, 0x3d4233dd,
                                                             0x2a1462b3};
  if (!key.starts_with(prefix) || key.size() != 62) return false;
  std::uint32_t sum = 1;
  const auto add = [&](std::uint32_t value) {
    const std::uint32_t top = sum >> 25U;
    sum = (sum & 0x1ffffffU) << 5U ^ value;
    for (std::uint32_t i = 0; i < generator.size(); ++i)
      if ((top >> i & 1U) != 0) sum ^= generator[i];
  };
  for (const char c : prefix.substr(0, 3)) add(static_cast<std::uint32_t>(c) >> 5U);
  add(0);
  for (const char c : prefix.substr(0, 3)) add(static_cast<std::uint32_t>(c) & 31U);
  for (const char c : key.substr(prefix.size())) {
    const auto value = digits.find(c);
    if (value == std::string_view::npos) return false;
    add(static_cast<std::uint32_t>(value));
  }
  return sum == 1;
}

/// The bytes of base64 with its padding; empty when it is none.
inline std::string base64_bytes(std::string_view text) {
  static constexpr std::string_view digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  const std::string_view unpadded = text.substr(0, text.find_last_not_of('=') + 1);
  if (text.size() % 4 != 0 || text.size() - unpadded.size() > 2) return {};
  std::string out;
  std::uint32_t bits = 0;
  std::uint32_t count = 0;
  for (const char c : unpadded) {
    const auto value = digits.find(c);
    if (value == std::string_view::npos) return {};
    bits = (bits << 6U | static_cast<std::uint32_t>(value)) & 0xffffU;
    count += 6;
    if (count < 8) continue;
    count -= 8;
    out += static_cast<char>(bits >> count & 0xffU);
  }
  return out;
}

/// Takes a string of the SSH protocol (RFC 4251, 5) off the front; false when there is no whole one.
inline bool take_ssh_string(std::string_view& bytes, std::string_view& string) {
  if (bytes.size() < 4) return false;
  std::size_t size = 0;
  for (const char c : bytes.substr(0, 4)) size = size << 8U | static_cast<unsigned char>(c);
  if (bytes.size() - 4 < size) return false;
  string = bytes.substr(4, size);
  bytes.remove_prefix(4 + size);
  return true;
}

/// A line of OpenSSH's public key file, with or without the comment, of the types that age knows.
inline bool is_ssh_recipient(std::string_view key) {
  static constexpr std::size_t least_modulus = 256;  // bytes; age takes no shorter RSA
  const std::string_view type = key.substr(0, key.find(' '));
  if (type.size() == key.size()) return false;
  const std::string_view rest = key.substr(type.size() + 1);
  const std::string bytes = base64_bytes(rest.substr(0, rest.find(' ')));
  std::string_view left = bytes;
  std::string_view name;
  std::string_view number;
  if (!take_ssh_string(left, name) || name != type || !take_ssh_string(left, number)) return false;
  if (type == "ssh-ed25519") return number.size() == 32 && left.empty();
  if (type != "ssh-rsa" || number.empty() || !take_ssh_string(left, number) || !left.empty()) return false;
  return number.substr(std::min(number.find_first_not_of('\0'), number.size())).size() >= least_modulus;
}

}  // namespace detail

/// What is wrong with a public key that age on a host is to encrypt for; empty when nothing is. Those of its plugins
/// are none: a host does not have these.
inline std::string why_no_recipient(const std::string& key) {
  if (!wright::is_line(key)) return "must be one line";
  if (key.starts_with("age1"))
    return detail::is_x25519_recipient(key)
               ? ""
               : "is no key of age: \"age1\" and 58 letters and digits, as age-keygen -y writes it";
  if (key.starts_with("ssh-"))
    return detail::is_ssh_recipient(key)
               ? ""
               : "is no whole line of an ssh-ed25519.pub, or of an ssh-rsa one of 2048 bits or more";
  return "must be a public key of age: age1..., or ssh-ed25519 or ssh-rsa and its text";
}

}  // namespace postgresql
