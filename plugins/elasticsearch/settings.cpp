#include <algorithm>
#include <wright/json.hpp>

#include "parts.hpp"

namespace elasticsearch {
namespace {

/// Lines of YAML; texts of JSON and lists of them are such, too.
class Lines {
 public:
  void add(std::string_view name, std::string_view value) {
    out_ += std::string(name) + ": " + std::string(value) + "\n";
  }
  void text(std::string_view name, std::string_view value) { add(name, wright::json_quoted(value)); }
  void list(std::string_view name, const std::vector<std::string>& values) { add(name, wright::json_list(values)); }
  [[nodiscard]] const std::string& all() const { return out_; }

 private:
  std::string out_ = "# Written by wright. Hand edits are reported by `wright plan` and replaced by the next apply.\n";
};

void add_roles(Lines& lines, const Config& c, const Release& release) {
  if (release.is_from(7, 9)) {
    auto roles = c.roles;
    if (release.opensearch && release.major >= 2)
      std::replace(roles.begin(), roles.end(), std::string("master"), std::string("cluster_manager"));
    return lines.list("node.roles", roles);
  }
  for (const char* role : {"master", "data", "ingest"})
    lines.add(std::string("node.") + role,
              std::find(c.roles.begin(), c.roles.end(), role) != c.roles.end() ? "true" : "false");
}

void add_discovery(Lines& lines, const Config& c, const Release& release) {
  if (c.seeds.empty()) return lines.add("discovery.type", "single-node");
  if (!release.is_from(7, 0)) {
    lines.list("discovery.zen.ping.unicast.hosts", c.seeds);
    return lines.add("discovery.zen.minimum_master_nodes", wright::format("{}", c.first_masters.size() / 2 + 1));
  }
  lines.list("discovery.seed_hosts", c.seeds);
  const bool new_words = release.opensearch && release.major >= 2;
  lines.list(new_words ? "cluster.initial_cluster_manager_nodes" : "cluster.initial_master_nodes", c.first_masters);
}

}  // namespace

std::string settings_file(const Config& c, const Release& release, const std::string& host) {
  Lines lines;
  lines.text("cluster.name", c.cluster_name);
  lines.text("node.name", c.node_name.empty() ? host : c.node_name);
  add_roles(lines, c, release);
  lines.text("path.data", data_path(c));
  lines.text("path.logs", log_path(c));
  lines.add("bootstrap.memory_lock", c.memory_lock ? "true" : "false");
  lines.list("http.bind_host", c.bind);
  const bool any = c.bind.front() == "0.0.0.0" || c.bind.front() == "::";
  if (!c.publish.empty() || !any) lines.text("http.publish_host", c.publish.empty() ? c.bind.front() : c.publish);
  lines.add("http.port", wright::format("{}", c.port));
  lines.text("transport.bind_host", c.transport.bind);
  if (!c.transport.publish.empty()) lines.text("transport.publish_host", c.transport.publish);
  lines.add(release.is_from(7, 1) ? "transport.port" : "transport.tcp.port", wright::format("{}", c.transport.port));
  add_discovery(lines, c, release);
  if (!c.auto_create_index.empty()) lines.text("action.auto_create_index", c.auto_create_index);
  if (!release.opensearch && release.is_from(8, 0) && c.password.empty()) lines.add("xpack.security.enabled", "false");
  if (!c.password.empty()) lines.add("xpack.security.enabled", "true");
  for (const auto& [name, value] : c.settings) lines.text(name, value);
  return lines.all();
}

}  // namespace elasticsearch
