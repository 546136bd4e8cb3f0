#pragma once

#include <string>
#include <vector>
#include <wright/plugin.hpp>

namespace mongodb {

struct Source {
  std::string uri;
  std::string suite = "bookworm/mongodb-org/7.0";
  std::string component = "main";
  std::string key;
  static constexpr auto options = wright::options(
      wright::option("uri", &Source::uri,
                     "Repository with the packages, such as https://repo.mongodb.org/apt/debian or a mirror of it; the "
                     "host's own sources when empty."),
      wright::option("suite", &Source::suite,
                     "Its suite, which goes with version: the vendor has packages for Debian 12 of 7.0 and later."),
      wright::option("component", &Source::component, "Its component."),
      wright::option("key", &Source::key, "The key that it is signed with, ASCII-armored: the text itself."));
};

struct User {
  std::string name;
  wright::Secret password;
  std::string database;
  std::vector<std::string> roles;
  static constexpr auto options = wright::options(
      wright::option("name", &User::name, "What it logs in with.").required(),
      wright::option("password", &User::password, "Its password: ${secret.NAME}.").required(),
      wright::option("database", &User::database, "The database that it belongs to.").required(),
      wright::option("roles", &User::roles, "Its roles, ROLE or ROLE@DATABASE; readWrite in its database when empty."));
};

struct Tls {
  std::string mode = "off";
  std::string certificate;
  std::string ca;
  static constexpr auto options = wright::options(
      wright::option(
          "mode", &Tls::mode,
          "Clients may use TLS (allow), members of a replica set do as well (prefer), all must (require). Several "
          "members that run take one step at a time, with an apply for each.")
          .choices("off", "allow", "prefer", "require"),
      wright::option("certificate", &Tls::certificate,
                     "Path of a PEM file on the host with certificate and key, which has no password; other members "
                     "check that the certificate has the address that members says."),
      wright::option("ca", &Tls::ca,
                     "Path of the certificates that those of clients and members are checked against; several "
                     "members need it with prefer or require."));
};

struct ReplicaSet {
  std::string name;
  std::vector<std::string> members;
  wright::Secret key;
  std::uint32_t oplog_mb = 0;
  static constexpr auto options = wright::options(
      wright::option("name", &ReplicaSet::name, "Its name; a server by itself when empty."),
      wright::option("members", &ReplicaSet::members,
                     "ADDRESS:PORT of each host of the component, by a numeric address that the host has; this host "
                     "alone when empty. The first one makes the set, and its accounts, and takes the writes while it "
                     "is there. Fixed once it is made, but for their order."),
      wright::option("key", &ReplicaSet::key,
                     "What its members know each other by, 6 to 1024 letters and digits: ${secret.NAME}."),
      wright::option("oplog_mb", &ReplicaSet::oplog_mb,
                     "Size of the log from which members that were away catch up, when the set is made; 0 leaves it to "
                     "the server.")
          .max(16777216));
};

struct Config {
  std::string version;
  std::string package = "mongodb-org-server";
  Source source;
  std::vector<std::string> bind = {"127.0.0.1"};
  std::uint16_t port = 27017;
  std::string admin_user = "admin";
  wright::Secret admin_password;
  std::vector<User> users;
  std::string data_path = "/var/lib/mongodb";
  std::uint32_t cache_mb = 0;
  double cache_share = 0.25;
  std::uint32_t max_connections = 10000;
  std::string log_path = "/var/log/mongodb/mongod.log";
  std::uint32_t log_keep = 7;
  Tls tls;
  ReplicaSet replica_set;
  bool huge_pages_off = true;
  std::uint32_t open_files = 64000;
  std::vector<std::string> extra;
  std::uint32_t start_timeout_s = 120;
};

inline constexpr auto config_options = wright::options(
    wright::option("version", &Config::version, "Exactly this version of the package, such as 7.0.14."),
    wright::option("package", &Config::package, "The server's package."),
    wright::option("source", &Config::source, "Where apt gets it."),
    wright::option("bind", &Config::bind, "Numeric addresses that it takes connections on; 127.0.0.1 must be one."),
    wright::option("port", &Config::port, "Port.").range(1, 65535),
    wright::option("admin_user", &Config::admin_user, "The administrator, which wright uses."),
    wright::option("admin_password", &Config::admin_password, "Its password: ${secret.NAME}.").required(),
    wright::option("users", &Config::users, "Accounts of applications. One that leaves the list is removed."),
    wright::option("data_path", &Config::data_path, "Where the data is."),
    wright::option("cache_mb", &Config::cache_mb, "Cache in MiB; 0 takes cache_share.").max(1048576),
    wright::option("cache_share", &Config::cache_share, "Cache as a share of the host's memory, at least 256 MiB.")
        .range(0.01, 0.8),
    wright::option("max_connections", &Config::max_connections, "Most connections at a time.").range(10, 1000000),
    wright::option("log_path", &Config::log_path, "The log file; it is rotated daily."),
    wright::option("log_keep", &Config::log_keep, "So many old logs are kept.").range(1, 365),
    wright::option("tls", &Config::tls, "TLS for clients."),
    wright::option("replica_set", &Config::replica_set, "A replica set of one server or more."),
    wright::option(
        "huge_pages_off", &Config::huge_pages_off,
        "Turns transparent huge pages off, which slow it down; not on a container, where that is the machine's."),
    wright::option("open_files", &Config::open_files, "Limit of open files.").range(1024, 1048576),
    wright::option(
        "extra", &Config::extra,
        "More of mongod.conf, each a line SECTION.NAME: VALUE, such as \"operationProfiling.mode: slowOp\"."),
    wright::option("start_timeout_s", &Config::start_timeout_s, "How long a start may take, with much data.")
        .range(10, 3600));

}  // namespace mongodb
