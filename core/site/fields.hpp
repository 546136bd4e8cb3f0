#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "site/document.hpp"

namespace wright {

/// A string, or a problem: `"key" must be a string, not ...`.
const std::string* text_of(std::string_view key, const Node& node, Problems& problems);

/// One name, or a list of names, each with its place.
struct NameAt {
  std::string name;
  Position position;
};
std::vector<NameAt> names_of(std::string_view key, const Node& node, Problems& problems);

}  // namespace wright
