#include <set>
#include <wright/apt_source.hpp>
#include <wright/check.hpp>

#include "cluster.hpp"
#include "parts.hpp"

namespace rabbitmq {
namespace {

class Check {
 public:
  Check(wright::Configure& on, const Config& c) : on_(on), c_(c) {}

  bool passes() {
    if (c_.listen.empty()) bad("listen", "names no address");
    addresses("listen", c_.listen);
    addresses("tls.listen", c_.tls.listen);
    if (is_clustered(c_))
      good_ = check_cluster(on_, c_) && good_;
    else if (!is_node_name(c_.node_name))
      bad("node_name", "must be NAME@HOST of letters, digits, \"-\", \"_\" and \".\"");
    else if (!is_local_node(c_))
      on_.warning("node_name",
                  "is not on localhost: Erlang's ports 4369 and 25672 listen on all addresses, so close them outside");
    name("admin_user", c_.admin_user);
    if (c_.admin_password.empty()) bad("admin_password", "must not be empty");
    for (std::size_t i = 0; i < c_.vhosts.size(); ++i) name(wright::format("vhosts[{}]", i), c_.vhosts[i]);
    once("vhosts", c_.vhosts);
    users();
    for (std::size_t i = 0; i < c_.policies.size(); ++i) policy(wright::format("policies[{}]", i), c_.policies[i]);
    for (std::size_t i = 0; i < c_.exchanges.size(); ++i) exchange(wright::format("exchanges[{}]", i), c_.exchanges[i]);
    for (std::size_t i = 0; i < c_.queues.size(); ++i) queue(wright::format("queues[{}]", i), c_.queues[i]);
    bindings();
    for (std::size_t i = 0; i < c_.parameters.size(); ++i) {
      const Parameter& p = c_.parameters[i];
      const std::string place = wright::format("parameters[{}]", i);
      if (!is_plain(p.component, "-_")) bad(place + ".component", "must be a word, such as \"shovel\"");
      name(place + ".name", p.name);
      known_vhost(place + ".vhost", p.vhost);
      object(place + ".value", p.value, "'{\"src-uri\": \"amqp://\"}'");
      only_once(place, "parameter " + vhost_of(c_, p.vhost) + " " + p.component + " " + p.name);
    }
    for (std::size_t i = 0; i < c_.limits.size(); ++i) {
      known_vhost(wright::format("limits[{}].vhost", i), c_.limits[i].vhost);
      only_once(wright::format("limits[{}]", i), "limits " + vhost_of(c_, c_.limits[i].vhost));
    }
    versions();
    for (std::size_t i = 0; i < c_.plugins.size(); ++i)
      if (!is_plain(c_.plugins[i], "_")) bad(wright::format("plugins[{}]", i), "must be the name of a plugin");
    feature_flags();
    for (std::size_t i = 0; i < c_.extra.size(); ++i)
      if (!wright::is_line(c_.extra[i])) bad(wright::format("extra[{}]", i), "must be one line");
    if (!c_.syslog.empty() && (!wright::is_word(c_.syslog) || c_.syslog.rfind(':') == std::string::npos))
      bad("syslog", "must be ADDRESS:PORT, such as 127.0.0.1:514");
    tls();
    return good_;
  }

 private:
  void bad(std::string_view option, std::string_view what) {
    on_.error(option, what);
    good_ = false;
  }

  static bool is_plain(std::string_view text, std::string_view more) {
    return !text.empty() && std::all_of(text.begin(), text.end(), [&](unsigned char c) {
      return std::isalnum(c) != 0 || more.find(static_cast<char>(c)) != std::string_view::npos;
    });
  }

  void addresses(const std::string& option, const std::vector<std::string>& listen) {
    for (std::size_t i = 0; i < listen.size(); ++i)
      if (listen[i].empty() || listen[i].find_first_not_of("0123456789abcdefABCDEF.:") != std::string::npos)
        bad(wright::format("{}[{}]", option, i), "must be a numeric address, such as 127.0.0.1");
  }

  void versions() {
    if (!c_.version.empty() && !wright::is_word(c_.version)) bad("version", "must be a version of the package");
    if (!c_.erlang_version.empty() && !wright::is_word(c_.erlang_version))
      bad("erlang_version", "must be a version of Erlang's packages");
    if (!c_.erlang_source.uri.empty() && c_.erlang_version.empty())
      bad("erlang_version", "is needed with erlang_source");
    good_ = wright::check_apt_source(on_, c_.source) && good_;
    good_ = wright::check_apt_source(on_, c_.erlang_source, "erlang_source") && good_;
    const std::string& cookie = c_.erlang_cookie.reveal();
    if (!cookie.empty() && (!is_plain(cookie, "") || cookie.size() > 255))
      bad("erlang_cookie", "must be up to 255 letters and digits");
  }

