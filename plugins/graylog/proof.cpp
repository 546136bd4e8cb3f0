#include <wright/digest.hpp>
#include <wright/json.hpp>
#include <wright/shell.hpp>

#include "parts.hpp"
#include "templates/graylog.hpp"

namespace graylog {

wright::Secret proof(const Config& c) {
  const std::string login = "Basic " + wright::base64(c.root_user + ":" + c.root_password.reveal());
  const std::string near = near_url(c);
  const std::string authority = near.substr(near.find("//") + 2);
  std::string out = wright::format(
      "host={} in_url={} port={} tls={} full_percent={} journal={} patience=15 settle=5 "
      "log=/var/log/graylog-server/server.log "
      "node_id=/etc/graylog/server/node-id "
      "login={}\n",
      near_address(c.bind), wright::shell_quoted(authority.substr(0, authority.rfind(':'))), c.port,
      !c.tls.certificate.empty(), c.journal.full_percent, c.journal.enabled, wright::shell_quoted(login));
  out += templates::proof;
  for (const auto& i : c.inputs) {
    const std::string name = wright::shell_quoted(i.name);
    if (!i.node.empty()) out += "is_node " + wright::shell_quoted(i.node) + " && ";
    out += wright::format("input {} {}\n", name, wright::shell_quoted(wright::json_quoted(i.name)));
    // It wants a client's certificate; who knows what it understands; it may be on another node.
    if (!i.tls.clients.empty() || !i.java_class.empty() || !i.node.empty()) continue;
    out += wright::format("message {} {} {} {} {}\n", i.type, near_address(i.bind), i.port, !i.tls.certificate.empty(),
                          name);
  }
  return wright::Secret(out + "finish\n");
}

}  // namespace graylog
