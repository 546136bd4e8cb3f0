#include "syntax.hpp"

#include <algorithm>
#include <wright/check.hpp>

namespace nginx {

bool is_header_name(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), [](unsigned char c) {
    return std::isalnum(c) != 0 ||
           std::string_view("!#$%&'*+-.^_`|~").find(static_cast<char>(c)) != std::string_view::npos;
  });
}

bool is_media_type(std::string_view text) {
  const auto slash = text.find('/');
  return text == "*" || (slash != std::string_view::npos && is_header_name(text.substr(0, slash)) &&
                         is_header_name(text.substr(slash + 1)));
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

namespace {

/// The significant characters of a line: what is quoted, escaped, a comment or the name of a variable is left out.
std::string skeleton(std::string_view line) {
  std::string out;
  for (std::size_t i = 0; i < line.size(); ++i) {
    const char c = line[i];
    const bool at_start =
        i == 0 || line[i - 1] == ' ' || line[i - 1] == ';' || line[i - 1] == '{' || line[i - 1] == '}';
    if (c == '#' && at_start) break;
    if (c == '\\') {
      ++i;
    } else if (c == '$' && line.substr(i).starts_with("${")) {
      i = std::min(line.find('}', i), line.size() - 1);
    } else if ((c == '"' || c == '\'') && at_start) {
      for (++i; i < line.size() && line[i] != c; ++i) i += line[i] == '\\' ? 1 : 0;
      if (i >= line.size()) return out + '"';  // not closed
    } else if (c != ' ') {
      out += c;
      continue;
    }
    if (c != ' ') out += '_';
  }
  return out;
}

}  // namespace

Flaw flaw_in(const std::vector<std::string>& lines) {
  int depth = 0;
  std::size_t opened = 0;
  for (std::size_t i = 0; i < lines.size(); ++i) {
    if (!wright::is_line(lines[i])) return {i, "must be one line without control characters"};
    const std::string seen = skeleton(lines[i]);
    if (seen.empty()) continue;
    if (seen.back() == '"') return {i, "has a quote that is not closed"};
    for (const char c : seen) {
      if (c == '{' && depth++ == 0) opened = i;
      if (c == '}' && --depth < 0) return {i, "closes a block that none of these lines opens"};
    }
    if (seen.back() != ';' && seen.back() != '{' && seen.back() != '}')
      return {i, "does not end with \";\": nginx would read on in what follows"};
  }
  if (depth > 0) return {opened, "opens a block that none of these lines closes"};
  return {};
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
