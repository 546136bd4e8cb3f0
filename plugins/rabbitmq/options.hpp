#pragma once

#include <optional>
#include <string>
#include <vector>
#include <wright/plugin.hpp>

namespace rabbitmq {

struct Permission {
  std::string vhost;
  std::string configure = ".*";
  std::string write = ".*";
  std::string read = ".*";
  static constexpr auto options =
      wright::options(wright::option("vhost", &Permission::vhost, "Where it holds; the first of vhosts when empty."),
                      wright::option("configure", &Permission::configure,
                                     "Names that it may declare and delete, a regular expression."),
                      wright::option("write", &Permission::write, "Names that it may publish to."),
                      wright::option("read", &Permission::read, "Names that it may consume from."));
};

struct User {
  std::string name;
  wright::Secret password;
  std::vector<std::string> tags;
  std::vector<Permission> permissions = {Permission{}};
  static constexpr auto options = wright::options(
      wright::option("name", &User::name, "What it logs in with.").required(),
      wright::option("password", &User::password, "Its password: ${secret.NAME}.").required(),
      wright::option("tags", &User::tags,
                     "Of the management interface: administrator, monitoring, policymaker, management, impersonator."),
      wright::option("permissions", &User::permissions, "Everything on the first of vhosts by default."));
};

struct Policy {
  std::string name;
  std::string vhost;
  std::string pattern;
  std::string apply_to = "all";
  std::int32_t priority = 0;
  std::string definition;
  static constexpr auto options = wright::options(
      wright::option("name", &Policy::name, "Its name in the vhost.").required(),
      wright::option("vhost", &Policy::vhost, "The first of vhosts when empty."),
      wright::option("pattern", &Policy::pattern, "Names that it is for, a regular expression.").required(),
      wright::option("apply_to", &Policy::apply_to, "What it is for.").choices("all", "queues", "exchanges"),
      wright::option("priority", &Policy::priority, "The highest one that matches counts."),
      wright::option("definition", &Policy::definition, "JSON object, such as '{\"max-length\": 100000}'.").required());
};

struct Exchange {
  std::string name;
  std::string vhost;
  std::string type = "direct";
  bool durable = true;
  std::string arguments = "{}";
  static constexpr auto options = wright::options(
      wright::option("name", &Exchange::name, "Its name in the vhost.").required(),
      wright::option("vhost", &Exchange::vhost, "The first of vhosts when empty."),
      wright::option("type", &Exchange::type, "\"direct\", \"topic\", \"fanout\", \"headers\" or a plugin's."),
      wright::option("durable", &Exchange::durable, "It is there after a restart."),
      wright::option("arguments", &Exchange::arguments, "JSON object, such as '{\"alternate-exchange\": \"lost\"}'."));
};

struct Queue {
  std::string name;
  std::string vhost;
  bool durable = true;
  std::string arguments = "{}";
  static constexpr auto options = wright::options(
      wright::option("name", &Queue::name, "Its name in the vhost.").required(),
      wright::option("vhost", &Queue::vhost, "The first of vhosts when empty."),
      wright::option("durable", &Queue::durable, "It is there after a restart."),
      wright::option("arguments", &Queue::arguments, "JSON object, such as '{\"x-queue-type\": \"quorum\"}'."));
};

struct Binding {
  std::string exchange;
  std::string queue;
  std::string to_exchange;
  std::string vhost;
  std::string key;
  std::string arguments = "{}";
  static constexpr auto options =
      wright::options(wright::option("exchange", &Binding::exchange, "Where messages come from.").required(),
                      wright::option("queue", &Binding::queue, "Where they go to: this queue, or to_exchange."),
                      wright::option("to_exchange", &Binding::to_exchange, "Another exchange, instead of a queue."),
                      wright::option("vhost", &Binding::vhost, "The first of vhosts when empty."),
                      wright::option("key", &Binding::key, "Routing key, such as \"orders.#\"."),
                      wright::option("arguments", &Binding::arguments,
                                     "JSON object, such as '{\"x-match\": \"all\", \"kind\": \"mail\"}'."));
};

struct Parameter {
  std::string component;
  std::string name;
  std::string vhost;
  std::string value;
  static constexpr auto options = wright::options(
      wright::option("component", &Parameter::component, "What it is for, such as \"shovel\".").required(),
      wright::option("name", &Parameter::name, "Its name in the vhost.").required(),
      wright::option("vhost", &Parameter::vhost, "The first of vhosts when empty."),
      wright::option("value", &Parameter::value, "JSON object.").required());
};

struct Limits {
  std::string vhost;
  std::int64_t max_connections = -1;
  std::int64_t max_queues = -1;
  static constexpr auto options = wright::options(
      wright::option("vhost", &Limits::vhost, "The first of vhosts when empty."),
      wright::option("max_connections", &Limits::max_connections, "Most connections at a time; -1 is no limit.")
          .min(-1),
      wright::option("max_queues", &Limits::max_queues, "Most queues; -1 is no limit.").min(-1));
};

struct Source {
  std::string uri;
  std::string suite = "bookworm";
  std::string component = "main";
  std::string key;
  static constexpr auto options = wright::options(
      wright::option("uri", &Source::uri, "Repository with the packages; the host's own sources when empty."),
      wright::option("suite", &Source::suite, "Its suite."),
      wright::option("component", &Source::component, "Its component."),
      wright::option("key", &Source::key, "The key that it is signed with, ASCII-armored: the text itself."));
};

struct Tls {
  std::vector<std::string> listen;
  std::uint16_t port = 5671;
  std::string certificate;
  std::string key;
  std::string ca;
  bool verify_clients = false;
  static constexpr auto options = wright::options(
      wright::option("listen", &Tls::listen, "Numeric addresses for TLS; those without TLS when empty."),
      wright::option("port", &Tls::port, "Port of AMQP over TLS.").range(1, 65535),
      wright::option("certificate", &Tls::certificate, "Path of its PEM file on the host; no TLS when empty."),
      wright::option("key", &Tls::key, "Path of the key; the group rabbitmq must be able to read it."),
      wright::option("ca", &Tls::ca, "Path of the certificates that clients' ones are checked against."),
      wright::option("verify_clients", &Tls::verify_clients, "Clients need a certificate."));
};

struct Node {
  std::string name;
  std::string address;
  static constexpr auto options = wright::options(
      wright::option("name", &Node::name, "NAME@HOST, HOST without a dot. No name server has to know it.").required(),
      wright::option("address", &Node::address,
                     "Numeric IPv4 address that the other nodes reach it at: ${hosts.NAME.address}. Erlang's ports of "
                     "the host listen there.")
          .required());
};

struct Cluster {
  std::vector<Node> nodes;
  std::uint16_t port = 25672;
  std::string partition_handling = "pause_minority";
  static constexpr auto options = wright::options(
      wright::option("nodes", &Cluster::nodes, "All its nodes, the same on each host. No cluster when empty."),
      wright::option("port", &Cluster::port, "Port of Erlang's distribution; epmd's is 4369.").range(1, 65535),
      wright::option("partition_handling", &Cluster::partition_handling,
                     "What nodes do that do not see each other: those without a majority stop, the fewest start anew "
                     "and lose what they did meanwhile, or nothing.")
          .choices("pause_minority", "autoheal", "ignore"));
};

struct Config {
  std::string version;
  Source source;
  std::string erlang_version;
  Source erlang_source;
  std::vector<std::string> listen = {"127.0.0.1"};
  std::uint16_t port = 5672;
  Tls tls;
  std::string management_address = "127.0.0.1";
  std::uint16_t management_port = 15672;
  std::string node_name = "rabbit@localhost";
  wright::Secret erlang_cookie;
  Cluster cluster;
  std::string admin_user = "admin";
  wright::Secret admin_password;
  std::vector<std::string> vhosts;
  std::vector<User> users;
  std::vector<Policy> policies;
  std::vector<Parameter> parameters;
  std::vector<Limits> limits;
  std::vector<Exchange> exchanges;
  std::vector<Queue> queues;
  std::vector<Binding> bindings;
  std::vector<std::string> absent_users = {"guest"};
  std::vector<std::string> plugins;
  std::vector<std::string> feature_flags;
  double memory_share = 0.4;
  std::uint32_t disk_free_mb = 1024;
  double disk_free_memory = 0;
  std::uint32_t heartbeat_s = 60;
  std::uint32_t channel_max = 2047;
  std::uint32_t open_files = 65536;
  std::string log_level = "info";
  std::string syslog;
  std::vector<std::string> extra;
  std::uint32_t start_timeout_s = 300;
};

inline constexpr auto config_options = wright::options(
    wright::option("version", &Config::version,
                   "Exactly this version of the package rabbitmq-server; what is there or apt brings when empty."),
    wright::option("source", &Config::source, "Where another version than the host's own comes from."),
    wright::option("erlang_version", &Config::erlang_version,
                   "Exactly this version of Erlang's packages, one that the broker's version runs with."),
    wright::option("erlang_source", &Config::erlang_source, "Where it comes from, when that is another repository."),
    wright::option("listen", &Config::listen,
                   "Numeric addresses that it takes connections on. Reachable from elsewhere, it needs a firewall or "
                   "TLS: passwords cross in the clear."),
    wright::option("port", &Config::port, "Port of AMQP.").range(1, 65535),
    wright::option("tls", &Config::tls, "AMQP over TLS besides."),
    wright::option("management_address", &Config::management_address,
                   "Where the management interface listens. Beyond 127.0.0.1, put a web server with TLS or a firewall "
                   "before it: passwords cross in the clear.")
        .choices("127.0.0.1", "0.0.0.0"),
    wright::option("management_port", &Config::management_port, "Its port: wright needs it.").range(1, 65535),
    wright::option(
        "node_name", &Config::node_name,
        "Name of the node and its data: NAME@HOST. That of a host that has one already, to keep its data. In a "
        "cluster one of its nodes: by itself the one with an address of this host."),
    wright::option("erlang_cookie", &Config::erlang_cookie,
                   "What nodes and tools know each other by, letters and digits: ${secret.NAME}. The host's own when "
                   "empty. A cluster needs one, the same on each host."),
    wright::option("cluster", &Config::cluster,
                   "Hosts that are one broker. Who has the cookie is let in, and all crosses in the clear: it needs a "
                   "private network or a firewall."),
    wright::option("admin_user", &Config::admin_user, "The administrator, which wright uses."),
    wright::option("admin_password", &Config::admin_password, "Its password: ${secret.NAME}.").required(),
    wright::option("vhosts", &Config::vhosts, "Virtual hosts. One with queues is never removed."),
    wright::option("users", &Config::users, "Accounts of applications. One that leaves the list is removed."),
    wright::option("policies", &Config::policies, "Policies."),
    wright::option("parameters", &Config::parameters, "Parameters of plugins, such as shovels and federation."),
    wright::option("limits", &Config::limits, "Limits of vhosts."),
    wright::option("exchanges", &Config::exchanges,
                   "Exchanges besides those of applications. What one is cannot be changed once it is made."),
    wright::option("queues", &Config::queues,
                   "Queues besides those of applications. One with messages is never removed; what one is cannot be "
                   "changed once it is made."),
    wright::option("bindings", &Config::bindings, "Which messages of an exchange go where."),
    wright::option("absent_users", &Config::absent_users, "Accounts that must not be there."),
    wright::option("plugins", &Config::plugins, "RabbitMQ's plugins besides rabbitmq_management."),
    wright::option("feature_flags", &Config::feature_flags,
                   "Names of feature flags to enable, such as \"stream_queue\": a node whose data is older than its "
                   "version has the new ones off. They stay enabled: the server has no way back."),
    wright::option("memory_share", &Config::memory_share,
                   "Publishers are held up when it uses this share of the host's memory.")
        .range(0.05, 0.9),
    wright::option("disk_free_mb", &Config::disk_free_mb, "Or when less than so many MiB are free on its disk.")
        .range(50, 1048576),
    wright::option("disk_free_memory", &Config::disk_free_memory,
                   "Instead: when less than so many times the host's memory is free. 0: disk_free_mb counts.")
        .max(100),
    wright::option("heartbeat_s", &Config::heartbeat_s, "A connection is dead after so long without a sign; 0: never.")
        .max(3600),
    wright::option("channel_max", &Config::channel_max, "Most channels of a connection.").range(1, 65535),
    wright::option("open_files", &Config::open_files, "Limit of open files, and so of connections.")
        .range(1024, 1048576),
    wright::option("log_level", &Config::log_level, "What /var/log/rabbitmq/rabbit.log gets.")
        .choices("debug", "info", "warning", "error", "critical", "none"),
    wright::option("syslog", &Config::syslog, "Also sends its log there, as RFC 5424 over UDP: ADDRESS:PORT."),
    wright::option("extra", &Config::extra, "More lines of rabbitmq.conf, such as \"consumer_timeout = 3600000\"."),
    wright::option("start_timeout_s", &Config::start_timeout_s, "How long a start may take, with much data.")
        .range(10, 3600));

}  // namespace rabbitmq
