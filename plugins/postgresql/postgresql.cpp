#include <algorithm>
#include <wright/apt_source.hpp>
#include <wright/check.hpp>
#include <wright/shell.hpp>

#include "contents.hpp"
#include "templates/postgresql.hpp"

namespace postgresql {
namespace {

bool is_local(const std::string& address) { return address.starts_with("127.") || address == "::1"; }

/// Where a program on the host reaches it.
std::string near_address(const Config& c) {
  for (const auto& address : c.listen)
    if (is_local(address) || address == "0.0.0.0" || address == "::") return address == "::1" ? address : "127.0.0.1";
  return c.listen.empty() ? "" : c.listen.front();
}

std::string far_address(const wright::Phase& on, const Config& c) {
  const bool far = std::any_of(c.listen.begin(), c.listen.end(), [](const auto& a) { return !is_local(a); });
  return far ? on.address() : near_address(c);
}

std::string percent_encoded(std::string_view text) {
  std::string out;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (std::isalnum(byte) != 0 || c == '-' || c == '_' || c == '.' || c == '~')
      out += c;
    else
      out += wright::format("%{}{}", "0123456789ABCDEF"[byte >> 4U], "0123456789ABCDEF"[byte & 15U]);
  }
  return out;
}

std::string in_url(const std::string& address) {
  return address.find(':') == std::string::npos ? address : "[" + address + "]";
}

struct Postgresql : wright::Plugin {
  static constexpr auto about = wright::about("postgresql", "1.0.0", "PostgreSQL server with its roles and databases");
  using Config = postgresql::Config;
  static constexpr auto options = config_options;

  void install(wright::Install& on, const Config& c) {
    const Server server = server_of(on, c);
    if (server.version.empty()) {
      on.error("version", "is not given, and the host's apt knows no package postgresql",
               "see that the host's sources have it, or add a repository that does");
      return;
    }
    for (const char* name : {"postgresql-", "postgresql-client-"})
      wright::apt_source(on, c.source, on.package(name + server.version));
    if (c.version.empty()) on.package("postgresql");
    if (c.backup && !c.backup_recipients.empty()) on.package("age");
  }

  void configure(wright::Configure& on, const Config& all) {
    if (!check(on, all)) return;
    const Config c = without_absent(all);
    const Server server = server_of(on, c);
    if (server.version.empty()) return;
    const auto settings = settings_of(c, on.fact("memory.total_bytes").integer());
    const wright::Strings parses = {"/sbin/runuser",
                                    "-u",
                                    "postgres",
                                    "--",
                                    server.programs + "/postgres",
                                    "-C",
                                    "data_directory",
                                    "-c",
                                    "config_file=" + server.folder + "/postgresql.conf"};
    auto setting_file = [&](const char* name, const std::string& text) {
      return on.file(server.folder + "/conf.d/" + name)
          .mode(0644)
          .content(text)
          .validate(parses)
          .validate_tree("/etc/postgresql");
    };
    auto start = setting_file("wright-start.conf", settings.start);
    auto reload = setting_file("wright.conf", settings.reload);
    auto hba = on.file(server.folder + "/pg_hba.conf").mode(0640).owner("postgres", "postgres").content(access_file(c));
    on.service(server.unit).running().stable(1).timeout(300).restart_on(start).reload_on(reload, hba);
    on.service("postgresql").enabled();
    declare_contents(on, all, server, "service:" + server.unit);
    if (c.backup && !c.databases.empty()) backup(on, c, server);
    export_values(on, c, server);
  }

  void verify(wright::Verify& on, const Config& all) {
    const Config c = without_absent(all);
    const Server server = server_of(on, c);
    const std::string psql = server.programs + "/psql";
    if (!c.listen.empty()) on.tcp(near_address(c), c.port).ready();
    const std::string port = wright::format("{}", c.port);
    for (const auto& role : c.roles) {
      const auto* database = database_of(c, role.name);
      if (!role.login || role.password.empty() || c.listen.empty() || database == nullptr ||
          !asks_password(c, role.name, *database, near_address(c)))
        continue;
      const wright::Strings words = {psql,
                                     "--no-psqlrc",
                                     "--no-align",
                                     "--tuples-only",
                                     "--no-password",
                                     "--set=ON_ERROR_STOP=1",
                                     "--host=" + near_address(c),
                                     "--port=" + port,
                                     "--username=" + role.name,
                                     "--dbname=" + *database};
      on.check_command(words)
          .user("postgres")
          .environment("PGPASSWORD", role.password)
          .environment("PGCONNECT_TIMEOUT", "5")
          .input(
              "CREATE TEMPORARY TABLE wright_check AS SELECT 42 AS answer;\nSELECT 'the answer is ' || answer FROM "
              "wright_check;\n")
          .contains("the answer is 42")
          .named(wright::format("{} writes and reads in {} with its password", role.name, *database));
      on.check_command(words)
          .user("postgres")
          .environment("PGPASSWORD", wright::Secret(role.password.reveal() + "x"))
          .environment("PGCONNECT_TIMEOUT", "5")
          .input("SELECT 1;\n")
          .exit(2)
          .named(wright::format("{} is refused with another password", role.name));
    }
    const wright::Strings ask = {psql, "--no-psqlrc", "--no-align", "--tuples-only", "--no-password", "--port=" + port};
    on.check_command(ask)
        .user("postgres")
        .input(
            "SELECT 'settings that wait for a restart: ' || coalesce(string_agg(name, ' '), 'none') FROM pg_settings "
            "WHERE pending_restart;\n")
        .contains("restart: none")
        .named("every setting is in force");
    on.check_command(ask)
        .user("postgres")
        .input(
            "SELECT 'wrong lines of pg_hba.conf: ' || coalesce(string_agg(line_number || ' ' || error, '; '), 'none') "
            "FROM pg_hba_file_rules WHERE error IS NOT NULL;\n")
        .contains("pg_hba.conf: none")
        .named("every line of pg_hba.conf is in force");
    check_absent(on, ask, all);
    if (!c.backup || c.databases.empty()) return;
    on.check_command({"/bin/systemctl", "show", "--property=Result", "postgresql-backup.service"})
        .contains("Result=success")
        .named("the last backup did not fail");
    on.check_command({"/usr/local/sbin/postgresql-backup", c.backup_restore ? "check" : "list"})
        .user("postgres")
        .contains("all backups are good")
        .deadline(3600)
        .named(!c.backup_recipients.empty() ? "dumps can be restored, and the newest that stay are encrypted"
               : c.backup_restore           ? "the newest backups can be restored"
                                            : "the newest backups can be read");
  }

