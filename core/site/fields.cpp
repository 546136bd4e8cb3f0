#include "site/fields.hpp"

namespace wright {

const std::string* text_of(std::string_view key, const Node& node, Problems& problems) {
  const auto* text = node.text();
  if (text == nullptr && !node.refused())
    problems.add(node.position, "\"" + std::string(key) + "\" must be a string, not " + node.described());
  return text;
}

std::vector<NameAt> names_of(std::string_view key, const Node& node, Problems& problems) {
  std::vector<NameAt> names;
  if (const auto* text = node.text()) {
    names.push_back({*text, node.position});
  } else if (node.refused()) {
    return names;
  } else if (node.kind != Node::Kind::list) {
    problems.add(node.position, "\"" + std::string(key) + "\" must be a list of strings, not " + node.described());
  } else {
    for (const auto& item : node.items) {
      if (const auto* one = item.text())
        names.push_back({*one, item.position});
      else if (!item.refused())
        problems.add(item.position,
                     "\"" + std::string(key) + "\" must be a list of strings; this is " + item.described());
    }
  }
  return names;
}

}  // namespace wright
