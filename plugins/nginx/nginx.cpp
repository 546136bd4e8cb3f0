#include <set>
#include <wright/check.hpp>

#include "config.hpp"
#include "syntax.hpp"

namespace nginx {

bool check(wright::Configure& on, const Config& c) {
  bool good = true;
  auto bad = [&](const std::string& option, const std::string& what) {
    on.error(option, what);
    good = false;
  };
  std::set<std::string> names;
  auto lines = [&](const std::string& key, const std::vector<std::string>& all) {
    for (std::size_t i = 0; i < all.size(); ++i)
      if (!wright::is_line(all[i]))
        bad(wright::format("{}[{}]", key, i), "must be one line without control characters");
  };
  auto directives = [&](const std::string& key, const std::vector<std::string>& all) {
    if (const Flaw flaw = flaw_in(all); !flaw.what.empty()) bad(wright::format("{}[{}]", key, flaw.line), flaw.what);
  };
  auto absolute = [&](const std::string& key, const std::string& path) {
    if (!path.empty() && (path[0] != '/' || !wright::is_line(path) || path.find("/../") != std::string::npos))
      bad(key, "must be an absolute path without \"..\"");
  };
  if (c.worker_processes != "auto" && c.worker_processes.find_first_not_of("0123456789") != std::string::npos)
    bad("worker_processes", "must be a number or \"auto\"");
  directives("extra", c.extra);
  directives("extra_main", c.extra_main);
  for (std::size_t i = 0; i < c.gzip_types.size(); ++i)
    if (!is_media_type(c.gzip_types[i]))
      bad(wright::format("gzip_types[{}]", i), "is no media type such as \"text/css\", or \"*\"");
  for (std::size_t i = 0; i < c.sites.size(); ++i) {
    const Site& s = c.sites[i];
    const std::string at = wright::format("sites[{}].", i);
    if (s.name.empty() || s.name.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789_-") != std::string::npos)
      bad(at + "name", "must be lower-case letters, digits, \"_\" and \"-\": it names a file");
    if (!names.insert(s.name).second) bad(at + "name", "\"" + s.name + "\" is the name of two sites");
    if (s.server_names.empty()) bad(at + "server_names", "names no host; \"_\" would be any");
    for (std::size_t j = 0; j < s.server_names.size(); ++j)
      if (s.server_names[j].empty() || s.server_names[j].find_first_of(" \t\r\n;{}\"'\\$") != std::string::npos)
        bad(wright::format("{}server_names[{}]", at, j), "is not a host name");
    if (s.tls == "files" && (s.certificate.empty() || s.certificate_key.empty()))
      bad(at + "tls", "\"files\" needs certificate and certificate_key");
    if (s.tls != "files" && !(s.certificate.empty() && s.certificate_key.empty()))
      bad(at + "certificate", "is used with tls = \"files\" only");
    if (s.tls == "off" && s.http_port == 0) bad(at + "http_port", "is 0 and tls is off: the site would listen nowhere");
    for (const auto& [key, path] : {std::pair{"certificate", s.certificate},
                                    {"certificate_key", s.certificate_key},
                                    {"root", s.root},
                                    {"error_page_folder", s.error_page_folder},
                                    {"acme_folder", s.acme_folder},
                                    {"access_log", s.access_log}})
      absolute(at + key, path);
    for (std::size_t j = 0; j < s.static_.size(); ++j)
      absolute(wright::format("{}static[{}].directory", at, j), s.static_[j].directory);
    for (std::size_t j = 0; j < s.pages.size(); ++j)
      if (s.pages[j].name.empty() || s.pages[j].name.find_first_of("/\\\"'; \n") != std::string::npos ||
          s.pages[j].name[0] == '.')
        bad(wright::format("{}pages[{}].name", at, j), "must be a plain file name");
    directives(at + "extra", s.extra);
    for (std::size_t j = 0; j < s.locations.size(); ++j)
      directives(wright::format("{}locations[{}].extra", at, j), s.locations[j].extra);
    for (const auto& [name, value] : s.headers)
      if (!is_header_name(name) || !wright::is_line(value))
        bad(at + "headers", "\"" + (wright::is_line(name) ? name : std::string("?")) +
                                "\" is no name of a header, or its value is not one line");
    lines(at + "upstream", s.upstream);
  }
  return good;
}

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
    if (!c.keep_default_site) service.reload_on(on.symlink("/etc/nginx/sites-enabled/default").absent());
    file("/etc/nginx/nginx.conf", main_config(c));
    service.enabled().running();
  }

  void verify(wright::Verify& on, const Config& c) { declare_probes(on, c); }

 private:
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
