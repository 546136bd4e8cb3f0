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

class Text;

/// By the version that is wanted, or else by the host's release.
Host host_of(wright::Configure& on, const Config& config);

/// /etc/nginx/nginx.conf
std::string main_config(const Config& config);
/// sites-available/NAME.conf of one site.
std::string server_config(const Config& config, const Site& site, const Host& host);
/// Where the server logs, and where a site does if it has logs of its own.
void declare_logs(Text& out, const Config& config);
void declare_logs(Text& out, const Config& config, const Site& site);
/// Which networks are let in.
void declare_networks(Text& out, const std::vector<std::string>& allow, const std::vector<std::string>& deny);
/// Who may ask for a site: networks and accounts.
void declare_access(Text& out, const Site& site);
/// The account's line in a site's file of passwords. `salted_by` tells it from accounts of other sites and hosts.
std::string password_line(const User& user, const std::string& salted_by);
/// That file's path; the site has one when it has users.
std::string password_path(const Site& site);
/// What listen directives of a site name for a port: one place for each of its addresses, or all of the host's.
std::vector<std::string> listen_places(const Site& site, std::uint16_t port, const Host& host);
/// Where the host itself asks for the site.
std::string inner_address(const Site& site);
/// Each place at an address that a site has of its own, a line each; empty when there is none.
std::string own_addresses(const Config& config);
/// sites-available/00-unknown-hosts.conf: what closes connections that ask for no site of ours.
std::string unknown_hosts_config(const Config& config, const Host& host);

/// Tells every problem that the option table cannot find through on.error; true when there is none.
bool check(wright::Configure& on, const Config& config);
/// The same for what the host's nginx cannot do: before 1.25.1 HTTP/2 is a matter of the port, and one site's "false"
/// would be lost without a word.
bool check_http2(wright::Configure& on, const Config& config, const Host& host);
void declare_probes(wright::Verify& on, const Config& config);

/// Paths of a site's certificate and key on the host.
std::string certificate_path(const Site& site);
std::string key_path(const Site& site);
/// The folder of a site's files; empty when it has none.
std::string root_of(const Site& site);
inline bool has_tls(const Site& site) { return site.tls != "off"; }

}  // namespace nginx
