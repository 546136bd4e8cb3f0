#include "site/document.hpp"

#include <toml++/toml.h>
#include <algorithm>
#include <cmath>
#include <exception>
#include <set>
#include <string_view>
#include <tuple>
#include <utility>
#include <vector>

#include "site/nesting.hpp"

namespace wright {
namespace {

Position position_of(const toml::source_region& source) { return {source.begin.line, source.begin.column}; }

/// toml++'s tree as Nodes.
class Conversion {
 public:
  /// Keys in `left_out` are not in the Nodes.
  Conversion(Problems& problems, const std::set<std::string>& left_out) : problems_(problems), left_out_(left_out) {}

  Node convert(const toml::node& from, Position position, std::size_t depth) {
    Node node;
    node.position = position;
    if (depth > deepest_nesting) {
      problems_.add(position, "is nested deeper than " + std::to_string(deepest_nesting) + " levels");
    } else if (const auto* table = from.as_table()) {
      node.kind = Node::Kind::table;
      for (const auto& [key, value] : *table)
        if (!left_out_.contains(std::string(key.str())))
          node.entries.push_back({std::string(key.str()), convert(value, position_of(key.source()), depth + 1)});
      std::sort(node.entries.begin(), node.entries.end(), [](const auto& a, const auto& b) {
        const Position &x = a.value.position, &y = b.value.position;
        return std::tie(x.line, x.column) < std::tie(y.line, y.column);
      });
    } else if (const auto* list = from.as_array()) {
      node.kind = Node::Kind::list;
      node.items.reserve(list->size());
      for (const auto& item : *list) node.items.push_back(convert(item, position_of(item.source()), depth + 1));
    } else {
      node.scalar = scalar(from, position);
    }
    return node;
  }

 private:
  Value scalar(const toml::node& from, Position position) {
    if (const auto* text = from.as_string()) return text->get();
    if (const auto* integer = from.as_integer()) return integer->get();
    if (const auto* boolean = from.as_boolean()) return boolean->get();
    if (const auto* number = from.as_floating_point()) {
      if (!std::isfinite(number->get())) problems_.add(position, "must be a number; nan and inf are none");
      return number->get();
    }
    problems_.add(position, "dates and times have no meaning here", "write it as a string, in quotes");
    return {};
  }

  Problems& problems_;
  const std::set<std::string>& left_out_;
};

bool is_acceptable(const std::string& text, Problems& problems) {
  if (text.size() > largest_site_file) {
    problems.add({1, 1}, "the file is larger than 2 MiB");
    return false;
  }
  if (const auto deep = nested_too_deep(text)) {
    problems.add(*deep, "is nested deeper than " + std::to_string(deepest_nesting) + " levels");
    return false;
  }
  if (const auto place = reordered_text(text)) {
    problems.add(*place, "this character makes text show in another order than it is read",
                 "write it as \\uXXXX in a string");
    return false;
  }
  return true;
}

std::string_view trimmed(std::string_view text) {
  const auto from = text.find_first_not_of(" \t\r");
  return from == std::string_view::npos ? std::string_view()
                                        : text.substr(from, text.find_last_not_of(" \t\r") - from + 1);
}

/// What a line defines: "[hosts.web]", or the key before a "=".
std::string_view defined_in(std::string_view line) {
  const std::string_view bare = trimmed(line);
  return bare.starts_with("[") ? bare.substr(0, bare.rfind(']') + 1) : trimmed(bare.substr(0, bare.find('=')));
}

/// At most `count` lines of the text.
std::vector<std::string_view> lines_of(const std::string& text, std::size_t count) {
  std::vector<std::string_view> lines;
  for (std::size_t at = 0; at < text.size() && lines.size() < count;) {
    const std::size_t end = std::min(text.find('\n', at), text.size());
    lines.push_back(std::string_view(text).substr(at, end - at));
    at = end + 1;
  }
  return lines;
}

/// The line, from 1, in which what line `again` defines stands for the first time; 0 when it is not found as it is
/// written there. The parser says only where the second is.
std::size_t first_of_two(const std::string& text, std::size_t again) {
  const auto lines = lines_of(text, again);
  if (again == 0 || lines.size() < again) return 0;
  const std::string_view twice = defined_in(lines[again - 1]);
  if (twice.empty()) return 0;
  const bool is_table = twice.starts_with("[");
  std::size_t found = 0;
  for (std::size_t line = again - 1; line > 0; --line) {
    const std::string_view defined = defined_in(lines[line - 1]);
    if (defined == twice) found = line;
    if (!is_table && defined.starts_with("[")) break;
  }
  return found;
}

std::string advice_on_the_second(std::size_t first) {
  return "this name stands " + (first == 0 ? std::string("above") : "in line " + std::to_string(first)) +
         " already: give the second another name, or make one of the two";
}

/// A parser ends at the first name that stands twice. So that the rest of the file is looked at too, the second gets
/// a name of its own, which is left out of what is read.
class Parsing {
 public:
  Parsing(std::string text, Problems& problems) : text_(std::move(text)), problems_(problems) {}

