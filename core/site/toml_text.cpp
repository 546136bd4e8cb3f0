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

}  // namespace

std::string quoted(std::string_view text) {
  static constexpr char hex[] = "0123456789abcdef";
  std::string out = "\"";
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == '"' || c == '\\') {
      out += '\\';
      out += c;
    } else if (c == '\n') {
      out += "\\n";
    } else if (c == '\t') {
      out += "\\t";
    } else if (byte < 0x20 || byte == 0x7F) {
      out += "\\u00";
      out += hex[byte >> 4U];
      out += hex[byte & 15U];
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
