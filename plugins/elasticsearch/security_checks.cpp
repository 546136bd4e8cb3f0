#include <set>
#include <wright/check.hpp>

#include "bcrypt.hpp"
#include "parts.hpp"

namespace elasticsearch {
namespace {

/// Of how many passwords that need a slow hash a plan can wait for it.
constexpr std::size_t most_slow_hashes = 50;

class SecurityCheck {
 public:
  SecurityCheck(wright::Configure& on, const Config& c, const Release& release) : on_(on), c_(c), release_(release) {}

  bool passes() {
    accounts();
    if (release_.opensearch)
      security_plugin();
    else
      only_of_opensearch();
    const std::string& ca = c_.transport.ca;
    if (!ca.empty() && !is_certificate(ca)) bad("transport.ca", pem);
    if (!ca.empty() && !is_tls(c_.transport.tls)) bad("transport.ca", "is only for transport.tls");
    if (!is_tls(c_.tls) && !is_tls(c_.transport.tls)) return good_;
    if (c_.password.empty()) bad("tls", "needs a password: without accounts, the server speaks no TLS", "set password");
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

  /// What OpenSearch's own accounts need besides.
  void security_plugin() {
    nodes();
    if (c_.password.empty()) return;
    if (!c_.security_plugin) bad("password", "needs OpenSearch's security plugin", "leave out security_plugin = false");
    if (release_.major > 0 && !release_.is_opensearch_from(2, 0)) bad("password", "needs OpenSearch 2.0 or later");
    std::size_t slow = is_beyond_trying(c_.password) ? 0 : 1;
    fits_bcrypt("password", c_.password);
    for (std::size_t i = 0; i < c_.users.size(); ++i) {
      fits_bcrypt(wright::format("users[{}].password", i), c_.users[i].password);
      if (!is_beyond_trying(c_.users[i].password)) ++slow;
    }
    if (slow > most_slow_hashes)
      bad("users", wright::format("have {} passwords whose slow hashes take too long at each run", slow),
          wright::format(
              "more than {} need passwords of 40 or more letters and digits, such as `wright secrets set NAME "
              "--generate` makes them",
              most_slow_hashes));
  }

  void nodes() {
    const auto& all = c_.transport.nodes;
    const char* how = "`openssl x509 -noout -subject -nameopt RFC2253` shows it, behind \"subject=\"";
    if (c_.password.empty() && !all.empty()) bad("transport.nodes", "is only with a password");
    if (!c_.password.empty() && !c_.seeds.empty() && all.empty())
      bad("transport.nodes", "is needed with seeds and a password: who is no node must not pass for one", how);
    for (std::size_t i = 0; i < all.size(); ++i) {
      const std::string option = wright::format("transport.nodes[{}]", i);
      if (!wright::is_line(all[i]) || all[i].find('=') == std::string::npos || all[i].starts_with("subject="))
        bad(option, "must be the subject of a certificate, such as \"CN=node1,O=Example\"", how);
      else if (all[i].starts_with("/") || all[i].find('?') != std::string::npos)
        bad(option, "must be a subject, in which \"*\" may stand for any text",
            "\"?\" and regular expressions are not taken");
      else if (covers_admin(all[i]))
        bad(option, wright::format("must not fit the administrator's certificate, {}", admin_subject),
            "name more of the subject, such as \"CN=node*,O=Example\"");
    }
  }

  void only_of_opensearch() {
    if (!c_.security_plugin) bad("security_plugin", "is only for flavor = \"opensearch\"");
    if (!c_.transport.nodes.empty()) bad("transport.nodes", "is only for flavor = \"opensearch\"");
  }

  /// For the server, a "*" stands for any text, and small and capital letters are the same.
  static bool covers_admin(const std::string& pattern) {
    const std::string wanted = lower(pattern);
    const std::string subject = lower(admin_subject);
    const auto star = wanted.find('*');
    if (star == std::string::npos) return wanted == subject;
    // What stands between two stars is taken for a fit: better one refused too many.
    return subject.starts_with(wanted.substr(0, star)) && subject.ends_with(wanted.substr(wanted.rfind('*') + 1));
  }

  void fits_bcrypt(const std::string& option, const wright::Secret& password) {
    if (password.reveal().size() > longest_bcrypt_password)
      bad(option,
          wright::format("must be at most {} bytes: its hash takes no notice of more", longest_bcrypt_password));
  }

  void accounts() {
    if (c_.password.empty()) {
      if (!c_.users.empty()) bad("users", "need a password of the administrator", "set password");
      return;
    }
    if (!is_plain(c_.user, "-_.")) bad("user", "must be letters, digits, \"-\", \"_\" and \".\"");
    if (release_.major > 0 && !release_.is_from(6, 8))
      bad("password", "needs Elasticsearch 6.8 or later", "or flavor = \"opensearch\"");
    if (!is_password(c_.password))
      bad("password", "must be at least 6 characters in one line",
          "such as ${secret.NAME}, made by `wright secrets set NAME --generate`");
    if (!c_.seeds.empty() && !is_tls(c_.transport.tls))
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
      if (release_.opensearch && user.name == "_meta") bad(option + ".name", "is no name that OpenSearch takes");
      if (!is_password(user.password))
        bad(option + ".password", "must be at least 6 characters in one line",
            "such as ${secret.NAME}, made by `wright secrets set NAME --generate`");
      if (user.roles.empty()) bad(option + ".roles", "is empty: it could log in and do nothing");
      for (const auto& role : user.roles)
        if (!is_plain(role, "-_.")) bad(option + ".roles", "must be names of roles");
    }
  }

  void user_roles() {
    // Those that the server brings and does not let anybody change.
    static const std::set<std::string> of_opensearch = {"all_access", "kibana_server",      "kibana_user",
                                                        "logstash",   "manage_snapshots",   "own_index",
                                                        "readall",    "readall_and_monitor"};
    std::set<std::string> seen = release_.opensearch ? of_opensearch : std::set<std::string>{"superuser"};
    for (std::size_t i = 0; i < c_.user_roles.size(); ++i) {
      const auto& role = c_.user_roles[i];
      const std::string option = wright::format("user_roles[{}]", i);
      if (!is_plain(role.name, "-_.")) bad(option + ".name", "must be letters, digits, \"-\", \"_\" and \".\"");
      if (!seen.insert(role.name).second)
        bad(option + ".name", "is there twice, or the name of a role that the server brings");
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
    else if (release_.opensearch && key.find("-----BEGIN PRIVATE KEY-----") == std::string::npos)
      bad(option + ".key", "must be in PKCS #8, which begins with -----BEGIN PRIVATE KEY-----, for OpenSearch",
          "`openssl pkcs8 -topk8 -nocrypt -in OLD -out NEW` makes it of another");
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
