#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>
#include <wright/plugin.hpp>

namespace postgresql {

struct Source {
  std::string uri;
  std::string suite = "bookworm-pgdg";
  std::string component = "main";
  std::string key;
  static constexpr auto options = wright::options(
      wright::option("uri", &Source::uri,
                     "Repository with the packages, such as https://apt.postgresql.org/pub/repos/apt or a mirror of "
                     "it; the host's own sources when empty."),
      wright::option("suite", &Source::suite, "Its suite."),
      wright::option("component", &Source::component, "Its component."),
      wright::option("key", &Source::key, "The key that it is signed with, ASCII-armored: the text itself."));
};

struct Role {
  std::string name;
  std::string state = "present";
  wright::Secret password;
  bool login = true;
  bool superuser = false;
  bool create_databases = false;
  bool create_roles = false;
  bool replication = false;
  std::int32_t connection_limit = -1;
  std::vector<std::string> member_of;

  static constexpr auto options = wright::options(
      wright::option("name", &Role::name, "Name of the role.").required(),
      wright::option("state", &Role::state,
                     "\"absent\" drops it, whoever made it; only its name counts then. One that still owns or may use "
                     "something is refused by the server.")
          .choices("present", "absent"),
      wright::option(
          "password", &Role::password,
          "Its password, printable ASCII; the server keeps a SCRAM-SHA-256 verifier. Empty: none, so that it "
          "cannot log in over TCP."),
      wright::option("login", &Role::login, "May log in."),
      wright::option("superuser", &Role::superuser, "May do all."),
      wright::option("create_databases", &Role::create_databases, "May make databases."),
      wright::option("create_roles", &Role::create_roles, "May make roles."),
      wright::option("replication", &Role::replication, "May stream the write-ahead log."),
      wright::option("connection_limit", &Role::connection_limit, "Most connections at a time; -1 is no limit.")
          .min(-1),
      wright::option("member_of", &Role::member_of, "Roles whose rights it has."));
};

struct Database {
  std::string name;
  std::string state = "present";
  std::string owner;
  std::string encoding = "UTF8";
  std::string locale = "C.UTF-8";
  std::vector<std::string> extensions;
  std::vector<std::string> absent_extensions;
  std::vector<std::string> schemas;

  static constexpr auto options = wright::options(
      wright::option("name", &Database::name, "Name of the database.").required(),
      wright::option("state", &Database::state,
                     "\"absent\" dumps it to quarantine and drops it, whoever made it; only its name counts then.")
          .choices("present", "absent"),
      wright::option("owner", &Database::owner,
                     "Role that may do all in it, its schema public too; one of roles. Needed."),
      wright::option("encoding", &Database::encoding, "Encoding of its texts. Fixed once it is made."),
      wright::option("locale", &Database::locale,
                     "LC_COLLATE and LC_CTYPE, which the host must have. Fixed once it is made."),
      wright::option("schemas", &Database::schemas,
                     "Schemas in it besides public, the owner's too. One that leaves the list goes only when empty."),
      wright::option("extensions", &Database::extensions, "Extensions in it, such as \"pg_trgm\"."),
      wright::option("absent_extensions", &Database::absent_extensions,
                     "Extensions that are dropped from it, whoever made them. One that something needs, or that keeps "
                     "tables of its own, is refused."));
};

struct Grant {
  std::string role;
  std::string database;
  std::string schema = "public";
  std::string access = "read";

  static constexpr auto options = wright::options(
      wright::option("role", &Grant::role, "One of roles.").required(),
      wright::option("database", &Grant::database, "One of databases.").required(),
      wright::option("schema", &Grant::schema, "public, or one of the database's schemas."),
      wright::option("access", &Grant::access,
                     "What it may do with the tables of the schema, those that the owner makes later too.")
          .choices("read", "write"));
};

struct Access {
  std::vector<std::string> addresses;
  std::string database = "all";
  std::string role = "all";
  std::string method = "scram-sha-256";
  std::map<std::string, std::string> method_options;
  bool tls = false;

