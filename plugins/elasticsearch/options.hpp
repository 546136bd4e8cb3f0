#pragma once

#include <map>
#include <string>
#include <vector>
#include <wright/plugin.hpp>

namespace elasticsearch {

struct Source {
  std::string uri;
  std::string suite = "stable";
  std::string component = "main";
  std::string key;
  static constexpr auto options = wright::options(
      wright::option("uri", &Source::uri, "Address of the apt repository; empty: the host knows one already."),
      wright::option("suite", &Source::suite, "Its suite."),
      wright::option("component", &Source::component, "Its component."),
      wright::option("key", &Source::key, "Its public key, the text of the .asc file."));
};

/// Texts of PEM files. The server reads them only below its own folder, so wright writes them there.
struct Tls {
  std::string certificate;
  wright::Secret key;
  static constexpr auto options = wright::options(
      wright::option("certificate", &Tls::certificate,
                     "The text of a PEM file with the certificate, and those between it and the authority. Empty: no "
                     "TLS."),
      wright::option("key", &Tls::key, "The same of its private key: ${secret.NAME}."));
};

struct Transport {
  std::string bind = "127.0.0.1";
  std::string publish;
  std::uint16_t port = 9300;
  Tls tls;
  std::string ca;
  std::vector<std::string> nodes;
  static constexpr auto options = wright::options(
      wright::option("bind", &Transport::bind,
                     "Numeric address for other nodes. Not loopback, and with seeds, the server checks the limits of "
                     "the host before it starts."),
      wright::option("publish", &Transport::publish, "Address that other nodes are told; that of bind when empty."),
      wright::option("port", &Transport::port, "Port for other nodes.").range(1, 65535),
      wright::option("tls", &Transport::tls,
                     "With a password, what nodes show each other; all may have the same. No names in it are checked."),
      wright::option("ca", &Transport::ca,
                     "With tls, the text of a PEM file with the authorities that the other nodes' certificates must be "
                     "of; the certificate itself when empty."),
      wright::option("nodes", &Transport::nodes,
                     "OpenSearch with seeds and a password: the subjects of all nodes' certificates, such as "
                     "\"CN=node1,O=Example\" or, for several, \"CN=node*,O=Example\"."));
};

struct User {
  std::string name;
  wright::Secret password;
  std::vector<std::string> roles;
  static constexpr auto options = wright::options(
      wright::option("name", &User::name, "What it logs in with.").required(),
      wright::option("password", &User::password, "Its password: ${secret.NAME}.").required(),
      wright::option("roles", &User::roles, "What it may do: names of user_roles, or of roles that the server brings.")
          .required());
};

struct Indices {
  std::vector<std::string> names;
  std::vector<std::string> privileges;
  static constexpr auto options = wright::options(
      wright::option("names", &Indices::names, "Names or patterns, such as \"graylog_*\".").required(),
      wright::option("privileges", &Indices::privileges,
                     "Such as read, write, create_index or, of Elasticsearch, all; of OpenSearch: indices_all.")
          .required());
};

struct Role {
  std::string name;
  std::vector<std::string> cluster;
  std::vector<Indices> indices;
  static constexpr auto options =
      wright::options(wright::option("name", &Role::name, "Its name.").required(),
                      wright::option("cluster", &Role::cluster,
                                     "Privileges of the whole cluster, such as monitor; of OpenSearch: "
                                     "cluster_monitor."),
                      wright::option("indices", &Role::indices, "Privileges of indices."));
};

struct ServerPlugin {
  std::string name;
  std::string url;
  static constexpr auto options = wright::options(
      wright::option("name", &ServerPlugin::name, "Its name, such as analysis-icu.").required(),
      wright::option("url", &ServerPlugin::url,
                     "Its zip file, by https:// or, on the host, file:///. Empty: the vendor's of that name."));
};

struct Config {
  std::string flavor = "elasticsearch";
  std::string version;
  Source source;
  std::string java = "openjdk-17-jre-headless";
  std::string cluster_name = "elasticsearch";
  std::string node_name;
  std::vector<std::string> roles = {"master", "data", "ingest"};
  std::vector<std::string> seeds;
  std::vector<std::string> first_masters;
  std::vector<std::string> bind = {"127.0.0.1"};
  std::string publish;
  std::uint16_t port = 9200;
  Tls tls;
  Transport transport;
  std::uint32_t heap_mb = 0;
  double heap_share = 0.25;
  bool memory_lock = false;
  std::uint32_t open_files = 65535;
  std::uint32_t max_map_count = 262144;
  std::string data_path;
  std::string log_path;
  std::uint32_t shards = 1;
  std::uint32_t replicas = 0;
  std::string auto_create_index;
  bool security_plugin = true;
  std::string user = "wright";
  wright::Secret password;
  std::vector<User> users;
  std::vector<Role> user_roles;
  std::vector<std::string> placeholders;
  std::vector<ServerPlugin> plugins;
  bool destructive_requires_name = true;
  std::map<std::string, std::string> settings;
  std::vector<std::string> jvm_options;
  bool own_name = true;
  std::uint32_t start_timeout_s = 180;
};

inline constexpr auto config_options = wright::options(
    wright::option("flavor", &Config::flavor, "Which server.").choices("elasticsearch", "opensearch"),
    wright::option("version", &Config::version, "Exact version of the package; any installed one when empty."),
    wright::option("source", &Config::source, "Where the package comes from."),
    wright::option("java", &Config::java, "Package of the Java runtime; empty: the package brings its own."),
    wright::option("cluster_name", &Config::cluster_name, "Nodes of the same name find together."),
    wright::option("node_name", &Config::node_name, "The node's name; the host's in the site file when empty."),
    wright::option("roles", &Config::roles, "What the node does: master, data, ingest and, from 7.9 on, others."),
    wright::option(
        "seeds", &Config::seeds,
        "Other nodes that can be masters, ADDRESS:PORT of their transport. Empty: this node is the cluster."),
    wright::option("first_masters", &Config::first_masters,
                   "With seeds: names of the nodes that elect the first master, the same on each; before 7.0, their "
                   "number is how the majority is counted."),
    wright::option("bind", &Config::bind,
                   "Numeric addresses of REST. Reachable from elsewhere, it needs a firewall or a password."),
    wright::option("publish", &Config::publish, "Address that clients are told; the first of bind when empty."),
    wright::option("port", &Config::port, "Port of REST.").range(1, 65535),
    wright::option(
        "tls", &Config::tls,
        "REST by HTTPS. Needs a password. OpenSearch with a password always speaks HTTPS: with a certificate "
        "that wright makes, when none is given."),
    wright::option("transport", &Config::transport, "What nodes say to each other."),
    wright::option("heap_mb", &Config::heap_mb, "Java heap in MiB; 0: heap_share of the host's memory."),
    wright::option("heap_share", &Config::heap_share,
                   "Share of the host's memory that the heap gets, at least 512 MiB and at most 31744. The other half "
                   "of what it needs is the kernel's cache.")
        .range(0.05, 0.5),
    wright::option("memory_lock", &Config::memory_lock, "The heap is never swapped out."),
    wright::option("open_files", &Config::open_files, "Limit of open files.").range(1024, 1048576),
    wright::option("max_map_count", &Config::max_map_count,
                   "vm.max_map_count of the kernel; 0: left alone. A container cannot set it.")
        .max(2147483647),
    wright::option("data_path", &Config::data_path, "Where indices lie; the package's place when empty."),
    wright::option("log_path", &Config::log_path, "Where logs lie; the package's place when empty."),
    wright::option("shards", &Config::shards, "Shards of an index that does not say it.").range(1, 1024),
    wright::option("replicas", &Config::replicas, "And copies of each shard on other nodes.").max(100),
    wright::option(
        "auto_create_index", &Config::auto_create_index,
        "Names of indices that are made by writing to them, \"true\" or \"false\"; the server's default when "
        "empty. With Graylog: \".watches,.triggered_watches,.watcher-history-*\"."),
    wright::option("security_plugin", &Config::security_plugin,
                   "OpenSearch: whether its package has the security plugin, as the vendor's do. Without a password, "
                   "the plugin is turned off."),
    wright::option("user", &Config::user, "With a password: the administrator's name."),
    wright::option(
        "password", &Config::password,
        "Its password: ${secret.NAME}. Everybody may do everything when empty. Elasticsearch 6.8 and later; OpenSearch "
        "with its security plugin."),
    wright::option("users", &Config::users,
                   "With a password: accounts of applications. Those not listed are gone; OpenSearch's that others "
                   "have made since, "
                   "as soon as something here changes."),
    wright::option("user_roles", &Config::user_roles, "And roles for them, besides those that the server brings."),
    wright::option("placeholders", &Config::placeholders,
                   "Beginnings of names, such as \"graylog\", that get an empty index graylog_none with an alias "
                   "graylog_nothing. Asked for graylog_*, a server with accounts answers an error while there is no "
                   "alias at all, and Graylog makes none then."),
    wright::option("plugins", &Config::plugins, "Plugins of the server, for its version."),
    wright::option("destructive_requires_name", &Config::destructive_requires_name,
                   "Who deletes indices must name them: no patterns, and not all at once."),
    wright::option("settings", &Config::settings,
                   "More settings of its configuration file, such as \"http.max_content_length\" = \"200mb\"."),
    wright::option("jvm_options", &Config::jvm_options, "More options of the Java machine, such as \"-Xss2m\"."),
    wright::option("own_name", &Config::own_name,
                   "Puts the host's own name in /etc/hosts when it is missing: each look-up that times out delays a "
                   "start by seconds."),
    wright::option("start_timeout_s", &Config::start_timeout_s, "How long a start may take.").range(10, 3600));

}  // namespace elasticsearch
