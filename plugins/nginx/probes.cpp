#include <algorithm>
#include <wright/digest.hpp>

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

bool is_reached_at(const Site& s, const std::string& address) {
  return s.listen.empty() || std::find(s.listen.begin(), s.listen.end(), address) != s.listen.end();
}

std::string trust_of(const Site& s) {
  if (s.verify_trust != "auto") return s.verify_trust;
  return s.tls == "self-signed" ? "any" : "system";
}

/// What is asked of one site.
class SiteProbes {
 public:
  SiteProbes(wright::Verify& on, const Site& s) : on_(on), s_(s), name_(askable_name(s)), trust_(trust_of(s)) {}

  void declare() {
    const std::string page = address_of(s_.verify_path);
    asked_for_page(ask(page).named("nginx serves " + page));
    // At an address of its own, the controller's way to it is not known.
    if (is_reached_at(s_, on_.address()))
      asked_for_page(log_in(on_.http(page).address(on_.address()).trust(trust_))
                         .from_controller()
                         .named("a visitor gets " + page));
    if (!s_.maintenance) {
      declare_static_files();
      declare_refusal(page);
    }
    if (has_tls(s_)) declare_tls();
  }

 private:
  [[nodiscard]] std::string address_of(const std::string& path) const {
    return has_tls(s_) ? url("https", name_, s_.https_port, path) : url("http", name_, s_.http_port, path);
  }

  wright::HttpProbe ask(const std::string& page) {
    return log_in(on_.http(page).address(inner_address(s_)).trust(trust_));
  }

  [[nodiscard]] wright::HttpProbe log_in(const wright::HttpProbe& probe) const {
    if (s_.users.empty()) return probe;
    const User& user = s_.users[0];
    return probe.header("Authorization",
                        wright::Secret("Basic " + wright::base64(user.name + ":" + user.password.reveal())));
  }

  /// Where addresses alone may let a visitor in, this host's may.
  void declare_refusal(const std::string& page) {
    if (s_.users.empty() || s_.satisfy == "any") return;
    on_.http(page)
        .address(inner_address(s_))
        .trust(trust_)
        .status(401)
        .named("nginx lets nobody see " + page + " without a password");
  }

  void asked_for_page(const wright::HttpProbe& probe) const {
    probe.status(s_.maintenance ? 503 : s_.verify_status);
    if (!s_.maintenance && !s_.verify_contains.empty()) probe.contains(s_.verify_contains);
  }

  void declare_static_files() {
    for (const auto& folder : s_.static_) {
      if (folder.verify.empty()) continue;
      const std::string file = address_of(folder.path + folder.verify);
      ask(file).status(200).named("nginx serves the static file " + file);
    }
  }

  void declare_tls() {
    on_.tls(inner_address(s_), s_.https_port)
        .server_name(name_)
        .trust(trust_)
        .min_days(1)
        .named("the certificate of " + name_ + " is good");
    if (s_.redirect && s_.http_port != 0) redirects(url("http", name_, s_.http_port, "/"));
    redirects(wright::format("http://{}:{}/", name_, s_.https_port));
  }

  void redirects(const std::string& plain) {
    on_.http(plain)
        .address(inner_address(s_))
        .status(301)
        .header_contains("Location", "https://")
        .named(plain + " redirects to https");
  }

  wright::Verify& on_;
  const Site& s_;
  std::string name_;
  std::string trust_;
};

bool has_default_server(const Config& c, std::uint16_t port) {
  return std::any_of(c.sites.begin(), c.sites.end(), [&](const Site& s) {
    return s.default_server && (s.http_port == port || (has_tls(s) && s.https_port == port));
  });
}

/// The first site with plain HTTP and the first with TLS stand for all: one server closes for each kind.
void unknown_hosts_are_closed(wright::Verify& on, const Config& c) {
  const auto plain = std::find_if(c.sites.begin(), c.sites.end(), [&](const Site& s) {
    return s.http_port != 0 && !has_default_server(c, s.http_port);
  });
  if (plain != c.sites.end())
    on.http(url("http", "unknown.invalid", plain->http_port, "/"))
        .address(inner_address(*plain))
        .closed()
        .named("a wrong Host is closed");
  const auto secure = std::find_if(c.sites.begin(), c.sites.end(),
                                   [&](const Site& s) { return has_tls(s) && !has_default_server(c, s.https_port); });
  if (secure != c.sites.end())
    on.http(url("https", "unknown.invalid", secure->https_port, "/"))
        .address(inner_address(*secure))
        .closed()
        .named("a wrong Host is closed over TLS");
}

}  // namespace

void declare_probes(wright::Verify& on, const Config& c) {
  for (const auto& site : c.sites) {
    const std::uint16_t port = has_tls(site) ? site.https_port : site.http_port;
    on.tcp(inner_address(site), port).named(wright::format("nginx listens on port {} for {}", port, site.name)).ready();
  }
  for (const auto& site : c.sites) SiteProbes(on, site).declare();
  if (c.close_unknown_hosts && !c.keep_default_site) unknown_hosts_are_closed(on, c);
}

}  // namespace nginx