 private:
  static const std::string* database_of(const Config& c, const std::string& role) {
    for (const auto& database : c.databases)
      if (database.owner == role) return &database.name;
    for (const auto& grant : c.grants)
      if (grant.role == role) return &grant.database;
    return nullptr;
  }

  /// Databases are asked for their extensions one after the other.
  static void check_absent(wright::Verify& on, const wright::Strings& ask, const Config& all) {
    std::string gone;
    std::string extensions;
    auto none = [&](const char* kind, const char* column, const char* catalog, const std::string& name) {
      return "SELECT " + literal(wright::format("still there: {} {}", kind, name)) + " FROM pg_catalog." + catalog +
             " WHERE " + column + " = " + literal(name) + ";\n";
    };
    for (const auto& role : all.roles)
      if (role.state == "absent") gone += none("role", "rolname", "pg_roles", role.name);
    for (const auto& database : all.databases) {
      if (database.state == "absent") {
        gone += none("database", "datname", "pg_database", database.name);
        continue;
      }
      if (!database.absent_extensions.empty()) extensions += "\\connect " + identifier(database.name) + "\n";
      for (const auto& extension : database.absent_extensions)
        extensions += none("extension", "extname", "pg_extension", extension);
    }
    if (gone.empty() && extensions.empty()) return;
    on.check_command(ask)
        .user("postgres")
        .input("\\set ON_ERROR_STOP on\n\\set QUIET on\n\\echo what is to be absent\n" + gone + extensions +
               "\\echo is all\n")
        .contains("what is to be absent\nis all")
        .named("what is to be absent is not there");
  }

  static void backup(wright::Configure& on, const Config& c, const Server& server) {
    on.directory(c.backup_directory).mode(0700).owner("postgres", "postgres").data();
    std::string databases;
    for (const auto& database : c.databases)
      databases += (databases.empty() ? "" : " ") + wright::shell_quoted(database.name);
    std::string recipients;
    for (const auto& key : c.backup_recipients)
      recipients += (recipients.empty() ? "--recipient " : " --recipient ") + wright::shell_quoted(key);
    on.file("/usr/local/sbin/postgresql-backup")
        .mode(0755)
        .content(wright::render(templates::backup_sh, {{"port", wright::format("{}", c.port)},
                                                       {"programs", server.programs},
                                                       {"directory", wright::shell_quoted(c.backup_directory)},
                                                       {"databases", databases},
                                                       {"encrypted", recipients.empty() ? "no" : "yes"},
                                                       {"recipients", recipients},
                                                       {"keep", wright::format("{}", c.backup_keep)},
                                                       {"weeks", wright::format("{}", c.backup_keep_weekly)},
                                                       {"months", wright::format("{}", c.backup_keep_monthly)}}));
    const std::string note =
        "# Written by wright. Hand edits are reported by `wright plan` and replaced by the next apply.\n";
    auto unit = on.file("/etc/systemd/system/postgresql-backup.service")
                    .mode(0644)
                    .content(note + "[Unit]\nDescription=Dump of PostgreSQL's databases\nAfter=postgresql.service\n" +
                             (c.backup_on_failure.empty() ? "" : "OnFailure=" + c.backup_on_failure + "\n") +
                             "\n[Service]\n"
                             "Type=oneshot\nUser=postgres\nExecStart=/usr/local/sbin/postgresql-backup\nNice=10\n");
    auto timer =
        on.file("/etc/systemd/system/postgresql-backup.timer")
            .mode(0644)
            .content(note + "[Unit]\nDescription=Daily dump of PostgreSQL's databases\n\n[Timer]\nOnCalendar=" +
                     c.backup_time + "\nPersistent=true\n\n[Install]\nWantedBy=timers.target\n");
    on.service("postgresql-backup.timer").enabled().running().restart_on(timer).after(unit);
  }

  static void export_values(wright::Configure& on, const Config& c, const Server& server) {
    on.export_value("address", far_address(on, c));
    on.export_value("port", c.port);
    on.export_value("version", server.version);
    for (const auto& role : c.roles)
      if (const auto* database = database_of(c, role.name); database != nullptr)
        on.export_value("url." + role.name,
                        wright::Secret(wright::format("postgresql://{}:{}@{}:{}/{}", percent_encoded(role.name),
                                                      percent_encoded(role.password.reveal()),
                                                      in_url(far_address(on, c)), c.port, percent_encoded(*database))));
  }
};

}  // namespace
}  // namespace postgresql

using PostgresqlPlugin = postgresql::Postgresql;
WRIGHT_PLUGIN(PostgresqlPlugin)