  void feature_flags() {
    for (std::size_t i = 0; i < c_.feature_flags.size(); ++i) {
      const std::string& flag = c_.feature_flags[i];
      const std::string place = wright::format("feature_flags[{}]", i);
      if (flag == "all")
        bad(place, "must be the name of one flag: what \"all\" enables depends on the version, and is for good");
      else if (flag.empty() || flag.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789_") != std::string::npos)
        bad(place, "must be the name of a feature flag, such as \"stream_queue\"");
    }
    once("feature_flags", c_.feature_flags);
  }

  void name(std::string_view option, const std::string& text) {
    if (text.empty() || !wright::is_line(text)) bad(option, "must be a name without control characters");
    if (text.size() > 255) bad(option, "is longer than 255 bytes");
  }

  void once(std::string_view option, const std::vector<std::string>& names) {
    std::set<std::string> seen;
    for (const auto& one : names)
      if (!seen.insert(one).second) bad(option, "holds \"" + one + "\" twice");
  }

  void known_vhost(const std::string& option, const std::string& vhost) {
    if (vhost.empty() && c_.vhosts.empty()) bad(option, "is needed, as vhosts is empty");
    if (!vhost.empty() && vhost != "/" && std::find(c_.vhosts.begin(), c_.vhosts.end(), vhost) == c_.vhosts.end())
      bad(option, "is not one of vhosts");
  }

  void users() {
    std::vector<std::string> names = {c_.admin_user};
    for (std::size_t i = 0; i < c_.users.size(); ++i) {
      const User& user = c_.users[i];
      const std::string place = wright::format("users[{}]", i);
      name(place + ".name", user.name);
      // The end of the name in the header that it logs in with.
      if (user.name.find(':') != std::string::npos) bad(place + ".name", "must not hold a colon");
      if (user.password.empty()) bad(place + ".password", "must not be empty");
      for (const auto& tag : user.tags)
        if (!is_plain(tag, "_-")) bad(place + ".tags", "\"" + tag + "\" is no tag");
      std::vector<std::string> vhosts;
      for (std::size_t p = 0; p < user.permissions.size(); ++p) {
        known_vhost(wright::format("{}.permissions[{}].vhost", place, p), user.permissions[p].vhost);
        vhosts.push_back(vhost_of(c_, user.permissions[p].vhost));
      }
      once(place + ".permissions", vhosts);
      names.push_back(user.name);
    }
    if (c_.admin_user.find(':') != std::string::npos) bad("admin_user", "must not hold a colon");
    once("users", names);
    for (const auto& absent : c_.absent_users)
      if (std::find(names.begin(), names.end(), absent) != names.end())
        bad("absent_users", "holds \"" + absent + "\", which is also to be there");
  }

  void policy(const std::string& place, const Policy& p) {
    name(place + ".name", p.name);
    known_vhost(place + ".vhost", p.vhost);
    object(place + ".definition", p.definition, "'{\"max-length\": 1000}'");
  }

  void object(const std::string& option, const std::string& json, std::string_view example) {
    const auto first = json.find_first_not_of(" \t\r\n");
    if (first == std::string::npos || json[first] != '{')
      bad(option, wright::format("must be a JSON object, such as {}", example));
  }

  void exchange(const std::string& place, const Exchange& e) {
    name(place + ".name", e.name);
    known_vhost(place + ".vhost", e.vhost);
    if (!is_plain(e.type, "-_")) bad(place + ".type", "must be the name of a type, such as \"topic\"");
    if (e.name.starts_with("amq.")) bad(place + ".name", "must not begin with \"amq.\": those are the broker's own");
    object(place + ".arguments", e.arguments, "'{\"alternate-exchange\": \"lost\"}'");
    only_once(place, "exchange " + vhost_of(c_, e.vhost) + " " + e.name);
  }

  void queue(const std::string& place, const Queue& q) {
    name(place + ".name", q.name);
    known_vhost(place + ".vhost", q.vhost);
    if (q.name.starts_with("amq.")) bad(place + ".name", "must not begin with \"amq.\": those are the broker's own");
    object(place + ".arguments", q.arguments, "'{\"x-queue-type\": \"quorum\"}'");
    only_once(place, "queue " + vhost_of(c_, q.vhost) + " " + q.name);
  }

  void bindings() {
    for (std::size_t i = 0; i < c_.bindings.size(); ++i) {
      const Binding& b = c_.bindings[i];
      const std::string place = wright::format("bindings[{}]", i);
      name(place + ".exchange", b.exchange);
      if (b.queue.empty() == b.to_exchange.empty()) bad(place, "needs queue or to_exchange, and not both");
      for (const auto& [option, end] : {std::pair{".queue", &b.queue}, {".to_exchange", &b.to_exchange}})
        if (!end->empty()) name(place + option, *end);
      object(place + ".arguments", b.arguments, "'{\"x-match\": \"all\"}'");
      known_vhost(place + ".vhost", b.vhost);
      if (!b.key.empty() && !wright::is_line(b.key)) bad(place + ".key", "must hold no control characters");
      only_once(place, "binding " + vhost_of(c_, b.vhost) + " " + b.exchange + " " + b.queue + "/" + b.to_exchange +
                           " " + b.key + " " + b.arguments);
    }
  }

  void only_once(const std::string& place, const std::string& what) {
    if (!seen_.insert(what).second) bad(place, "is there twice");
  }

  void tls() {
    const Tls& t = c_.tls;
    for (const auto& [option, path] :
         {std::pair{"tls.certificate", &t.certificate}, {"tls.key", &t.key}, {"tls.ca", &t.ca}})
      if (!path->empty() && !wright::is_absolute_path(*path)) bad(option, "must be an absolute path without \"..\"");
    if (t.certificate.empty() != t.key.empty()) bad("tls", "certificate and key need each other");
    if (t.verify_clients && t.ca.empty()) bad("tls.ca", "is needed with verify_clients = true");
    if (t.certificate.empty() && !t.listen.empty()) bad("tls.certificate", "is needed with tls.listen");
    if (!t.certificate.empty() && t.port == c_.port) bad("tls.port", "is also the port without TLS");
  }

  wright::Configure& on_;
  const Config& c_;
  bool good_ = true;
  std::set<std::string> seen_;
};

}  // namespace

bool check(wright::Configure& on, const Config& c) { return Check(on, c).passes(); }

std::string vhost_of(const Config& c, const std::string& vhost) {
  if (!vhost.empty()) return vhost;
  return c.vhosts.empty() ? "/" : c.vhosts.front();
}

}  // namespace rabbitmq
