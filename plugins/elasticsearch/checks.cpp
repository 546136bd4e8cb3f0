#include <algorithm>
#include <set>
#include <wright/apt_source.hpp>
#include <wright/check.hpp>

#include "parts.hpp"

namespace elasticsearch {
namespace {

constexpr std::int64_t mebibyte = 1048576;
/// What the Java machine takes at least beside the heap: code, threads, network buffers.
constexpr std::int64_t beside_heap_mb = 128;

bool is_address(std::string_view text) {
  return !text.empty() && text.find_first_not_of("0123456789abcdefABCDEF.:") == std::string_view::npos;
}

/// Settings that have an option of their own, or that the contact with the server depends on.
bool has_option(std::string_view name) {
  static const std::set<std::string_view> names = {"action.auto_create_index",
                                                   "action.destructive_requires_name",
                                                   "bootstrap.memory_lock",
                                                   "cluster.initial_cluster_manager_nodes",
                                                   "cluster.initial_master_nodes",
                                                   "cluster.name",
                                                   "discovery.seed_hosts",
                                                   "discovery.type",
                                                   "discovery.zen.minimum_master_nodes",
                                                   "discovery.zen.ping.unicast.hosts",
                                                   "http.bind_host",
                                                   "http.enabled",
                                                   "http.host",
                                                   "http.port",
                                                   "http.publish_host",
                                                   "http.publish_port",
                                                   "http.type",
                                                   "node.data",
                                                   "node.ingest",
                                                   "node.master",
                                                   "node.name",
                                                   "node.roles",
                                                   "path.data",
                                                   "path.logs",
                                                   "plugins.security.allow_default_init_securityindex",
                                                   "plugins.security.cert.oid",
                                                   "plugins.security.ssl_only",
                                                   "plugins.security.authcz.admin_dn",
                                                   "plugins.security.disabled",
                                                   "plugins.security.nodes_dn",
                                                   "transport.bind_host",
                                                   "transport.host",
                                                   "transport.port",
                                                   "transport.publish_host",
                                                   "transport.tcp.port",
                                                   "xpack.security.enabled"};
  static constexpr std::string_view groups[] = {"network.",
                                                "xpack.security.http.ssl.",
                                                "xpack.security.transport.ssl.",
                                                "plugins.security.ssl.",
                                                "plugins.security_config.",
                                                "plugins.security.unsupported.",
                                                "opendistro_security."};
  return names.count(name) > 0 || std::any_of(std::begin(groups), std::end(groups),
                                              [&](std::string_view group) { return name.starts_with(group); });
}

class Check {
 public:
  Check(wright::Configure& on, const Config& c, const Release& release) : on_(on), c_(c), release_(release) {}

  bool passes() {
    if (release_.major == 0)
      bad("version", "is needed: nothing says which series of " + c_.flavor + " it is, and its settings differ",
          "give the exact version, such as \"6.8.23\"");
    else if (release_.major < (release_.opensearch ? 1 : 6))
      bad("version", "is older than what this plugin knows",
          "Elasticsearch 6 to 8, or OpenSearch 1 to 3 with flavor = \"opensearch\"");
    if (!c_.version.empty() && !is_plain(c_.version, "-+.:~")) bad("version", "must be a version of the package");
    good_ = wright::check_apt_source(on_, c_.source) && good_;
    names();
    addresses();
    memory();
    paths();
    cluster();
    server_plugins();
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
    if (open && !c_.password.empty() && !is_https(c_))
      on_.warning("bind", "is not loopback, and there is no TLS: passwords cross in the clear", "set tls");
    if (!is_address(c_.transport.bind)) bad("transport.bind", "must be a numeric address, such as 127.0.0.1");
    for (const auto& [option, text] : {std::pair{"publish", &c_.publish}, {"transport.publish", &c_.transport.publish}})
      if (!text->empty() && !is_plain(*text, "-.:")) bad(option, "must be an address or a host's name");
    if (c_.port == c_.transport.port) bad("transport.port", "is the port of REST, too");
  }

  void memory() {
    const auto total = on_.fact("memory.total_bytes").integer() / mebibyte;
    if (c_.heap_mb > 0 && c_.heap_mb < 128) bad("heap_mb", "must be 0 or at least 128");
    if (c_.heap_mb > 31744) bad("heap_mb", "is more than 31744, from where on Java's pointers are twice as large");
    const auto heap = heap_mb(c_, total * mebibyte);
    if (heap + beside_heap_mb > total)
      bad("heap_mb",
          wright::format("is {}{}, and the host has {} MiB of memory", heap, c_.heap_mb > 0 ? "" : ", the least",
                         total),
          wright::format("Java needs {} MiB besides, and the kernel's cache as much as the heap: half of the memory at "
                         "most is sensible",
                         beside_heap_mb));
    else if (heap > total * 3 / 4)
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

  void server_plugins() {
    std::set<std::string> seen;
    for (std::size_t i = 0; i < c_.plugins.size(); ++i) {
      const auto& plugin = c_.plugins[i];
      const std::string option = wright::format("plugins[{}]", i);
      if (!is_plain(plugin.name, "-_")) bad(option + ".name", "must be letters, digits, \"-\" and \"_\"");
      if (!seen.insert(plugin.name).second) bad(option + ".name", "is there twice");
      const bool file = plugin.url.starts_with("file:///");
      if (!plugin.url.empty() && (!wright::is_word(plugin.url) || (!file && !plugin.url.starts_with("https://"))))
        bad(option + ".url", "must begin with https:// or file:///");
    }
  }

  void more() {
    for (const auto& [name, value] : c_.settings) {
      const std::string option = "settings." + name;
      if (!is_plain(name, "-_.*"))
        bad(option, "must be the name of a setting, such as indices.query.bool.max_clause_count");
      else if (has_option(name))
        bad(option, "has an option of its own, or decides how wright reaches the server");
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
    std::set<std::string> beginnings;
    for (const auto& name : c_.placeholders) {
      const bool plain = is_plain(name, "-_") && std::isalnum(static_cast<unsigned char>(name[0])) != 0 &&
                         std::none_of(name.begin(), name.end(), [](unsigned char l) { return std::isupper(l) != 0; });
      if (!plain || !beginnings.insert(name).second)
        bad("placeholders", "must be names of small letters, digits, \"-\" and \"_\", each once");
    }
    if (!wright::is_line(c_.auto_create_index)) bad("auto_create_index", "must be one line");
    if (!c_.java.empty() && (!is_plain(c_.java, "-+.") || java_home(c_.java, "amd64").empty()))
      bad("java", "must be a package such as openjdk-17-jre-headless or default-jre-headless");
    else if (release_.is_opensearch_from(3, 0) && java_version(c_.java) > 0 && java_version(c_.java) < 21)
      bad("java", "is too old: OpenSearch 3 needs Java 21 or later",
          "name a package of it, or java = \"\" for what the vendor's package brings");
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
  const bool good = Check(on, c, release).passes();
  return check_security(on, c, release) && good && host_has_room(on, c);
}

}  // namespace elasticsearch
