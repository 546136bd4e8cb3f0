#include <array>
#include <wright/digest.hpp>

#include "config.hpp"

namespace nginx {
namespace {

constexpr std::string_view letters = "./0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

std::string repeated(const std::string& text, std::size_t size) {
  std::string out;
  while (out.size() < size) out += text;
  out.resize(size);
  return out;
}

/// Three bytes as four letters, lowest bits first; fewer letters at the end.
void append_letters(std::string& out, unsigned char high, unsigned char middle, unsigned char low, int count) {
  std::uint32_t bits = std::uint32_t{high} << 16U | std::uint32_t{middle} << 8U | low;
  for (; count > 0; --count, bits >>= 6U) out += letters[bits & 63U];
}

/// The order in which crypt(3) writes the bytes of the digest.
std::string encoded(const std::string& digest) {
  std::string out;
  auto byte = [&](std::size_t at) { return static_cast<unsigned char>(digest[at]); };
  std::array<std::size_t, 3> at = {0, 10, 20};
  for (int group = 0; group < 10; ++group) {
    append_letters(out, byte(at[0]), byte(at[1]), byte(at[2]), 4);
    at = {at[2] + 1, at[0] + 1, at[1] + 1};
  }
  append_letters(out, 0, byte(31), byte(30), 3);
  return out;
}

/// SHA-256 crypt with its default of 5000 rounds: the strongest that crypt(3) of every supported release has and that
/// needs nothing but a digest.
std::string crypted(const std::string& password, const std::string& salt) {
  const std::string other = wright::sha256(password + salt + password);
  std::string begin = password + salt + repeated(other, password.size());
  for (std::size_t bits = password.size(); bits > 0; bits >>= 1U) begin += (bits & 1U) != 0 ? other : password;
  std::string digest = wright::sha256(begin);
  const std::string p =
      repeated(wright::sha256(repeated(password, password.size() * password.size())), password.size());
  const std::size_t times = 16U + static_cast<unsigned char>(digest[0]);
  const std::string s = repeated(wright::sha256(repeated(salt, salt.size() * times)), salt.size());
  for (int round = 0; round < 5000; ++round) {
    std::string next = round % 2 != 0 ? p : digest;
    if (round % 3 != 0) next += s;
    if (round % 7 != 0) next += p;
    next += round % 2 != 0 ? digest : p;
    digest = wright::sha256(next);
  }
  return "$5$" + salt + "$" + encoded(digest);
}

}  // namespace

std::string password_line(const User& user, const std::string& salted_by) {
  // Nothing of the password is in the salt, which would let a guess be tried without the rounds.
  std::string salt = wright::sha256(salted_by + " " + user.name).substr(0, 16);
  for (char& c : salt) c = letters[static_cast<unsigned char>(c) & 63U];
  return user.name + ":" + crypted(user.password.reveal(), salt) + "\n";
}

std::string password_path(const Site& s) { return "/etc/nginx/auth_basic/" + s.name; }

}  // namespace nginx
