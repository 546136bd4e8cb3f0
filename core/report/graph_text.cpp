#include "report/graph_text.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace wright {
namespace {

std::string quoted(const std::string& text) {
  std::string out = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') out += '\\';
    out += c;
  }
  return out + "\"";
}

std::string label(const SiteComponent& c) {
  return c.name + (c.plugin == c.name ? "" : " (" + c.plugin + ")") + "\\n" +
         fmt::format("{}", fmt::join(c.hosts, ", "));
}

/// Mermaid takes letters, digits and "_" as an id.
std::string id_of(const std::string& name) {
  std::string out = "c_";
  for (const char c : name)
    out += std::isalnum(static_cast<unsigned char>(c)) != 0 ? std::string(1, c)
                                                            : fmt::format("_{:02x}", static_cast<unsigned char>(c));
  return out;
}

}  // namespace

std::string graph_dot(const Site& site) {
  std::string out = fmt::format("digraph {} {{\n  rankdir=LR;\n  node [shape=box];\n", quoted(site.name));
  for (const auto& c : site.components) {
    out += fmt::format("  {} [label=\"{}\"];\n", quoted(c.name), label(c));
    for (const auto& other : c.requires_) out += fmt::format("  {} -> {};\n", quoted(other), quoted(c.name));
    for (const auto& other : c.after) out += fmt::format("  {} -> {} [style=dashed];\n", quoted(other), quoted(c.name));
  }
  return out + "}\n";
}

std::string graph_mermaid(const Site& site) {
  std::string out = "flowchart LR\n";
  for (const auto& c : site.components) {
    out += fmt::format("  {}[\"{}<br/>{}\"]\n", id_of(c.name), c.name, fmt::join(c.hosts, ", "));
    for (const auto& other : c.requires_) out += fmt::format("  {} --> {}\n", id_of(other), id_of(c.name));
    for (const auto& other : c.after) out += fmt::format("  {} -.-> {}\n", id_of(other), id_of(c.name));
  }
  return out;
}

std::string graph_lines(const Site& site) {
  std::string out;
  for (const auto& c : site.components) {
    out += fmt::format("{} on {}", c.name, fmt::join(c.hosts, ", "));
    if (!c.requires_.empty()) out += fmt::format(", requires {}", fmt::join(c.requires_, ", "));
    if (!c.after.empty()) out += fmt::format(", after {}", fmt::join(c.after, ", "));
    out += "\n";
  }
  return out;
}

Value::Map graph_value(const Site& site) {
  Value::List components;
  for (const auto& c : site.components)
    components.push_back(Value::Map{
        {"name", c.name}, {"plugin", c.plugin}, {"hosts", c.hosts}, {"requires", c.requires_}, {"after", c.after}});
  return {{"site", site.name}, {"components", std::move(components)}};
}

}  // namespace wright
