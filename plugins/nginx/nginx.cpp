#include "config.hpp"

namespace nginx {
namespace {

/// Whether the distribution's nginx is at least the one of that Debian or Ubuntu release.
bool since(wright::Configure& on, int debian, double ubuntu) {
  const std::string id = on.fact("os.id").text();
  const std::string version = on.fact("os.version").text();
  if (version.empty() || version.find_first_not_of("0123456789.") != std::string::npos)
    return true;  // testing, unstable
  return id == "ubuntu" ? std::stod(version) >= ubuntu : std::stod(version) >= debian;
}

bool has_ipv6(wright::Configure& on) {
  const auto fact = on.fact("ipv6");
  return !fact.absent() && fact.boolean();
}

const std::vector<std::string> validate = {"/usr/sbin/nginx", "-t", "-q"};

struct Nginx : wright::Plugin {
  static constexpr auto about = wright::about("nginx", "1.0.0", "Web server and reverse proxy");
  using Config = nginx::Config;
  static constexpr auto options = nginx::config_options;

  void install(wright::Install& on, const Config&) { on.package("nginx"); }

  void configure(wright::Configure& on, const Config& c) {
    if (!check(on, c)) return;
    const Host host{c.ipv6 && has_ipv6(on), since(on, 13, 25.04), since(on, 12, 24.04)};
    auto service = on.service("nginx");
    auto file = [&](const std::string& path, const std::string& content) {
      auto f = on.file(path).mode(0644).content(content).validate(validate).validate_tree("/etc/nginx");
      service.reload_on(f);
    };
    auto enable = [&](const std::string& name) {
      service.reload_on(on.symlink("/etc/nginx/sites-enabled/" + name).target("/etc/nginx/sites-available/" + name));
    };

    on.directory("/etc/nginx/maintenance").mode(0755);
    on.directory("/etc/nginx/tls").mode(0700);
    // Every one before the first file: nginx tries all files together, and each names its certificate.
    for (const auto& site : c.sites) declare_certificate(on, site, service);
    for (const auto& site : c.sites) declare_site(on, c, site, host, file, enable);
    if (c.close_unknown_hosts && !c.keep_default_site && !c.sites.empty()) {
      file("/etc/nginx/sites-available/00-unknown-hosts.conf", unknown_hosts_config(c, host));
      enable("00-unknown-hosts.conf");
    }
    declare_own_addresses(on, c, service);
    if (!c.keep_default_site) service.reload_on(on.symlink("/etc/nginx/sites-enabled/default").absent());
    file("/etc/nginx/nginx.conf", main_config(c));
    service.enabled().running();
  }

  void verify(wright::Verify& on, const Config& c) { declare_probes(on, c); }

 private:
  /// A reload cannot take a port from all addresses to one of them, or back: the old socket is in the way of the new.
  /// nginx then goes on as before and only its log says so. So a change of these is a restart.
  static void declare_own_addresses(wright::Configure& on, const Config& c, wright::Service& service) {
    auto file = on.file("/etc/nginx/own-addresses");
    const std::string places = own_addresses(c);
    if (places.empty())
      file.absent();
    else
      file.mode(0644).content(
          "# Written by wright: addresses that sites have of their own. A change restarts nginx.\n" + places);
    service.restart_on(file);
  }

  static void declare_certificate(wright::Configure& on, const Site& s, wright::Service& service) {
    if (s.tls != "self-signed") return;
    auto certificate = on.certificate(certificate_path(s))
                           .key(key_path(s))
                           .common_name(s.server_names.empty() ? s.name : s.server_names[0]);
    certificate.names(s.server_names).days(s.certificate_days);
    service.reload_on(certificate);
  }

  template <class File, class Enable>
  static void declare_site(wright::Configure& on, const Config& c, const Site& s, const Host& host, File& file,
                           Enable& enable) {
    if (!s.pages.empty()) on.directory(root_of(s)).mode(0755);
    for (const auto& page : s.pages) on.file(root_of(s) + "/" + page.name).mode(0644).content(page.content);
    on.file("/etc/nginx/maintenance/" + s.name + ".html").mode(0644).content(s.maintenance_page);
    if (s.maintenance) on.file("/etc/nginx/maintenance/" + s.name + ".on").mode(0644).content("");
    file("/etc/nginx/sites-available/" + s.name + ".conf", server_config(c, s, host));
    enable(s.name + ".conf");
    on.export_value(s.name + ".url", wright::format("{}://{}", has_tls(s) ? "https" : "http",
                                                    s.server_names.empty() ? "" : s.server_names[0]));
  }
};

}  // namespace
}  // namespace nginx

using NginxPlugin = nginx::Nginx;
WRIGHT_PLUGIN(NginxPlugin)
