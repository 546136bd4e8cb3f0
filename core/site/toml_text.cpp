#include "site/toml_text.hpp"

#include <algorithm>
#include <charconv>

namespace wright {
namespace {

std::string number(double value) {
  char buffer[64];
  const auto end = std::to_chars(buffer, buffer + sizeof(buffer), value);
  std::string text(buffer, end.ptr);
  // "1" would be an integer.
  if (text.find_first_of(".ein") == std::string::npos) text += ".0";
  return text;
}

/// The code point, and the length in bytes, of a character that no TOML string may hold as it is, that steers a
/// terminal or that a site file refuses because it reorders text. Length 0: any other character.
struct Special {
  unsigned code = 0;
  std::size_t length = 0;
};

Special special_at(std::string_view text) {
  const auto byte = [&](std::size_t i) { return i < text.size() ? static_cast<unsigned char>(text[i]) : 0U; };
  if (byte(0) < 0x20 || byte(0) == 0x7F) return {byte(0), 1};
  if (byte(0) == 0xC2 && byte(1) >= 0x80 && byte(1) <= 0x9F) return {byte(1), 2};
  if (byte(0) == 0xE2 && byte(1) == 0x80 && byte(2) >= 0xAA && byte(2) <= 0xAE) return {0x2000 + byte(2) - 0x80, 3};
  if (byte(0) == 0xE2 && byte(1) == 0x81 && byte(2) >= 0xA6 && byte(2) <= 0xA9) return {0x2040 + byte(2) - 0x80, 3};
  return {};
}

}  // namespace

std::string quoted(std::string_view text) {
  static constexpr char hex[] = "0123456789abcdef";
  std::string out = "\"";
  for (std::size_t at = 0; at < text.size(); ++at) {
    const char c = text[at];
    if (c == '"' || c == '\\') {
      out += '\\';
      out += c;
    } else if (c == '\n') {
      out += "\\n";
    } else if (c == '\t') {
      out += "\\t";
    } else if (const Special special = special_at(text.substr(at, 3)); special.length != 0) {
      out += "\\u";
      for (unsigned shift = 16; shift > 0; shift -= 4) out += hex[special.code >> (shift - 4U) & 15U];
      at += special.length - 1;
    } else {
      out += c;
    }
  }
  return out + '"';
}

std::string toml_key(std::string_view key) {
  const bool bare = !key.empty() && std::all_of(key.begin(), key.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '-';
  });
  return bare ? std::string(key) : quoted(key);
}

std::string to_toml(const Value& value) {
  if (const auto* text = value.as_string()) return quoted(*text);
  if (const auto* integer = value.as_int()) return std::to_string(*integer);
  if (const auto* boolean = value.as_bool()) return *boolean ? "true" : "false";
  if (const auto* real = value.as_double()) return number(*real);
  if (value.as_secret() != nullptr) return "(secret)";
  std::string out;
  if (const auto* list = value.as_list()) {
    for (const auto& item : *list) out += (out.empty() ? "" : ", ") + to_toml(item);
    return "[" + out + "]";
  }
  if (const auto* map = value.as_map()) {
    for (const auto& [key, item] : *map) out += (out.empty() ? " " : ", ") + toml_key(key) + " = " + to_toml(item);
    return out.empty() ? "{}" : "{" + out + " }";
  }
  return "(nothing)";
}

}  // namespace wright
