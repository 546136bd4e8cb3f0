#include "checks.hpp"

#include <map>
#include <set>
#include <wright/apt_source.hpp>
#include <wright/check.hpp>

#include "config.hpp"
#include "syntax.hpp"

namespace nginx {
namespace {

/// Two sites at one port must both be at all addresses or both at their own: nginx asks only those that name the
/// address, so that the other would not be found there.
void check_listening_together(Problems& on, const Config& c) {
  std::map<std::uint16_t, const Site*> first;
  for (std::size_t i = 0; i < c.sites.size(); ++i) {
    const Site& s = c.sites[i];
    for (const std::uint16_t port : {s.http_port, has_tls(s) ? s.https_port : s.http_port}) {
      if (port == 0) continue;
      const Site* other = first.try_emplace(port, &s).first->second;
      if (other->listen.empty() != s.listen.empty())
        on.bad(wright::format("sites[{}].listen", i),
               wright::format("must be given for both or neither of the sites at port {}, this one and \"{}\": at an "
                              "address that one site names nginx finds no other",
                              port, other->name));
    }
  }
}

void check_default_servers(Problems& on, const Config& c) {
  std::set<std::string> taken;
  for (std::size_t i = 0; i < c.sites.size(); ++i) {
    const Site& s = c.sites[i];
    if (!s.default_server) continue;
    std::set<std::uint16_t> ports = {s.http_port};
    if (has_tls(s)) ports.insert(s.https_port);
    for (const std::uint16_t port : ports)
      for (const auto& place : listen_places(s, port, {}))
        if (port != 0 && !taken.insert(place).second)
          on.bad(wright::format("sites[{}].default_server", i),
                 wright::format("is another site's already at port {}", port));
  }
  if (c.keep_default_site && !taken.empty())
    on.bad("keep_default_site", "leaves Debian's site the default one, and a site is to be that too");
}

}  // namespace

void Problems::bad(const std::string& option, const std::string& what) {
  on_.error(option, what);
  good_ = false;
}

void Problems::lines(const std::string& key, const std::vector<std::string>& all) {
  for (std::size_t i = 0; i < all.size(); ++i)
    if (!wright::is_line(all[i])) bad(wright::format("{}[{}]", key, i), "must be one line without control characters");
}

void Problems::directives(const std::string& key, const std::vector<std::string>& all) {
  if (const Flaw flaw = flaw_in(all); !flaw.what.empty()) bad(wright::format("{}[{}]", key, flaw.line), flaw.what);
}

void Problems::absolute(const std::string& key, const std::string& path) {
  if (!path.empty() && (path[0] != '/' || !wright::is_line(path) || path.find("/../") != std::string::npos))
    bad(key, "must be an absolute path without \"..\"");
}

bool check(wright::Configure& configure, const Config& c) {
  Problems on(configure);
  if (c.worker_processes != "auto" && c.worker_processes.find_first_not_of("0123456789") != std::string::npos)
    on.bad("worker_processes", "must be a number or \"auto\"");
  on.directives("extra", c.extra);
  on.directives("extra_main", c.extra_main);
  for (std::size_t i = 0; i < c.gzip_types.size(); ++i)
    if (!is_media_type(c.gzip_types[i]))
      on.bad(wright::format("gzip_types[{}]", i), "is no media type such as \"text/css\", or \"*\"");
  std::set<std::string> names;
  for (std::size_t i = 0; i < c.sites.size(); ++i) {
    check_site(on, wright::format("sites[{}].", i), c.sites[i]);
    if (!names.insert(c.sites[i].name).second)
      on.bad(wright::format("sites[{}].name", i), "\"" + c.sites[i].name + "\" is the name of two sites");
  }
  check_listening_together(on, c);
  check_default_servers(on, c);
  if (!c.version.empty() && !wright::is_word(c.version))
    on.bad("version", "must be a package's version, such as 1.26.2-1~bookworm");
  return wright::check_apt_source(configure, c.source) && on.good();
}

bool check_http2(wright::Configure& configure, const Config& c, const Host& host) {
  Problems on(configure);
  if (host.http2_directive) return true;
  std::map<std::string, const Site*> first;
  for (std::size_t i = 0; i < c.sites.size(); ++i) {
    const Site& s = c.sites[i];
    if (!has_tls(s)) continue;
    for (const auto& place : listen_places(s, s.https_port, host)) {
      const Site* other = first.try_emplace(place, &s).first->second;
      if (other->http2 == s.http2) continue;
      on.bad(
          wright::format("sites[{}].http2", i),
          wright::format("must be the same for the sites at port {}, this one and \"{}\": nginx before 1.25.1, as this "
                         "host has it, speaks HTTP/2 at a port or not",
                         s.https_port, other->name));
      break;
    }
  }
  return on.good();
}

}  // namespace nginx
