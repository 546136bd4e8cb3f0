#pragma once

#include <string>

#include "options.hpp"

namespace nginx {

/// What of the host decides how the configuration reads.
struct Host {
  bool ipv6 = false;
  bool http2_directive = false;   ///< nginx 1.25.1 and later: "http2 on" instead of a word in listen
  bool reject_handshake = false;  ///< nginx 1.19.4 and later
};

/// /etc/nginx/nginx.conf
std::string main_config(const Config& config);
/// sites-available/NAME.conf of one site.
std::string server_config(const Config& config, const Site& site, const Host& host);
/// sites-available/00-unknown-hosts.conf: what closes connections that ask for no site of ours.
std::string unknown_hosts_config(const Config& config, const Host& host);

/// Tells every problem that the option table cannot find through on.error; true when there is none.
bool check(wright::Configure& on, const Config& config);
void declare_probes(wright::Verify& on, const Config& config);

/// Paths of a site's certificate and key on the host.
std::string certificate_path(const Site& site);
std::string key_path(const Site& site);
/// The folder of a site's files; empty when it has none.
std::string root_of(const Site& site);
inline bool has_tls(const Site& site) { return site.tls != "off"; }

}  // namespace nginx
