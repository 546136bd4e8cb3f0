#include <set>

#include "config.hpp"
#include "syntax.hpp"

namespace nginx {
namespace {

void add(std::set<std::string>& places, const std::vector<std::string>& more) {
  places.insert(more.begin(), more.end());
}

}  // namespace

std::vector<std::string> listen_places(const Site& s, std::uint16_t port, const Host& host) {
  std::vector<std::string> out;
  if (s.listen.empty()) {
    out.push_back(wright::format("{}", port));
    if (host.ipv6) out.push_back(wright::format("[::]:{}", port));
  }
  for (const auto& address : s.listen)
    out.push_back(address.find(':') == std::string::npos ? wright::format("{}:{}", address, port)
                                                         : wright::format("[{}]:{}", address, port));
  return out;
}

std::string inner_address(const Site& s) { return s.listen.empty() ? "127.0.0.1" : s.listen[0]; }

std::string own_addresses(const Config& c) {
  std::set<std::string> places;
  for (const auto& site : c.sites) {
    if (site.listen.empty()) continue;
    if (site.http_port != 0) add(places, listen_places(site, site.http_port, {}));
    if (has_tls(site)) add(places, listen_places(site, site.https_port, {}));
  }
  std::string out;
  for (const auto& place : places) out += place + "\n";
  return out;
}

std::string unknown_hosts_config(const Config& c, const Host& host) {
  std::set<std::string> plain;
  std::set<std::string> secure;
  const Site* with_certificate = nullptr;
  std::set<std::string> taken;
  for (const auto& site : c.sites) {
    if (!site.default_server) continue;
    if (site.http_port != 0) add(taken, listen_places(site, site.http_port, host));
    if (has_tls(site)) add(taken, listen_places(site, site.https_port, host));
  }
  for (const auto& site : c.sites) {
    if (site.http_port != 0) add(plain, listen_places(site, site.http_port, host));
    if (!has_tls(site)) continue;
    add(secure, listen_places(site, site.https_port, host));
    if (with_certificate == nullptr) with_certificate = &site;
  }
  for (const auto& place : taken) {
    plain.erase(place);
    secure.erase(place);
  }
  Text out;
  auto open = [&](const std::set<std::string>& places, std::string_view more) {
    out.open("server");
    for (const auto& place : places) out.line(wright::format("listen {}{} default_server;", place, more));
    out.line("server_name _;");
  };
  if (!plain.empty()) {
    open(plain, "");
    out.line("return 444;");
    out.close();
  }
  if (!secure.empty()) {
    open(secure, " ssl");
    if (host.reject_handshake) {
      out.line("ssl_reject_handshake on;");
    } else {
      out.directive("ssl_certificate", certificate_path(*with_certificate));
      out.directive("ssl_certificate_key", key_path(*with_certificate));
    }
    // Plain HTTP on this port would be answered with an error; sent on within the server, it meets the return too.
    out.line("error_page 497 /;");
    out.line("return 444;");
    out.close();
  }
  return out.text();
}

}  // namespace nginx
