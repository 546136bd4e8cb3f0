#include <wright/apt_source.hpp>

#include "config.hpp"

namespace nginx {
namespace {

const std::vector<std::string> validate = {"/usr/sbin/nginx", "-t", "-q"};

struct Nginx : wright::Plugin {
  static constexpr auto about = wright::about("nginx", "1.0.0", "Web server and reverse proxy");
  using Config = nginx::Config;
  static constexpr auto options = nginx::config_options;

  void install(wright::Install& on, const Config& c) {
    const auto package = on.package("nginx");
    if (!c.version.empty()) package.version(c.version);
    wright::apt_source(on, c.source, package);
  }

  void configure(wright::Configure& on, const Config& c) {
    if (!check(on, c)) return;
    const Host host = host_of(on, c);
    if (!check_http2(on, c, host)) return;
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
    // Debian's package has them, that of nginx.org has not.
    if (!c.source.uri.empty())
      for (const char* name : {"sites-available", "sites-enabled"})
        on.directory(std::string("/etc/nginx/") + name).mode(0755);
    // Every one before the first file: nginx tries all files together, and each names its certificate.
    for (const auto& site : c.sites) declare_certificate(on, site, service);
    for (const auto& site : c.sites) declare_site(on, c, site, host, file, enable);
    if (c.close_unknown_hosts && !c.keep_default_site && !c.sites.empty()) {
      file("/etc/nginx/sites-available/00-unknown-hosts.conf", unknown_hosts_config(c, host));
      enable("00-unknown-hosts.conf");
    }
    declare_own_addresses(on, c, service);
    if (!c.keep_default_site) {
      service.reload_on(on.symlink("/etc/nginx/sites-enabled/default").absent());
      service.reload_on(on.file("/etc/nginx/conf.d/default.conf").absent());
    }
    declare_users(on, c);
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
    if (s.tls == "pem") {
      auto given = [&](const std::string& path) {
        auto file = on.file(path).validate(validate).validate_tree("/etc/nginx");
        service.reload_on(file);
        return file;
      };
      given(certificate_path(s)).mode(0644).content(s.certificate_pem);
      given(key_path(s)).mode(0600).content(s.certificate_key_pem);
    }
    if (s.tls != "self-signed") return;
    auto certificate = on.certificate(certificate_path(s))
                           .key(key_path(s))
                           .common_name(s.server_names.empty() ? s.name : s.server_names[0]);
    certificate.names(s.server_names).days(s.certificate_days);
    if (s.certificate_key_type != "ecdsa-p256") certificate.key_type(s.certificate_key_type);
    wright::put_certificate_subject(certificate, s.certificate_subject);
    service.reload_on(certificate);
  }

  /// nginx reads these for each request, as the account of its workers.
  static void declare_users(wright::Configure& on, const Config& c) {
    bool any = false;
    for (const auto& site : c.sites) {
      if (site.users.empty()) continue;
      if (!any) on.directory("/etc/nginx/auth_basic").mode(0750).owner("root", c.user);
      any = true;
      std::string text;
      for (const auto& user : site.users) text += password_line(user, "wright " + on.host() + " " + site.name);
      on.file(password_path(site)).mode(0640).owner("root", c.user).content(wright::Secret(text));
    }
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
