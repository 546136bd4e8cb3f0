#include <algorithm>
#include <wright/json.hpp>
#include <wright/render.hpp>

#include "bcrypt.hpp"
#include "parts.hpp"
#include "templates/elasticsearch.hpp"

namespace elasticsearch {
namespace {

constexpr const char* folder = "/etc/opensearch";
constexpr const char* users_file = "/etc/opensearch/opensearch-security/internal_users.yml";
constexpr const char* script_file = "/etc/opensearch-accounts/give";
constexpr const char* unit_file = "/etc/systemd/system/opensearch-accounts.service";
constexpr const char* unit = "opensearch-accounts";

/// What the vendor's packages put there when they are installed for the first time. With one of these certificates in
/// its folder, of which everybody has the keys, the server does not start.
constexpr const char* demonstration[] = {"esnode.pem",   "esnode-key.pem", "kirk.pem",
                                         "kirk-key.pem", "root-ca.pem",    "securityadmin_demo.sh"};

std::string script_text(const Config& c) {
  return wright::render(templates::accounts, {{"folder", accounts_folder},
                                              {"data", data_path(c)},
                                              {"address", before_port(near_address(c))},
                                              {"port", c.port}});
}

/// As a unit of its own, a node that waits for others does not count as one that does not start.
std::string unit_text(const Config& c, const std::string& java) {
  return wright::format(
      "# Written by wright. The next apply replaces hand edits.\n"
      "[Unit]\nDescription=Users of OpenSearch\nRequisite=opensearch.service\nAfter=opensearch.service\n"
      "PartOf=opensearch.service\n\n"
      "[Service]\nType=oneshot\nRemainAfterExit=yes\nUser=opensearch\nGroup=opensearch\n{}ExecStart={}\n"
      "TimeoutStartSec={}\n\n"
      "[Install]\nWantedBy=opensearch.service\n",
      java.empty() ? "" : "Environment=OPENSEARCH_JAVA_HOME=" + java + "\n", script_file, c.start_timeout_s);
}

/// Nodes give their files to one index, so a cluster has the same salts on each, and others than other clusters.
std::string salt_of(const Config& c, const std::string& host, const std::string& name) {
  auto masters = c.first_masters;
  std::sort(masters.begin(), masters.end());
  const std::string whose = c.seeds.empty() ? host : wright::json_list(masters);
  return "wright " + c.cluster_name + " " + whose + " " + name;
}

std::string user_line(const Config& c, const std::string& host, const std::string& name, const wright::Secret& password,
                      const std::vector<std::string>& roles) {
  return wright::format("{}: {{\"hash\":{},\"reserved\":true,\"opendistro_security_roles\":{}}}\n",
                        wright::json_quoted(name), wright::json_quoted(bcrypt(salt_of(c, host, name), password)),
                        wright::json_list(roles));
}

/// JSON is YAML, too.
std::string users_text(const Config& c, const std::string& host) {
  std::string out =
      "# Written by wright. Hand edits are reported by `wright plan` and replaced by the next apply.\n"
      "_meta: {\"type\":\"internalusers\",\"config_version\":2}\n";
  out += user_line(c, host, c.user, c.password, {"all_access"});
  for (const auto& user : c.users) out += user_line(c, host, user.name, user.password, user.roles);
  return out;
}

std::string role_body(const Role& role) {
  std::string indices;
  for (const auto& part : role.indices)
    indices +=
        wright::format(R"({}{{"index_patterns":{},"fls":[],"masked_fields":[],"allowed_actions":{}}})",
                       indices.empty() ? "" : ",", wright::json_list(part.names), wright::json_list(part.privileges));
  return wright::format(R"({{"cluster_permissions":{},"index_permissions":[{}],"tenant_permissions":[]}})",
                        wright::json_list(role.cluster), indices);
}

}  // namespace

wright::Service declare_opensearch_accounts(wright::Configure& on, const Config& c, const wright::Service& service) {
  for (const char* name : demonstration)
    service.after(on.file(std::string(folder) + "/" + name).absent().after("package:opensearch"));
  auto users = config_file(on, c, users_file).content(wright::Secret(users_text(c, on.host())));
  auto giving = on.file(script_file)
                    .mode(0700)
                    .owner(c.flavor, c.flavor)
                    .content(script_text(c))
                    .after("directory:" + std::string(accounts_folder));
  auto described =
      on.file(unit_file).mode(0644).content(unit_text(c, java_home(c.java, on.fact("arch").text_or("amd64"))));
  // The server reads the file by itself when it has no users yet.
  service.after(users);
  auto accounts = on.service(unit)
                      .enabled()
                      .running()
                      .stable(0)
                      .timeout(c.start_timeout_s)
                      .restart_on(users, giving, described)
                      .after(service);
  for (const auto& role : c.user_roles)
    rest_object(on, c, "/_plugins/_security/api/roles/" + role.name)
        .within("/" + role.name)
        .body(role_body(role))
        .restore({"cluster_permissions", "index_permissions", "tenant_permissions"})
        .after(accounts);
  return accounts;
}

}  // namespace elasticsearch
