#include <algorithm>
#include <set>
#include <wright/apt_source.hpp>
#include <wright/check.hpp>

#include "parts.hpp"

namespace elasticsearch {
namespace {

constexpr std::int64_t mebibyte = 1048576;

bool is_plain(std::string_view text, std::string_view more) {
  return !text.empty() && std::all_of(text.begin(), text.end(), [&](unsigned char c) {
    return std::isalnum(c) != 0 || more.find(static_cast<char>(c)) != std::string_view::npos;
  });
}

bool is_address(std::string_view text) {
  return !text.empty() && text.find_first_not_of("0123456789abcdefABCDEF.:") == std::string_view::npos;
}

/// Settings that have an option of their own.
bool has_option(std::string_view name) {
  static const std::set<std::string_view> names = {"cluster.name",
                                                   "node.name",
                                                   "node.roles",
                                                   "node.master",
                                                   "node.data",
                                                   "node.ingest",
                                                   "path.data",
                                                   "path.logs",
                                                   "bootstrap.memory_lock",
                                                   "http.bind_host",
                                                   "http.publish_host",
                                                   "http.port",
                                                   "transport.bind_host",
                                                   "transport.publish_host",
                                                   "transport.port",
                                                   "transport.tcp.port",
                                                   "discovery.type",
                                                   "discovery.seed_hosts",
                                                   "discovery.zen.ping.unicast.hosts",
                                                   "discovery.zen.minimum_master_nodes",
                                                   "cluster.initial_master_nodes",
                                                   "cluster.initial_cluster_manager_nodes",
                                                   "action.auto_create_index"};
  return names.count(name) > 0;
}

class Check {
 public:
  Check(wright::Configure& on, const Config& c, const Release& release) : on_(on), c_(c), release_(release) {}

  bool passes() {
    if (release_.major == 0)
      bad("version", "is needed: nothing says which series of " + c_.flavor + " it is, and its settings differ",
          "give the exact version, such as \"6.8.23\"");
    else if (release_.major < (release_.opensearch ? 1 : 6))
      bad("version", "is older than what this plugin knows", "Elasticsearch 6 to 8, OpenSearch 1 to 3");
    good_ = wright::check_apt_source(on_, c_.source) && good_;
    names();
    addresses();
    memory();
    paths();
    cluster();
    security();
    more();
    return good_;
  }

 private:
  void bad(std::string_view option, std::string_view what, std::string_view why = {}) {
    on_.error(option, what, why);
    good_ = false;
  }

  void names() {
    if (!is_plain(c_.cluster_name, "-_.")) bad("cluster_name", "must be letters, digits, \"-\", \"_\" and \".\"");
    if (!c_.node_name.empty() && !is_plain(c_.node_name, "-_."))
      bad("node_name", "must be letters, digits, \"-\", \"_\" and \".\"");
    std::set<std::string> seen;
    for (std::size_t i = 0; i < c_.roles.size(); ++i) {
      const std::string option = wright::format("roles[{}]", i);
      const bool old = c_.roles[i] == "master" || c_.roles[i] == "data" || c_.roles[i] == "ingest";
      if (!is_plain(c_.roles[i], "_") || (!old && release_.major > 0 && !release_.is_from(7, 9)))
        bad(option, "is no role of this version", "master, data and ingest; from 7.9 on there are more");
      if (!seen.insert(c_.roles[i]).second) bad(option, "is there twice");
    }
  }

  void addresses() {
    if (c_.bind.empty()) bad("bind", "names no address");
    bool open = false;
    for (std::size_t i = 0; i < c_.bind.size(); ++i) {
      if (!is_address(c_.bind[i])) bad(wright::format("bind[{}]", i), "must be a numeric address, such as 127.0.0.1");
      open = open || !is_loopback(c_.bind[i]);
    }
    if (open && c_.password.empty())
      on_.warning("bind",
                  "is not loopback, and there is no password: whoever reaches the port may read and delete everything",
                  "close it to others with a firewall");
    if (!is_address(c_.transport.bind)) bad("transport.bind", "must be a numeric address, such as 127.0.0.1");
    for (const auto& [option, text] : {std::pair{"publish", &c_.publish}, {"transport.publish", &c_.transport.publish}})
      if (!text->empty() && !is_plain(*text, "-.:")) bad(option, "must be an address or a host's name");
    if (c_.port == c_.transport.port) bad("transport.port", "is the port of REST, too");
  }

  void memory() {
    const auto total = on_.fact("memory.total_bytes").integer() / mebibyte;
    if (c_.heap_mb > 0 && c_.heap_mb < 128) bad("heap_mb", "must be 0 or at least 128");
    if (c_.heap_mb > 31744) bad("heap_mb", "is more than 31744, from where on Java's pointers are twice as large");
    if (c_.heap_mb >= total)
      bad("heap_mb", wright::format("is {}, and the host has {} MiB of memory", c_.heap_mb, total),
          "half of it at most is sensible");
    else if (heap_mb(c_, total * mebibyte) > total * 3 / 4)
      on_.warning("heap_mb", "leaves less than a quarter of the host's memory to everything else");
  }

