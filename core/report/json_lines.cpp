#include "report/json_lines.hpp"

#include <fmt/format.h>

#include "model/encoding.hpp"

namespace wright {
namespace {

bool starts(const std::string& text, std::size_t at, std::string_view with) {
  return text.compare(at, with.size(), with) == 0;
}

/// C1 controls (U+0080 to U+009F, in UTF-8 C2 80 to C2 9F), DEL, and U+202A to U+202E (E2 80 AA to E2 80 AE). In JSON
/// they stand inside strings only.
std::string without_hidden(const std::string& json) {
  std::string out;
  out.reserve(json.size());
  for (std::size_t at = 0; at < json.size(); ++at) {
    const auto byte = [&](std::size_t i) {
      return static_cast<unsigned char>(at + i < json.size() ? json[at + i] : 0);
    };
    if (byte(0) == 0x7F) {
      out += "\\u007f";
    } else if (byte(0) == 0xC2 && byte(1) < 0xA0 && byte(1) >= 0x80) {
      out += fmt::format("\\u{:04x}", byte(1));
      at += 1;
    } else if (starts(json, at, "\xE2\x80") && byte(2) >= 0xAA && byte(2) <= 0xAE) {
      out += fmt::format("\\u{:04x}", 0x2000 + (byte(2) & 0x3F));
      at += 2;
    } else {
      out += json[at];
    }
  }
  return out;
}

}  // namespace

std::string json_line(std::string_view type, Value::Map fields) {
  fields["schema"] = json_schema;
  fields["type"] = type;
  return without_hidden(to_json(Value(std::move(fields)))) + "\n";
}

}  // namespace wright
