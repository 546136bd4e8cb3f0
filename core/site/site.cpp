#include "site/site.hpp"

#include <algorithm>
#include <filesystem>
#include <set>

#include "base/name.hpp"
#include "site/components.hpp"
#include "site/file.hpp"
#include "site/hosts.hpp"
#include "site/included.hpp"
#include "site/wiring.hpp"

namespace wright {
namespace {

std::string folder_of(const std::string& path) {
  std::error_code error;
  const auto absolute = std::filesystem::absolute(path, error);
  return error ? "." : absolute.lexically_normal().parent_path().string();
}

/// The table of that name; a problem when it is something else.
const Node* table_of(const Node& top, std::string_view name, Problems& problems) {
  const Node* node = top.entry(name);
  if (node == nullptr || node->kind == Node::Kind::table) return node;
  problems.add(node->position, "[" + std::string(name) + "] must be a table, not " + node->described());
  return nullptr;
}

void check_top(const Node& top, Problems& problems) {
  const std::vector<std::string> known{"site", "hosts", "components"};
  for (const auto& [name, node] : top.entries)
    if (std::find(known.begin(), known.end(), name) == known.end())
      problems.unknown(node.position,
                       "unknown " + std::string(node.kind == Node::Kind::table ? "table [" : "key \"") + name +
                           (node.kind == Node::Kind::table ? "]" : "\" at the top"),
                       name, known);
}

std::string not_a_site_name(const std::string& text) {
  return "\"" + text + "\" is no name of a site: letters, digits, \".\", \"_\", \":\" and \"-\"";
}

void read_site_table(const Node& top, Site& site, Problems& problems) {
  if (top.entry("site") == nullptr) {
    problems.add({1, 1}, "the table [site] is missing", "add [site] with name = \"...\"");
    return;
  }
  const Node* table = table_of(top, "site", problems);
  if (table == nullptr) return;
  for (const auto& [key, node] : table->entries) {
    const std::string* text = nullptr;
    if (key == "name") {
      text = text_of(key, node, problems);
      if (text != nullptr && !is_safe_name(*text))
        problems.add(node.position, not_a_site_name(*text));
      else if (text != nullptr)
        site.name = *text;
    } else if (key == "formerly") {
      for (const auto& [name, position] : names_of(key, node, problems)) {
        if (is_safe_name(name))
          site.formerly.push_back(name);
        else
          problems.add(position, not_a_site_name(name));
      }
    } else if (key == "secrets") {
      text = text_of(key, node, problems);
      if (text != nullptr && (text->empty() || text->find('\0') != std::string::npos))
        problems.add(node.position, "\"secrets\" must be the path of a file");
      else if (text != nullptr)
        site.secrets = absolute_path(site.folder, *text);
    } else {
      problems.unknown(node.position, "unknown key \"" + key + "\" in [site]", key, {"formerly", "name", "secrets"});
    }
  }
  if (table->entry("name") == nullptr) problems.add(table->position, "[site] has no name", "add name = \"...\"");
}

/// A host that no component is on is often a forgotten `hosts`.
void warn_of_idle_hosts(const std::vector<ComponentTable>& tables, const Site& site, Problems& problems) {
  std::set<std::string_view> used;
  for (const auto& component : site.components) used.insert(component.hosts.begin(), component.hosts.end());
  for (const auto& table : tables)
    for (const auto& at : table.references)
      if (at.reference.kind == Reference::Kind::other_host_fact) used.insert(at.reference.owner);
  for (const auto& host : site.hosts) {
    const bool in_used_group =
        std::any_of(host.groups.begin(), host.groups.end(), [&](const auto& g) { return used.contains(g); });
    if (!used.contains(host.name) && !in_used_group)
      problems.warn(host.position, "no component is on host \"" + host.name + "\"");
  }
}

}  // namespace

const SiteHost* Site::host(std::string_view host_name) const {
  const auto found = std::find_if(hosts.begin(), hosts.end(), [&](const SiteHost& h) { return h.name == host_name; });
  return found == hosts.end() ? nullptr : &*found;
}

const SiteComponent* Site::component(std::string_view component_name) const {
  const auto found = std::find_if(components.begin(), components.end(),
                                  [&](const SiteComponent& c) { return c.name == component_name; });
  return found == components.end() ? nullptr : &*found;
}

std::vector<std::string> Site::hosts_in_group(std::string_view group) const {
  std::vector<std::string> members;
  for (const auto& one : hosts)
    if (std::find(one.groups.begin(), one.groups.end(), group) != one.groups.end()) members.push_back(one.name);
  return members;
}

namespace {

SiteReading read_text(const std::string& text, const std::string& path, const std::vector<std::string>& known_plugins) {
  SiteReading out;
  Site& site = out.site;
  site.path = path;
  site.folder = folder_of(path);
  Problems problems(path);
  const Node top = parse_document(text, problems);
  if (!problems.empty() && top.entries.empty()) {
    out.errors = problems.errors();
    return out;
  }
  check_top(top, problems);
  read_site_table(top, site, problems);
  if (const Node* hosts = table_of(top, "hosts", problems)) site.hosts = read_hosts(*hosts, site.folder, problems);
  std::vector<ComponentTable> tables;
  if (const Node* components = table_of(top, "components", problems))
    tables = read_components(*components, known_plugins, problems);
  std::set<std::string> secrets;
  for (const auto& table : tables)
    for (const auto& at : table.references)
      if (at.reference.kind == Reference::Kind::secret) secrets.insert(at.reference.path);
  site.secret_names.assign(secrets.begin(), secrets.end());
  site.files = read_included(tables, site.folder, problems);
  site.components = wire(tables, site.hosts, problems);
  if (problems.empty()) warn_of_idle_hosts(tables, site, problems);
  out.errors = problems.errors();
  out.warnings = problems.warnings();
  return out;
}

Result<Site> if_right(SiteReading reading, Diagnostics& warnings) {
  if (reading.errors.has_errors()) return failure(reading.errors);
  warnings.add(reading.warnings);
  return std::move(reading.site);
}

}  // namespace

SiteReading read_site(const std::string& path, const std::vector<std::string>& known_plugins) {
  auto file = read_file(path, largest_site_file, Links::follow);
  if (file) return read_text(file->bytes, path, known_plugins);
  SiteReading out;
  for (Diagnostic one : file.error().items()) {
    if (one.what.starts_with("cannot be opened"))
      one.next = "name the site file with --site FILE, or go to the folder that has site.toml";
    out.errors.add(std::move(one));
  }
  return out;
}

Result<Site> parse_site(const std::string& text, const std::string& path, const std::vector<std::string>& known_plugins,
                        Diagnostics& warnings) {
  return if_right(read_text(text, path, known_plugins), warnings);
}

Result<Site> load_site(const std::string& path, const std::vector<std::string>& known_plugins, Diagnostics& warnings) {
  return if_right(read_site(path, known_plugins), warnings);
}

std::string where_in(const Site& site, const SiteComponent& component, std::string_view key) {
  auto found = component.positions.find(key);
  while (found == component.positions.end() && !key.empty()) {
    const std::size_t end = key.find_last_of(".[");
    key = end == std::string_view::npos ? std::string_view() : key.substr(0, end);
    found = component.positions.find(key);
  }
  const Position position = found == component.positions.end() ? Position{} : found->second;
  return site.path + ":" + std::to_string(position.line) + ":" + std::to_string(position.column);
}

}  // namespace wright