  void paths() {
    for (const auto& [option, text] : {std::pair{"data_path", &c_.data_path}, {"log_path", &c_.log_path}})
      if (!text->empty() && (!wright::is_absolute_path(*text) || !is_plain(*text, "/-_.")))
        bad(option, "must be an absolute path of letters, digits, \"-\", \"_\", \".\" and \"/\"");
  }

  void cluster() {
    for (std::size_t i = 0; i < c_.seeds.size(); ++i)
      if (!is_plain(c_.seeds[i], "-.:[]"))
        bad(wright::format("seeds[{}]", i), "must be ADDRESS:PORT, such as 192.0.2.10:9300");
    for (std::size_t i = 0; i < c_.first_masters.size(); ++i)
      if (!is_plain(c_.first_masters[i], "-_."))
        bad(wright::format("first_masters[{}]", i), "must be the name of a node");
    if (!c_.seeds.empty() && c_.first_masters.empty())
      bad("first_masters", "is needed with seeds: without it, two halves of a cluster could each have a master");
    if (c_.seeds.empty() && c_.replicas > 0)
      bad("replicas",
          "must be 0 without seeds: one node has no place for a copy, and the cluster would never be green");
  }

  /// The security plugin of the vendor's packages speaks HTTPS with certificates and accounts of its own.
  void security_plugin() {
    const bool vendors = c_.source.uri.find("/bundle/opensearch/") != std::string::npos;
    const auto setting = c_.settings.find("plugins.security.disabled");
    const bool off = setting != c_.settings.end() && setting->second == "true";
    if (!off && (vendors || on_.fact("path.exists:/usr/share/opensearch/plugins/opensearch-security").boolean_or(false)))
      bad("flavor", "comes with OpenSearch's security plugin, which this plugin does not configure",
          R"(set settings = { "plugins.security.disabled" = "true" })");
    if (vendors && release_.is_opensearch_from(2, 12) && on_.fact("dpkg.version:opensearch").absent())
      bad("source.uri", "has packages that want OPENSEARCH_INITIAL_ADMIN_PASSWORD when they are installed, from 2.12 on",
          "install the package once by hand with that variable, or take it from a repository without the security plugin");
  }

  void security() {
    if (release_.opensearch) security_plugin();
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

  void more() {
    for (const auto& [name, value] : c_.settings) {
      const std::string option = "settings." + name;
      if (!is_plain(name, "-_.*"))
        bad(option, "must be the name of a setting, such as indices.query.bool.max_clause_count");
      else if (has_option(name))
        bad(option, "has an option of its own");
      if (!wright::is_line(value)) bad(option, "must be one line");
    }
    for (std::size_t i = 0; i < c_.jvm_options.size(); ++i) {
      const std::string& line = c_.jvm_options[i];
      const std::string option = wright::format("jvm_options[{}]", i);
      if (!wright::is_line(line) || line.find('-') == std::string::npos)
        bad(option, "must be one option of Java, such as -Xss2m");
      if (line.find("-Xmx") != std::string::npos || line.find("-Xms") != std::string::npos)
        bad(option, "is what heap_mb is for");
    }
    if (!wright::is_line(c_.auto_create_index)) bad("auto_create_index", "must be one line");
    if (!c_.java.empty() && (!is_plain(c_.java, "-+.") || java_home(c_.java, "amd64").empty()))
      bad("java", "must be a package such as openjdk-17-jre-headless or default-jre-headless");
  }

  wright::Configure& on_;
  const Config& c_;
  const Release& release_;
  bool good_ = true;
};

/// From 95 % on, the server lets nobody write.
constexpr int flood_stage_percent = 95;
constexpr std::int64_t least_room = 1024 * mebibyte;

bool host_has_room(wright::Configure& on, const Config& c) {
  wright::Claims claims(on);
  // One flavor may take the place of the other.
  const std::vector<std::string> own = {"elasticsearch.service", "opensearch.service"};
  for (const auto& address : c.bind) claims.port("port", "tcp", address, c.port, own);
  claims.port("transport.port", "tcp", c.transport.bind, c.transport.port, own);
  claims.disk("data_path", data_path(c), least_room, flood_stage_percent,
              "below 1 GiB or 5 % there is no room for indices, and the server refuses to write them");
  return claims.hold();
}

}  // namespace

bool check(wright::Configure& on, const Config& c, const Release& release) {
  return Check(on, c, release).passes() && host_has_room(on, c);
}

}  // namespace elasticsearch
