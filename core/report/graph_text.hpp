#pragma once

#include <string>

#include "site/site.hpp"

namespace wright {

/// The components of a site and what each waits for, in Graphviz's language, in Mermaid's, or as lines of text in the
/// order they are deployed. `requires` is a solid edge, `after` a dashed one.
std::string graph_dot(const Site& site);
std::string graph_mermaid(const Site& site);
std::string graph_lines(const Site& site);
/// {"components": [{"name", "plugin", "hosts", "requires", "after"}]}
Value::Map graph_value(const Site& site);

}  // namespace wright
