#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>
#include <wright/plugin.hpp>

#include "objects.hpp"

namespace graylog {

struct Source {
  std::string uri;
  std::string suite = "stable";
  std::string component = "4.0";
  std::string key;
  static constexpr auto options = wright::options(
      wright::option("uri", &Source::uri, "Address of the apt repository; empty: the host knows one already."),
      wright::option("suite", &Source::suite, "Its suite."),
      wright::option("component", &Source::component, "Its component, which names the release series."),
      wright::option("key", &Source::key, "Its public key, the text of the .asc file."));
};

struct Tls {
  std::string certificate;
  std::string key;
  wright::Secret key_password;
  static constexpr auto options = wright::options(
      wright::option("certificate", &Tls::certificate, "Path of the PEM chain on the host; plain HTTP when empty."),
      wright::option("key", &Tls::key, "Path of its PKCS#8 key; the group graylog must be able to read it."),
      wright::option("key_password", &Tls::key_password, "Password of the key."));
};

struct Email {
  std::string host;
  std::uint16_t port = 587;
  std::string user;
  wright::Secret password;
  std::string from;
  bool starttls = true;
  bool tls = false;
  std::string web_url;
  static constexpr auto options = wright::options(
      wright::option("host", &Email::host, "Mail server; no e-mail when empty."),
      wright::option("port", &Email::port, "Its port.").range(1, 65535),
      wright::option("user", &Email::user, "What it logs in with; no login when empty."),
      wright::option("password", &Email::password, "And the password: ${secret.NAME}."),
      wright::option("from", &Email::from, "Sender's address."),
      wright::option("starttls", &Email::starttls, "Begins TLS after connecting."),
      wright::option("tls", &Email::tls, "Speaks TLS from the first byte."),
      wright::option("web_url", &Email::web_url, "Address of the web interface in messages; external_uri when empty."));
};

struct Index {
  std::string prefix = "graylog";
  std::uint32_t shards = 4;
  std::uint32_t replicas = 0;
  std::string rotation = "count";
  std::uint32_t max_docs = 20000000;
  std::uint64_t max_mb = 1024;
  std::string max_age = "1d";
  std::uint32_t keep = 20;
  std::string retention = "delete";
  static constexpr auto options = wright::options(
      wright::option("prefix", &Index::prefix, "What names of indices begin with."),
      wright::option("shards", &Index::shards, "Shards of an index.").range(1, 1024),
      wright::option("replicas", &Index::replicas, "Copies of each shard on other nodes.").max(16),
      wright::option("rotation", &Index::rotation, "What begins a new index.").choices("count", "size", "time"),
      wright::option("max_docs", &Index::max_docs, "For rotation = \"count\": messages of an index.").min(1000),
      wright::option("max_mb", &Index::max_mb, "For rotation = \"size\": MiB of an index.").min(16),
      wright::option("max_age", &Index::max_age, "For rotation = \"time\": how long one is written to, such as 1d."),
      wright::option("keep", &Index::keep, "Indices kept.").range(1, 10000),
      wright::option("retention", &Index::retention, "What happens to older ones; with none they stay.")
          .choices("delete", "close", "none"));
};

struct Journal {
  bool enabled = true;
  std::string directory = "/var/lib/graylog-server/journal";
  std::uint32_t max_mb = 5120;
  std::string max_age = "12h";
  std::uint32_t full_percent = 95;
  static constexpr auto options = wright::options(
      wright::option("enabled", &Journal::enabled, "Messages wait on disk while the search server is away."),
      wright::option("directory", &Journal::directory, "Where."),
      wright::option("max_mb", &Journal::max_mb, "How much of it.").range(32, 10485760),
      wright::option("max_age", &Journal::max_age, "How long, such as 12h."),
      wright::option("full_percent", &Journal::full_percent, "`wright verify` fails when more of it is used.")
          .range(1, 100));
};

struct Config {
  std::string version;
  Source source;
  std::string java = "openjdk-17-jre-headless";
  std::string bind = "127.0.0.1";
  std::uint16_t port = 9000;
  std::string external_uri;
  std::string publish_uri;
  wright::Secret proxy_uri;
  Tls tls;
  std::vector<std::string> trusted_proxies = {"127.0.0.1/32", "::1/128"};
  wright::Secret password_secret;
  std::string root_user = "admin";
  wright::Secret root_password;
  std::string root_email;
  std::string timezone = "UTC";
  bool leader = true;
  bool version_checks = false;
  bool telemetry = false;
  wright::Secret mongodb_uri;
  std::vector<wright::Secret> search;
  std::uint32_t search_connect_s = 10;
  std::uint32_t search_answer_s = 60;
  std::uint32_t search_retries = 2;
  std::string search_version;
  std::string mongodb_version;
  Index index;
  Journal journal;
  std::uint32_t heap_mb = 0;
  std::vector<std::string> jvm_options;
  std::uint32_t input_processors = 2;
  std::uint32_t input_ring_size = 65536;
  std::uint32_t process_processors = 5;
  std::uint32_t output_processors = 3;
  std::uint32_t output_batch = 500;
  std::uint32_t ring_size = 65536;
  std::string wait_strategy = "blocking";
  Email email;
  std::vector<std::string> packs;
  std::vector<Input> inputs;
  std::vector<Rule> rules;
  std::vector<Stream> streams;
  std::vector<Notification> notifications;
  std::vector<Alert> alerts;
  std::vector<Dashboard> dashboards;
  std::vector<std::string> extra;
  bool own_name = true;
  std::uint32_t start_timeout_s = 300;
};

inline constexpr auto config_options = wright::options(
    wright::option("version", &Config::version, "Exact version of the package; any installed one when empty."),
    wright::option("source", &Config::source, "Where the package comes from."),
    wright::option("java", &Config::java, "Package of the Java runtime; empty: the package brings its own."),
    wright::option("bind", &Config::bind, "Numeric address of the web interface and REST."),
    wright::option("port", &Config::port, "And port.").range(1, 65535),
    wright::option("external_uri", &Config::external_uri,
                   "Address at which browsers reach it, such as https://logs.example.org:9000/."),
    wright::option("publish_uri", &Config::publish_uri,
                   "Address at which other nodes reach it, such as http://10.0.0.5:9000/; made of bind when empty."),
    wright::option("proxy_uri", &Config::proxy_uri,
                   "Proxy for what it fetches from other networks, such as http://user:password@10.0.0.3:3128."),
    wright::option("tls", &Config::tls, "TLS of its own, when no nginx stands before it."),
    wright::option("trusted_proxies", &Config::trusted_proxies,
                   "Networks of proxies whose word about the client's address is believed."),
    wright::option("password_secret", &Config::password_secret,
                   "What stored passwords are salted with: ${secret.NAME}, at least 16 characters. The same on every "
                   "node; never changed.")
        .required(),
    wright::option("root_user", &Config::root_user, "The administrator, which wright uses."),
    wright::option("root_password", &Config::root_password, "Its password: ${secret.NAME}. Graylog gets its SHA-256.")
        .required(),
    wright::option("root_email", &Config::root_email, "Its address."),
    wright::option("timezone", &Config::timezone, "Its time zone, such as Europe/Berlin."),
    wright::option("leader", &Config::leader, "This node does what only one may: rotation, alerts."),
    wright::option("version_checks", &Config::version_checks, "It asks its makers whether there is a newer release."),
    wright::option("telemetry", &Config::telemetry, "From 5.1 on: browsers tell its makers how it is used."),
    wright::option("mongodb_uri", &Config::mongodb_uri,
                   "mongodb://user:password@address:port/database: ${mongodb.graylog.url} or the like.")
        .required(),
    wright::option("search", &Config::search,
                   "URLs of Elasticsearch or OpenSearch, with user and password: [\"${elasticsearch.url}\"].")
        .required(),
    wright::option("search_connect_s", &Config::search_connect_s, "How long a connection to one of them may take.")
        .range(1, 3600),
    wright::option("search_answer_s", &Config::search_answer_s, "And an answer.").range(1, 3600),
    wright::option("search_retries", &Config::search_retries, "How often a question is asked again.").max(100),
    wright::option("search_version", &Config::search_version,
                   "What the search server is: ${elasticsearch.version}, or such as \"opensearch 2.19\". When empty, "
                   "what is installed on the host counts, if search names it. A pair that cannot work is refused."),
    wright::option("mongodb_version", &Config::mongodb_version,
                   "The same for MongoDB: ${mongodb.version}, or such as \"6.0\"."),
    wright::option("index", &Config::index, "Of the index set that Graylog makes at its first start."),
    wright::option("journal", &Config::journal, "What waits between inputs and processing."),
    wright::option("heap_mb", &Config::heap_mb,
                   "Java heap in MiB; 0: a quarter of the memory, at least 384 and at most 2048.")
        .max(31744),
    wright::option("jvm_options", &Config::jvm_options,
                   "More options of the Java machine, such as \"-XX:MaxGCPauseMillis=200\"."),
    wright::option("input_processors", &Config::input_processors, "Threads that take messages from inputs.")
        .range(1, 256),
    wright::option("input_ring_size", &Config::input_ring_size,
                   "Messages between inputs and journal, a power of two; lost when it is killed.")
        .range(1024, 1048576),
    wright::option("process_processors", &Config::process_processors, "Threads that process messages.").range(1, 256),
    wright::option("output_processors", &Config::output_processors, "Threads that write messages.").range(1, 256),
    wright::option("output_batch", &Config::output_batch, "Messages written at once.").range(1, 100000),
    wright::option("ring_size", &Config::ring_size, "Messages in each buffer, a power of two.").range(1024, 1048576),
    wright::option("wait_strategy", &Config::wait_strategy,
                   "How its threads wait for messages: blocking and sleeping spare the processor.")
        .choices("blocking", "sleeping", "yielding", "busy_spinning"),
    wright::option("email", &Config::email, "How alerts are sent."),
    wright::option("packs", &Config::packs,
                   "Inputs, fields, streams and dashboards that come with the plugin, for logs of that name.")
        .choices("nginx", "django", "gunicorn", "syslog", "gelf"),
    wright::option("inputs", &Config::inputs, "What it listens to. One that leaves the list is removed."),
    wright::option("rules", &Config::rules, "Rules that messages go through, in Graylog's language."),
    wright::option("streams", &Config::streams, "Streams. One that leaves the list is removed, messages are not."),
    wright::option("notifications", &Config::notifications, "Whom alerts are told to."),
    wright::option("alerts", &Config::alerts, "Event definitions."),
    wright::option("dashboards", &Config::dashboards, "Dashboards."),
    wright::option("extra", &Config::extra, "More lines of server.conf, such as \"stream_aware_field_types = false\"."),
    wright::option("own_name", &Config::own_name,
                   "Puts the host's own name in /etc/hosts when it is missing: each look-up that times out delays a "
                   "start by seconds."),
    wright::option("start_timeout_s", &Config::start_timeout_s, "How long a start may take.").range(30, 3600));

}  // namespace graylog