  Node run(Node nothing) {
    while (names_.size() < most_repeated) {
      try {
        const toml::table table = toml::parse(std::string_view(text_));
        return Conversion(problems_, names_).convert(table, {1, 1}, 0);
      } catch (const toml::parse_error& error) {
        if (!goes_on_after(error)) return nothing;
      } catch (const std::exception& error) {
        problems_.add({1, 1}, "cannot be read as TOML", {}, error.what());
        return nothing;
      }
    }
    return nothing;
  }

 private:
  static constexpr std::size_t most_repeated = 20;

  bool goes_on_after(const toml::parse_error& error) {
    const Position at = position_of(error.source());
    // Columns of a line that was changed are no longer those of the file, and one problem of it is told.
    if (at.line <= last_) return false;
    const std::string why(error.description());
    const bool twice = why.find("redefine") != std::string::npos || why.find("duplicate") != std::string::npos;
    const std::size_t first = twice ? first_of_two(text_, at.line) : 0;
    problems_.add(at, "is not valid TOML", twice ? advice_on_the_second(first) : "", why);
    return first != 0 && rename(at.line);
  }

  /// False when the line is not one that defines a table or a key.
  bool rename(std::size_t number) {
    const std::string_view line = lines_of(text_, number).back();
    const std::string name = "the second of two in line " + std::to_string(number);
    const std::size_t equals = line.find('=');
    const bool is_table = trimmed(line).starts_with("[");
    if (!is_table && equals == std::string_view::npos) return false;
    const std::string renamed =
        is_table ? "[\"" + name + "\"]" : "\"" + name + "\" " + std::string(line.substr(equals));
    text_.replace(static_cast<std::size_t>(line.data() - text_.data()), line.size(), renamed);
    names_.insert(name);
    last_ = number;
    return true;
  }

  std::string text_;
  std::set<std::string> names_;
  std::size_t last_ = 0;
  Problems& problems_;
};

}  // namespace

const Node* Node::entry(std::string_view key) const {
  const auto found = std::find_if(entries.begin(), entries.end(), [&](const auto& e) { return e.key == key; });
  return found == entries.end() ? nullptr : &found->value;
}

std::string Node::described() const {
  if (kind == Kind::table) return "a table";
  if (kind == Kind::list) return "a list";
  if (refused()) return "a date or time";
  const std::string name(scalar.type_name());
  return (name == "integer" ? "an " : "a ") + name;
}

Node parse_document(const std::string& text, Problems& problems) {
  Node nothing;
  nothing.kind = Node::Kind::table;
  nothing.position = {1, 1};
  if (!is_acceptable(text, problems)) return nothing;
  return Parsing(text, problems).run(std::move(nothing));
}

Value to_value(const Node& node) {
  if (node.kind == Node::Kind::list) {
    Value::List list;
    list.reserve(node.items.size());
    for (const auto& item : node.items) list.push_back(to_value(item));
    return list;
  }
  if (node.kind == Node::Kind::table) {
    Value::Map map;
    for (const auto& [key, entry] : node.entries) map.emplace(key, to_value(entry));
    return map;
  }
  return node.scalar;
}

}  // namespace wright
