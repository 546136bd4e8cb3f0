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

void add_tls(Lines& lines, const Config& c, std::string_view layer, const Tls& tls) {
  const std::string name = wright::format("xpack.security.{}.ssl.", layer);
  lines.add(name + "enabled", is_tls(tls) ? "true" : "false");
  if (!is_tls(tls)) return;
  lines.text(name + "certificate", tls_file(c, layer, "crt"));
  lines.text(name + "key", tls_file(c, layer, "key"));
}

std::string authority_file(const Config& c) { return tls_file(c, "transport", c.transport.ca.empty() ? "crt" : "ca"); }

/// On by default from 8.0 on, where the package leaves passwords of TLS in the keystore: without a word on both layers,
/// the server does not start.
void add_security(Lines& lines, const Config& c, const Release& release) {
  if (release.opensearch || (c.password.empty() && !release.is_from(8, 0))) return;
  lines.add("xpack.security.enabled", c.password.empty() ? "false" : "true");
  add_tls(lines, c, "http", c.tls);
  add_tls(lines, c, "transport", c.transport.tls);
  if (!is_tls(c.transport.tls)) return;
  lines.list("xpack.security.transport.ssl.certificate_authorities", {authority_file(c)});
  // Any node that the authority knows; addresses in certificates would make each node's another.
  lines.add("xpack.security.transport.ssl.verification_mode", "certificate");
}

/// A server with the plugin starts only when it is configured or turned off.
void add_security_plugin(Lines& lines, const Config& c) {
  if (c.flavor != "opensearch" || !c.security_plugin) return;
  if (!is_guarded_opensearch(c)) return lines.add("plugins.security.disabled", "true");
  const std::string ssl = "plugins.security.ssl.";
  for (const char* layer : {"http", "transport"}) {
    lines.text(ssl + layer + ".pemcert_filepath", tls_file(c, layer, "crt"));
    lines.text(ssl + layer + ".pemkey_filepath", tls_file(c, layer, "key"));
  }
  lines.add(ssl + "http.enabled", "true");
  // Of clients, only the administrator shows a certificate.
  lines.text(ssl + "http.pemtrustedcas_filepath", tls_file(c, "admin", "crt"));
  lines.text(ssl + "transport.pemtrustedcas_filepath", authority_file(c));
  // Any node that the authority knows and `nodes` names; addresses in certificates would make each node's another.
  lines.add(ssl + "transport.enforce_hostname_verification", "false");
  lines.list("plugins.security.authcz.admin_dn", {admin_subject});
  if (!c.transport.nodes.empty()) lines.list("plugins.security.nodes_dn", c.transport.nodes);
  lines.add("plugins.security.allow_default_init_securityindex", "true");
  if (c.settings.count("plugins.security.restapi.roles_enabled") == 0)
    lines.list("plugins.security.restapi.roles_enabled", {"all_access"});
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
  const bool any = is_any(c.bind.front());
  if (!c.publish.empty() || !any) lines.text("http.publish_host", c.publish.empty() ? c.bind.front() : c.publish);
  lines.add("http.port", wright::format("{}", c.port));
  lines.text("transport.bind_host", c.transport.bind);
  // The server's own choice is loopback, whatever it is bound to.
  if (!c.transport.publish.empty() || !is_any(c.transport.bind))
    lines.text("transport.publish_host", c.transport.publish.empty() ? c.transport.bind : c.transport.publish);
  lines.add(release.is_from(7, 1) ? "transport.port" : "transport.tcp.port", wright::format("{}", c.transport.port));
  add_discovery(lines, c, release);
  if (!c.auto_create_index.empty()) lines.text("action.auto_create_index", c.auto_create_index);
  lines.add("action.destructive_requires_name", c.destructive_requires_name ? "true" : "false");
  add_security(lines, c, release);
  add_security_plugin(lines, c);
  for (const auto& [name, value] : c.settings) lines.text(name, value);
  return lines.all();
}

}  // namespace elasticsearch
