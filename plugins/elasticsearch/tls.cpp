#include <algorithm>

#include "parts.hpp"

namespace elasticsearch {
namespace {

std::string folder_of(const Config& c) { return "/etc/" + c.flavor + "/wright-tls"; }

/// Long enough that nobody has to think of it; the agent makes it anew in its last tenth.
constexpr std::int64_t certificate_days = 3650;

wright::Certificate own_certificate(wright::Configure& on, const Config& c, std::string_view layer) {
  return on.certificate(tls_file(c, layer, "crt"))
      .key(tls_file(c, layer, "key"))
      .days(certificate_days)
      .owner(files_owner(c), c.flavor)
      .mode(0640)
      .key_mode(0640);
}

/// How clients of this host and others reach REST.
std::vector<std::string> names_of_rest(const wright::Configure& on, const Config& c) {
  std::vector<std::string> names = {on.host(), "localhost", near_address(c)};
  for (const auto& address : c.bind) names.push_back(is_any(address) ? on.address() : address);
  if (!c.publish.empty()) names.push_back(c.publish);
  std::sort(names.begin(), names.end());
  names.erase(std::unique(names.begin(), names.end()), names.end());
  return names;
}

/// OpenSearch speaks TLS on both layers; and who shows the administrator's certificate may give it users.
void declare_own_certificates(wright::Configure& on, const Config& c, const wright::Service& service,
                              const wright::Directory& place) {
  const std::string name = c.node_name.empty() ? on.host() : c.node_name;
  auto keys = on.directory(accounts_folder).mode(0700).owner(c.flavor, c.flavor);
  auto admin = own_certificate(on, c, "admin")
                   .key(std::string(accounts_folder) + "/admin.key")
                   .key_mode(0600)
                   .common_name(std::string(admin_subject).substr(3))
                   .after(place, keys);
  service.restart_on(admin);
  if (!is_tls(c.tls))
    service.restart_on(own_certificate(on, c, "http").common_name(name).names(names_of_rest(on, c)).after(place));
  if (!is_tls(c.transport.tls)) service.restart_on(own_certificate(on, c, "transport").common_name(name).after(place));
}

}  // namespace

std::string tls_file(const Config& c, std::string_view layer, std::string_view what) {
  return wright::format("{}/{}.{}", folder_of(c), layer, what);
}

void declare_tls(wright::Configure& on, const Config& c, const wright::Service& service) {
  const bool guarded = is_guarded_opensearch(c);
  if (!is_tls(c.tls) && !is_tls(c.transport.tls) && !guarded) return;
  auto place = config_directory(on, c, folder_of(c));
  auto file = [&](std::string_view layer, std::string_view what) {
    return config_file(on, c, tls_file(c, layer, what)).mode(0640).after(place);
  };
  if (guarded) declare_own_certificates(on, c, service, place);
  // Two files cannot be exchanged at once under a server that looks for itself; a restart reads both.
  for (const auto& [layer, tls] : {std::pair{"http", &c.tls}, {"transport", &c.transport.tls}})
    if (is_tls(*tls))
      service.restart_on(file(layer, "crt").content(tls->certificate), file(layer, "key").content(tls->key));
  if (!c.transport.ca.empty()) service.restart_on(file("transport", "ca").content(c.transport.ca));
}

}  // namespace elasticsearch
