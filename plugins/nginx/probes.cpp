#include "config.hpp"

namespace nginx {
namespace {

std::string url(std::string_view scheme, const std::string& name, std::uint16_t port, const std::string& path) {
  const bool usual = (scheme == "http" && port == 80) || (scheme == "https" && port == 443);
  return wright::format("{}://{}{}{}", scheme, name, usual ? std::string() : wright::format(":{}", port), path);
}

/// A name that can be asked for: the first without a wildcard.
std::string askable_name(const Site& s) {
  for (const auto& name : s.server_names)
    if (!name.empty() && name.find_first_of("*~_") == std::string::npos) return name;
  return s.server_names.empty() ? std::string("localhost") : s.server_names[0];
}

void site_probes(wright::Verify& on, const Site& s) {
  const std::string name = askable_name(s);
  const std::uint32_t status = s.maintenance ? 503 : s.verify_status;
  const std::string contains = s.maintenance ? std::string() : s.verify_contains;
  const bool secure = has_tls(s);
  const std::string trust = s.tls == "self-signed" ? "any" : "system";
  const std::string page =
      secure ? url("https", name, s.https_port, s.verify_path) : url("http", name, s.http_port, s.verify_path);

  auto inside = on.http(page).address("127.0.0.1").status(status).trust(trust).named("nginx serves " + page);
  if (!contains.empty()) inside.contains(contains);
  auto outside =
      on.http(page).address(on.address()).status(status).trust(trust).from_controller().named("a visitor gets " + page);
  if (!contains.empty()) outside.contains(contains);
  if (!secure) return;

  on.tls("127.0.0.1", s.https_port)
      .server_name(name)
      .trust(trust)
      .min_days(1)
      .named("the certificate of " + name + " is good");
  if (s.redirect && s.http_port != 0) {
    const std::string plain = url("http", name, s.http_port, "/");
    on.http(plain)
        .address("127.0.0.1")
        .status(301)
        .header_contains("Location", "https://")
        .named(plain + " redirects to https");
  }
}

}  // namespace

void declare_probes(wright::Verify& on, const Config& c) {
  for (const auto& site : c.sites) {
    const std::uint16_t port = has_tls(site) ? site.https_port : site.http_port;
    on.tcp("127.0.0.1", port).named(wright::format("nginx listens on port {} for {}", port, site.name)).ready();
  }
  for (const auto& site : c.sites) site_probes(on, site);
  if (!c.close_unknown_hosts || c.keep_default_site) return;
  for (const auto& site : c.sites)
    if (site.http_port != 0) {
      on.http(url("http", "unknown.invalid", site.http_port, "/"))
          .address("127.0.0.1")
          .status(0)
          .named("a wrong Host is closed");
      return;
    }
}

}  // namespace nginx
