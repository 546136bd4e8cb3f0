#include "site/hosts.hpp"

#include <algorithm>
#include <cstdlib>
#include <set>

#include "base/name.hpp"
#include "site/fields.hpp"

namespace wright {
namespace {

const std::vector<std::string> host_keys{"address", "port", "user", "key", "groups"};
constexpr std::string_view safe_grammar = "letters, digits, \".\", \"_\", \":\" and \"-\", not starting with \"-\"";

class HostReader {
 public:
  HostReader(SiteHost& host, const std::string& folder, Problems& problems)
      : host_(host), folder_(folder), problems_(problems) {}

  void read(const Node& table) {
    for (const auto& [key, node] : table.entries) {
      if (key == "address") {
        if (const auto* text = safe(key, node, "address")) host_.address = *text;
      } else if (key == "port") {
        read_port(node);
      } else if (key == "user") {
        if (const auto* text = safe(key, node, "user name")) host_.user = *text;
      } else if (key == "key") {
        read_key(node);
      } else if (key == "groups") {
        read_groups(node);
      } else {
        problems_.unknown(node.position, "unknown key \"" + key + "\" in [hosts." + host_.name + "]", key, host_keys);
      }
    }
    if (table.entry("address") == nullptr)
      problems_.add(host_.position, "host \"" + host_.name + "\" has no address",
                    "add address = \"a name or numeric address\", or \"local\" for this machine");
  }

 private:
  const std::string* safe(const std::string& key, const Node& node, const std::string& what) {
    const auto* text = text_of(key, node, problems_);
    if (text == nullptr || is_safe_name(*text)) return text;
    problems_.add(node.position, "\"" + *text + "\" is no " + what + ": " + std::string(safe_grammar));
    return nullptr;
  }

  void read_port(const Node& node) {
    const auto* port = node.scalar.as_int();
    if (node.refused()) return;
    if (port == nullptr)
      problems_.add(node.position, "\"port\" must be an integer, not " + node.described());
    else if (*port < 1 || *port > 65535)
      problems_.add(node.position, "\"port\" must be from 1 to 65535, not " + std::to_string(*port));
    else
      host_.port = static_cast<std::uint16_t>(*port);
  }

  void read_key(const Node& node) {
    const auto* text = text_of("key", node, problems_);
    if (text == nullptr) return;
    if (text->empty() || text->find('\0') != std::string::npos)
      problems_.add(node.position, "\"key\" must be the path of a private key");
    else
      host_.key = absolute_path(folder_, *text);
  }

  void read_groups(const Node& node) {
    std::set<std::string> seen;
    for (auto& [name, position] : names_of("groups", node, problems_)) {
      if (!is_label(name)) {
        problems_.add(position, "\"" + name + "\" is no name of a group: small letters, digits, \"_\" and \"-\"");
      } else if (!seen.insert(name).second) {
        problems_.add(position, "group \"" + name + "\" stands twice");
      } else {
        host_.groups.push_back(name);
        group_positions.push_back({name, position});
      }
    }
  }

  SiteHost& host_;
  const std::string& folder_;
  Problems& problems_;

 public:
  std::vector<NameAt> group_positions;
};

void check_addresses(const std::vector<SiteHost>& hosts, Problems& problems) {
  std::map<std::pair<std::string, std::uint16_t>, const SiteHost*> seen;
  for (const auto& host : hosts) {
    if (host.address.empty()) continue;
    std::string address = host.address;
    std::transform(address.begin(), address.end(), address.begin(),
                   [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
    // Every "local" is the same machine, whatever the port.
    const auto [first, is_new] =
        seen.emplace(std::pair(address, address == "local" ? std::uint16_t{0} : host.port), &host);
    if (is_new) continue;
    const std::string port = address == "local" ? "" : " port " + std::to_string(host.port);
    problems.add(host.position, "hosts \"" + first->second->name + "\" and \"" + host.name +
                                    "\" have the same address " + host.address + port);
  }
}

}  // namespace

std::vector<SiteHost> read_hosts(const Node& table, const std::string& folder, Problems& problems) {
  std::vector<SiteHost> hosts;
  std::vector<NameAt> groups;
  std::set<std::string> names;
  for (const auto& [name, node] : table.entries) {
    SiteHost host;
    host.name = name;
    host.position = node.position;
    if (!is_label(name))
      problems.add(node.position, "\"" + name + "\" is no name of a host: small letters, digits, \"_\" and \"-\"");
    if (node.kind == Node::Kind::table) {
      HostReader reader(host, folder, problems);
      reader.read(node);
      groups.insert(groups.end(), reader.group_positions.begin(), reader.group_positions.end());
    } else {
      problems.add(node.position, "host \"" + name + "\" must be a table, not " + node.described());
    }
    names.insert(name);
    hosts.push_back(std::move(host));
  }
  for (const auto& group : groups)
    if (names.contains(group.name)) problems.add(group.position, "group \"" + group.name + "\" has the name of a host");
  check_addresses(hosts, problems);
  return hosts;
}

std::vector<std::string> groups_of(const std::vector<SiteHost>& hosts) {
  std::set<std::string> groups;
  for (const auto& host : hosts) groups.insert(host.groups.begin(), host.groups.end());
  return {groups.begin(), groups.end()};
}

std::string absolute_path(const std::string& folder, const std::string& path) {
  if (path.starts_with('/')) return path;
  if (path.starts_with("~/"))
    if (const char* home = std::getenv("HOME"); home != nullptr && *home == '/') return home + path.substr(1);
  return folder + "/" + path;
}

}  // namespace wright
