#include "site/document.hpp"

#include <toml++/toml.h>
#include <algorithm>
#include <cmath>
#include <exception>
#include <tuple>

#include "site/nesting.hpp"

namespace wright {
namespace {

Position position_of(const toml::source_region& source) { return {source.begin.line, source.begin.column}; }

/// toml++'s tree as Nodes.
class Conversion {
 public:
  explicit Conversion(Problems& problems) : problems_(problems) {}

  Node convert(const toml::node& from, Position position, std::size_t depth) {
    Node node;
    node.position = position;
    if (depth > deepest_nesting) {
      problems_.add(position, "is nested deeper than " + std::to_string(deepest_nesting) + " levels");
    } else if (const auto* table = from.as_table()) {
      node.kind = Node::Kind::table;
      for (const auto& [key, value] : *table)
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
  try {
    const toml::table table = toml::parse(std::string_view(text));
    return Conversion(problems).convert(table, {1, 1}, 0);
  } catch (const toml::parse_error& error) {
    const std::string why(error.description());
    const bool twice = why.find("redefine") != std::string::npos || why.find("duplicate") != std::string::npos;
    problems.add(position_of(error.source()), "is not valid TOML",
                 twice ? "this name stands above already: give the second another name, or make one of the two" : "",
                 why);
  } catch (const std::exception& error) {
    problems.add({1, 1}, "cannot be read as TOML", {}, error.what());
  }
  return nothing;
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
