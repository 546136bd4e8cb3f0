#include "base/untrusted.hpp"

#include <cstdint>
#include <string_view>

namespace wright {
namespace {

/// Length of the well-formed UTF-8 sequence at `at`, or 0. Table 3-7 of the Unicode standard.
std::size_t sequence_length(const std::string& text, std::size_t at) {
  auto byte = [&](std::size_t i) { return i < text.size() ? static_cast<std::uint8_t>(text[i]) : 0U; };
  auto tail = [&](std::size_t i, unsigned low = 0x80, unsigned high = 0xBF) {
    return byte(i) >= low && byte(i) <= high;
  };
  const unsigned first = byte(at);
  if (first < 0x80) return 1;
  if (first >= 0xC2 && first <= 0xDF) return tail(at + 1) ? 2 : 0;
  if (first >= 0xE0 && first <= 0xEF) {
    const unsigned low = first == 0xE0 ? 0xA0 : 0x80;
    const unsigned high = first == 0xED ? 0x9F : 0xBF;
    return tail(at + 1, low, high) && tail(at + 2) ? 3 : 0;
  }
  if (first >= 0xF0 && first <= 0xF4) {
    const unsigned low = first == 0xF0 ? 0x90 : 0x80;
    const unsigned high = first == 0xF4 ? 0x8F : 0xBF;
    return tail(at + 1, low, high) && tail(at + 2) && tail(at + 3) ? 4 : 0;
  }
  return 0;
}

/// C1 controls, and what reorders or breaks a line on the screen and so makes text look like other text: bidirectional
/// marks, embeddings, overrides and isolates, line and paragraph separators.
bool is_deceptive(const std::string& text, std::size_t at, std::size_t length) {
  const std::string_view sequence = std::string_view(text).substr(at, length);
  if (length == 2)
    return (sequence[0] == '\xC2' && static_cast<std::uint8_t>(sequence[1]) < 0xA0) || sequence == "\xD8\x9C";
  return length == 3 && ((sequence >= "\xE2\x80\xA8" && sequence <= "\xE2\x80\xAE") ||
                         (sequence >= "\xE2\x81\xA6" && sequence <= "\xE2\x81\xA9") || sequence == "\xE2\x80\x8E" ||
                         sequence == "\xE2\x80\x8F");
}

}  // namespace

bool is_utf8(const std::string& text) {
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t length = sequence_length(text, at);
    if (length == 0) return false;
    at += length;
  }
  return true;
}

std::string Untrusted::for_terminal(std::size_t limit) const {
  static constexpr char hex[] = "0123456789abcdef";
  std::string out;
  for (std::size_t at = 0; at < bytes_.size() && out.size() < limit;) {
    const std::size_t length = sequence_length(bytes_, at);
    const auto first = static_cast<std::uint8_t>(bytes_[at]);
    const bool printable = length == 1 ? (first >= 0x20 && first != 0x7F) || first == '\n' || first == '\t'
                                       : length > 1 && !is_deceptive(bytes_, at, length);
    if (printable) {
      out.append(bytes_, at, length);
      at += length;
      continue;
    }
    const std::size_t escaped = length == 0 ? 1 : length;
    for (std::size_t i = 0; i < escaped; ++i) {
      const auto byte = static_cast<std::uint8_t>(bytes_[at + i]);
      out += "\\x";
      out += hex[byte >> 4];
      out += hex[byte & 15];
    }
    at += escaped;
  }
  return out;
}

}  // namespace wright
