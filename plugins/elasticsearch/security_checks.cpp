#include <set>
#include <wright/check.hpp>

#include "parts.hpp"

namespace elasticsearch {
namespace {

class SecurityCheck {
 public:
  SecurityCheck(wright::Configure& on, const Config& c, const Release& release) : on_(on), c_(c), release_(release) {}

  bool passes() {
    if (release_.opensearch) security_plugin();
    accounts();
    const std::string& ca = c_.transport.ca;
    if (!ca.empty() && !is_certificate(ca)) bad("transport.ca", pem);
    if (!ca.empty() && !is_tls(c_.transport.tls)) bad("transport.ca", "is only for transport.tls");
    if (!is_tls(c_.tls) && !is_tls(c_.transport.tls)) return good_;
    if (c_.password.empty())
      bad("tls", "needs a password: without accounts, Elasticsearch speaks no TLS", "set password");
    pair("tls", c_.tls);
    pair("transport.tls", c_.transport.tls);
    return good_;
  }

 private:
  static constexpr std::string_view pem = "must be the text of a PEM file, with -----BEGIN CERTIFICATE-----";
  static bool is_certificate(std::string_view text) {
    return text.find("-----BEGIN CERTIFICATE-----") != std::string_view::npos;
  }

  void bad(std::string_view option, std::string_view what, std::string_view why = {}) {
    on_.error(option, what, why);
    good_ = false;
  }

  /// The security plugin of the vendor's packages speaks HTTPS with certificates and accounts of its own.
  void security_plugin() {
    const bool vendors = c_.source.uri.find("/bundle/opensearch/") != std::string::npos;
    const auto setting = c_.settings.find("plugins.security.disabled");
    const bool off = setting != c_.settings.end() && setting->second == "true";
    if (!off &&
        (vendors || on_.fact("path.exists:/usr/share/opensearch/plugins/opensearch-security").boolean_or(false)))
      bad("flavor", "comes with OpenSearch's security plugin, which this plugin does not configure",
          R"(set settings = { "plugins.security.disabled" = "true" })");
    if (vendors && release_.is_opensearch_from(2, 12) && on_.fact("dpkg.version:opensearch").absent())
      bad("source.uri",
          "has packages that want OPENSEARCH_INITIAL_ADMIN_PASSWORD when they are installed, from 2.12 on",
          "install the package once by hand with that variable, or take it from a repository without the security "
          "plugin");
  }

  void accounts() {
    if (c_.password.empty()) {
      if (!c_.users.empty()) bad("users", "need a password of the administrator", "set password");
      return;
    }
    if (!is_plain(c_.user, "-_.")) bad("user", "must be letters, digits, \"-\", \"_\" and \".\"");
    if (release_.opensearch)
      bad("password", "is Elasticsearch's: OpenSearch has accounts only with its security plugin, which stays off here",
          "close the port to others with a firewall");
    else if (release_.major > 0 && !release_.is_from(6, 8))
      bad("password", "needs Elasticsearch 6.8 or later");
    if (!is_password(c_.password)) bad("password", "must be at least 6 characters in one line");
    if (!release_.opensearch && !c_.seeds.empty() && !is_tls(c_.transport.tls))
      bad("transport.tls", "is needed with seeds and a password: such nodes take each other only over TLS",
          "give certificate and key, or leave password empty and close the ports to others");
    users();
    user_roles();
  }

  static bool is_password(const wright::Secret& text) {
    return text.reveal().size() >= 6 && wright::is_line(text.reveal());
  }

  void users() {
    std::set<std::string> seen = {c_.user};
    for (std::size_t i = 0; i < c_.users.size(); ++i) {
      const auto& user = c_.users[i];
      const std::string option = wright::format("users[{}]", i);
      if (!is_plain(user.name, "-_.")) bad(option + ".name", "must be letters, digits, \"-\", \"_\" and \".\"");
      if (!seen.insert(user.name).second) bad(option + ".name", "is there twice");
      if (!is_password(user.password)) bad(option + ".password", "must be at least 6 characters in one line");
      if (user.roles.empty()) bad(option + ".roles", "is empty: it could log in and do nothing");
      for (const auto& role : user.roles)
        if (!is_plain(role, "-_.")) bad(option + ".roles", "must be names of roles");
    }
  }

  void user_roles() {
    std::set<std::string> seen = {"superuser"};
    for (std::size_t i = 0; i < c_.user_roles.size(); ++i) {
      const auto& role = c_.user_roles[i];
      const std::string option = wright::format("user_roles[{}]", i);
      if (!is_plain(role.name, "-_.")) bad(option + ".name", "must be letters, digits, \"-\", \"_\" and \".\"");
      if (!seen.insert(role.name).second) bad(option + ".name", "is there already");
      if (role.cluster.empty() && role.indices.empty()) bad(option, "allows nothing", "give cluster or indices");
      for (std::size_t k = 0; k < role.indices.size(); ++k)
        if (role.indices[k].names.empty() || role.indices[k].privileges.empty())
          bad(wright::format("{}.indices[{}]", option, k), "must name indices and privileges");
    }
  }

  void pair(const std::string& option, const Tls& tls) {
    if (!is_tls(tls)) return;
    if (!is_certificate(tls.certificate)) bad(option + ".certificate", pem);
    const std::string& key = tls.key.reveal();
    if (key.find("PRIVATE KEY-----") == std::string::npos || key.find("ENCRYPTED") != std::string::npos)
      bad(option + ".key", "must be the text of a PEM file with the private key, not encrypted",
          "such as ${secret.NAME}, made by `wright secrets set NAME`");
  }

  wright::Configure& on_;
  const Config& c_;
  const Release& release_;
  bool good_ = true;
};

}  // namespace

bool check_security(wright::Configure& on, const Config& c, const Release& release) {
  return SecurityCheck(on, c, release).passes();
}

}  // namespace elasticsearch