  static constexpr auto options = wright::options(
      wright::option("addresses", &Access::addresses,
                     "Addresses or networks, such as \"192.0.2.7\" or \"192.0.2.0/24\"; \"samehost\", \"samenet\", "
                     "\"all\"; \"local\" is the Unix socket.")
          .required(),
      wright::option("database", &Access::database,
                     "Database; \"all\", \"sameuser\", \"samerole\"; \"replication\" is the write-ahead log's stream."),
      wright::option("role", &Access::role, "Role, or \"all\"."),
      wright::option("method", &Access::method, "How it says who it is.")
          .choices("scram-sha-256", "md5", "cert", "reject", "peer", "ident", "ldap", "pam", "gss", "radius", "trust"),
      wright::option("method_options", &Access::method_options,
                     "What the method is told, such as { clientcert = \"verify-full\" } or { map = "
                     "\"staff\" }."),
      wright::option("tls", &Access::tls, "Over TLS only."));
};

struct Config {
  std::string version;
  Source source;
  std::vector<std::string> listen = {"127.0.0.1"};
  std::uint16_t port = 5432;
  std::uint32_t max_connections = 100;
  double memory_percent = 25;
  std::map<std::string, std::string> settings;
  std::string log = "file";
  std::vector<Role> roles;
  std::vector<Database> databases;
  std::vector<Grant> grants;
  std::vector<Access> access;
  bool host_access = true;
  bool backup = false;
  std::string backup_time = "02:30";
  std::string backup_directory = "/var/backups/postgresql";
  std::uint32_t backup_keep = 7;
  std::uint32_t backup_keep_weekly = 0;
  std::uint32_t backup_keep_monthly = 0;
  std::vector<std::string> backup_recipients;
  std::string backup_on_failure;
  bool backup_restore = true;
};

inline constexpr auto config_options = wright::options(
    wright::option("version", &Config::version,
                   "Major version, such as \"15\". The host's own when empty: the installed one, or the one that apt "
                   "would bring."),
    wright::option("source", &Config::source, "Where other versions than the host's own come from; it needs version."),
    wright::option("listen", &Config::listen, "Numeric addresses it listens on."),
    wright::option("port", &Config::port, "Port of the cluster main.").min(1),
    wright::option("max_connections", &Config::max_connections, "Most connections at a time.").range(1, 10000),
    wright::option("memory_percent", &Config::memory_percent,
                   "Of the host's memory, for shared_buffers; other memory settings follow.")
        .range(1, 60),
    wright::option("settings", &Config::settings,
                   "More settings of postgresql.conf by name; they win. What needs a restart is known."),
    wright::option("log", &Config::log,
                   "Where it logs: a file below /var/log/postgresql, or syslog, from where a log server takes it.")
        .choices("file", "syslog"),
    wright::option("roles", &Config::roles, "Roles. One that leaves the list is taken back."),
    wright::option("databases", &Config::databases,
                   "Databases. One that leaves the list is dumped to quarantine and dropped."),
    wright::option("grants", &Config::grants, "Rights of roles in databases of others."),
    wright::option("access", &Config::access, "Who may connect from elsewhere; the first entry that fits decides."),
    wright::option("host_access", &Config::host_access,
                   "From the host itself all roles may connect: over TCP with their password, over the socket as the "
                   "account of the same name. When false, only those of access, and postgres over the socket."),
    wright::option("backup", &Config::backup, "Dumps every database of the list daily."),
    wright::option("backup_time", &Config::backup_time, "When, as systemd's OnCalendar."),
    wright::option("backup_directory", &Config::backup_directory, "Where dumps lie; data, which a rollback keeps."),
    wright::option("backup_keep", &Config::backup_keep, "So many dumps of each database stay.").range(1, 1000),
    wright::option("backup_keep_weekly", &Config::backup_keep_weekly,
                   "Besides, the last dump of each of so many weeks.")
        .max(520),
    wright::option("backup_keep_monthly", &Config::backup_keep_monthly, "And of so many months.").max(240),
    wright::option(
        "backup_recipients", &Config::backup_recipients,
        "Public keys of age, such as \"age1...\" or \"ssh-ed25519 ...\": dumps are encrypted for these, and the "
        "host cannot read them any more. Plain when empty."),
    wright::option("backup_on_failure", &Config::backup_on_failure,
                   "Unit that systemd starts when a backup fails, such as \"status-mail@%n.service\" of your own."),
    wright::option("backup_restore", &Config::backup_restore,
                   "`wright verify` restores the newest dump of each database into one that is dropped again. Else, as "
                   "for large databases, it reads that dump through."));

/// Every problem with the options; true when there is none.
bool check(wright::Configure& on, const Config& c);

/// The options without roles and databases that are to be absent.
Config without_absent(Config c);

/// What follows from options and facts.
struct Server {
  std::string version;   ///< major
  std::string unit;      ///< of the cluster main
  std::string programs;  ///< directory of its own programs
  std::string folder;    ///< of its configuration
};
Server server_of(const wright::Phase& on, const Config& c);

/// Settings for its postgresql.conf: those that take a restart, and those that a reload applies.
struct Settings {
  std::string start, reload;
};
Settings settings_of(const Config& c, std::int64_t memory_bytes);

/// pg_hba.conf.
std::string access_file(const Config& c);
/// That the host's own connection to `address` as this role is let in with its password, as far as that can be told of
/// the words of `access`.
bool asks_password(const Config& c, const std::string& role, const std::string& database, const std::string& address);

}  // namespace postgresql
