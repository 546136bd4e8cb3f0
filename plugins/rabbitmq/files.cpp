#include <algorithm>
#include <wright/digest.hpp>
#include <wright/json.hpp>
#include <wright/url.hpp>

#include "cluster.hpp"
#include "parts.hpp"

namespace rabbitmq {
namespace {

constexpr std::string_view header = "# Written by wright. The next apply replaces hand edits.\n";

/// With brackets around an IPv6 address.
std::string endpoint(const std::string& address, std::uint16_t port) {
  const bool v6 = address.find(':') != std::string::npos;
  return wright::format("{}{}{}:{}", v6 ? "[" : "", address, v6 ? "]" : "", port);
}

/// As RabbitMQ stores it. The salt follows from name and password, so that the file is the same each time.
std::string password_hash(const std::string& name, const wright::Secret& password) {
  const std::string salt = wright::hmac_sha256(password.reveal(), name).substr(0, 4);
  return wright::base64(salt + wright::sha256(salt + password.reveal()));
}

}  // namespace

std::string main_file(const Config& c) {
  std::string out(header);
  // An IPv6 address has no brackets here.
  for (std::size_t i = 0; i < c.listen.size(); ++i)
    out += wright::format("listeners.tcp.{} = {}:{}\n", i + 1, c.listen[i], c.port);
  if (!c.tls.certificate.empty()) {
    const auto& addresses = tls_addresses(c);
    for (std::size_t i = 0; i < addresses.size(); ++i)
      out += wright::format("listeners.ssl.{} = {}:{}\n", i + 1, addresses[i], c.tls.port);
    out += "ssl_options.certfile = " + c.tls.certificate + "\nssl_options.keyfile = " + c.tls.key + "\n";
    if (!c.tls.ca.empty()) out += "ssl_options.cacertfile = " + c.tls.ca + "\n";
    out += wright::format("ssl_options.verify = {}\nssl_options.fail_if_no_peer_cert = {}\n",
                          c.tls.verify_clients ? "verify_peer" : "verify_none", c.tls.verify_clients);
    out += "ssl_options.versions.1 = tlsv1.3\nssl_options.versions.2 = tlsv1.2\n";
  }
  out += wright::format("management.tcp.ip = {}\nmanagement.tcp.port = {}\n", c.management_address, c.management_port);
  out += "load_definitions = /etc/rabbitmq/definitions.json\n";
  out += wright::format("vm_memory_high_watermark.relative = {}\n", c.memory_share);
  out += c.disk_free_memory > 0 ? wright::format("disk_free_limit.relative = {}\n", c.disk_free_memory)
                                : wright::format("disk_free_limit.absolute = {}MiB\n", c.disk_free_mb);
  out += wright::format("heartbeat = {}\nchannel_max = {}\n", c.heartbeat_s, c.channel_max);
  if (is_clustered(c)) out += "cluster_partition_handling = " + c.cluster.partition_handling + "\n";
  out += "log.file = rabbit.log\nlog.file.level = " + c.log_level + "\n";
  if (!c.syslog.empty()) {
    const auto colon = c.syslog.rfind(':');
    out += "log.syslog = true\nlog.syslog.level = " + c.log_level + "\nlog.syslog.transport = udp\n";
    out += "log.syslog.protocol = rfc5424\nlog.syslog.identity = rabbitmq\n";
    out +=
        "log.syslog.host = " + c.syslog.substr(0, colon) + "\nlog.syslog.port = " + c.syslog.substr(colon + 1) + "\n";
  }
  for (const auto& line : c.extra) out += line + "\n";
  return out;
}

std::string environment_file(const Config& c) {
  std::string out(header);
  out += "NODENAME=" + c.node_name + "\n";
  if (is_clustered(c)) return out + cluster_environment(c);
  if (is_local_node(c)) out += "SERVER_ADDITIONAL_ERL_ARGS=\"-kernel inet_dist_use_interface {127,0,0,1}\"\n";
  return out;
}

bool is_local_node(const Config& c) { return !is_clustered(c) && c.node_name.ends_with("@localhost"); }

std::string plugins_file(const Config& c) {
  std::string out = "[rabbitmq_management";
  for (const auto& name : c.plugins)
    if (name != "rabbitmq_management") out += "," + name;
  return out + "].\n";
}

wright::Secret definitions_file(const Config& c) {
  const std::string name = wright::json_quoted(c.admin_user);
  std::string out = R"({"vhosts":[{"name":"/"}],"users":[{"name":)" + name + R"(,"password_hash":")";
  out += password_hash(c.admin_user, c.admin_password);
  out += R"(","hashing_algorithm":"rabbit_password_hashing_sha256","tags":["administrator"]}],"permissions":[{"user":)";
  return wright::Secret(out + name + R"(,"vhost":"/","configure":".*","write":".*","read":".*"}]})" + "\n");
}

const std::vector<std::string>& tls_addresses(const Config& c) {
  return c.tls.listen.empty() ? c.listen : c.tls.listen;
}

std::string near_address(const std::vector<std::string>& listen) {
  if (listen.front() == "0.0.0.0") return "127.0.0.1";
  return listen.front() == "::" ? "::1" : listen.front();
}

bool is_reachable(const std::vector<std::string>& listen) {
  return std::any_of(listen.begin(), listen.end(),
                     [](const std::string& address) { return !address.starts_with("127.") && address != "::1"; });
}

std::string api_url(const Config& c, std::string_view path) {
  return wright::format("http://127.0.0.1:{}/api/{}", c.management_port, path);
}

wright::Secret amqp_url(const Config& c, const std::string& address, const User& user, bool tls) {
  const std::string vhost = vhost_of(c, user.permissions.empty() ? "" : user.permissions.front().vhost);
  return wright::Secret((tls ? "amqps://" : "amqp://") + wright::url_quoted(user.name) + ":" +
                        wright::url_quoted(user.password.reveal()) + "@" +
                        endpoint(address, tls ? c.tls.port : c.port) + "/" + wright::url_quoted(vhost));
}

}  // namespace rabbitmq
