#include "site/components.hpp"

#include <algorithm>

#include "base/name.hpp"

namespace wright {
namespace {

/// A path is kept for every value, and a hostile file can make many long ones.
constexpr std::size_t longest_paths = 64U << 20U;

class ComponentReader {
 public:
  ComponentReader(const std::vector<std::string>& known_plugins, Problems& problems)
      : known_plugins_(known_plugins), problems_(problems) {}

  ComponentTable read(const std::string& name, const Node& table) {
    ComponentTable out;
    out.component.name = name;
    out.component.plugin = name;
    out.position = table.position;
    out.component.positions.emplace("", table.position);
    check_name(name, table.position);
    if (table.kind != Node::Kind::table) {
      problems_.add(table.position, "component \"" + name + "\" must be a table, not " + table.described());
      return out;
    }
    for (const auto& [key, node] : table.entries) {
      keep_positions(out, key, node);
      if (key == "plugin") {
        if (const auto* plugin = text_of(key, node, problems_)) out.component.plugin = *plugin;
      } else if (key == "hosts") {
        out.names_hosts = true;
        out.hosts = names_of(key, node, problems_);
        if (node.kind == Node::Kind::list && node.items.empty())
          problems_.add(node.position, "component \"" + name + "\" is on no host: \"hosts\" is empty");
      } else if (key == "requires") {
        out.requires_ = names_of(key, node, problems_);
      } else if (key == "after") {
        out.after = names_of(key, node, problems_);
      } else {
        find_references(node, out.references);
        out.component.options.emplace(key, to_value(node));
      }
    }
    const Node* plugin = table.entry("plugin");
    check_plugin(out.component, plugin == nullptr ? table.position : plugin->position, plugin != nullptr);
    return out;
  }

 private:
  void check_name(const std::string& name, Position position) {
    if (name == "secret" || name == "file" || name == "host" || name == "hosts")
      problems_.add(position, "no component can be named \"" + name + "\": ${" + name + ".…} means something else");
    else if (!is_label(name))
      problems_.add(position, "\"" + name + "\" is no name of a component: small letters, digits, \"_\" and \"-\"");
  }

  void check_plugin(const SiteComponent& component, Position position, bool given) {
    if (!is_label(component.plugin)) {
      // The name of the component was judged already.
      if (given)
        problems_.add(position,
                      "\"" + component.plugin + "\" is no name of a plugin: small letters, digits, \"_\" and \"-\"");
    } else if (!known_plugins_.empty() &&
               std::find(known_plugins_.begin(), known_plugins_.end(), component.plugin) == known_plugins_.end()) {
      problems_.unknown(position, "unknown plugin \"" + component.plugin + "\"", component.plugin, known_plugins_);
    }
  }

  void keep_positions(ComponentTable& out, const std::string& path, const Node& node) {
    paths_ += path.size() + 1;
    if (paths_ > longest_paths) {
      if (!told_) problems_.add(node.position, "the file holds too many long keys");
      told_ = true;
      return;
    }
    out.component.positions.emplace(path, node.position);
    for (const auto& [key, entry] : node.entries) keep_positions(out, path + "." + key, entry);
    for (std::size_t i = 0; i < node.items.size(); ++i)
      keep_positions(out, path + "[" + std::to_string(i) + "]", node.items[i]);
  }

  void find_references(const Node& node, std::vector<ReferenceAt>& out) {
    for (const auto& [key, entry] : node.entries) find_references(entry, out);
    for (const auto& item : node.items) find_references(item, out);
    if (node.text() == nullptr) return;
    auto found = references_in(*node.text());
    if (found)
      for (auto& reference : *found) out.push_back({std::move(reference), node.position});
    else
      for (const auto& one : found.error().items()) problems_.add(node.position, one.what, one.next);
  }

  const std::vector<std::string>& known_plugins_;
  Problems& problems_;
  std::size_t paths_ = 0;
  bool told_ = false;
};

}  // namespace

std::vector<ComponentTable> read_components(const Node& table, const std::vector<std::string>& known_plugins,
                                            Problems& problems) {
  std::vector<ComponentTable> out;
  ComponentReader reader(known_plugins, problems);
  for (const auto& [name, node] : table.entries) out.push_back(reader.read(name, node));
  return out;
}

}  // namespace wright
