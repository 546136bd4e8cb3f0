#include "syntax.hpp"

#include <algorithm>

namespace nginx {

bool is_line(std::string_view text) {
  return std::none_of(text.begin(), text.end(),
                      [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7F; });
}

std::string quoted(std::string_view text) {
  const bool bare = !text.empty() && text.find_first_of(" \t;{}\"'\\#") == std::string_view::npos;
  if (bare) return std::string(text);
  std::string out = "\"";
  for (char c : text) {
    if (c == '"' || c == '\\') out += '\\';
    out += c;
  }
  return out + '"';
}

void Text::directive(std::string_view name, const std::vector<std::string>& arguments) {
  std::string out(name);
  for (const auto& argument : arguments) out += ' ' + quoted(argument);
  line(out + ';');
}

void Text::line(std::string_view text) {
  text_.append(depth_ * 4, ' ').append(text);
  text_ += '\n';
}

void Text::open(std::string_view head) {
  line(std::string(head) + " {");
  ++depth_;
}

void Text::close() {
  --depth_;
  line("}");
}

}  // namespace nginx
