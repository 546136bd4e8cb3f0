#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>
#include <wright/plugin.hpp>

namespace supervisor {

struct Program {
  std::string name;
  std::vector<std::string> command;
  std::string directory = "/";
  std::string user = "root";
  std::map<std::string, wright::Secret> environment;
  std::string umask = "022";
  std::uint32_t numprocs = 1;
  std::uint32_t priority = 999;
  bool autostart = true;
  std::string autorestart = "true";
  std::vector<std::int64_t> exitcodes = {0};
  std::uint32_t startsecs = 1;
  std::uint32_t startretries = 3;
  std::string stopsignal = "TERM";
  std::uint32_t stopwaitsecs = 30;
  bool stopasgroup = false;
  bool killasgroup = true;
  std::string log;
  std::string stderr_log;
  std::uint32_t log_max_mb = 50;
  std::uint32_t log_backups = 10;
  std::vector<std::string> restart_on;

  static constexpr auto options = wright::options(
      wright::option("name", &Program::name, "Its name, and that of its file in /etc/supervisor/conf.d.").required(),
      wright::option("command", &Program::command,
                     "The program by its absolute path, and its arguments; no secrets, and nothing that a shell would "
                     "expand. It must stay in the foreground.")
          .required(),
      wright::option("directory", &Program::directory, "Where it runs."),
      wright::option("user", &Program::user, "Account it runs as."),
      wright::option("environment", &Program::environment, "Variables; their file is root's alone."),
      wright::option("umask", &Program::umask, "Permission bits that its files do not get, in octal."),
      wright::option("numprocs", &Program::numprocs, "How many processes it has.").range(1, 256),
      wright::option("priority", &Program::priority, "Lower ones start first and stop last.").max(9999),
      wright::option("autostart", &Program::autostart, "Starts with supervisord."),
      wright::option("autorestart", &Program::autorestart,
                     "Whether it is started again when it ends: \"unexpected\" is with another code than exitcodes. "
                     "Unless this or autostart is false, it is to run at all times.")
          .choices("true", "unexpected", "false"),
      wright::option("exitcodes", &Program::exitcodes, "Codes of an end that was expected.").range(0, 255),
      wright::option("startsecs", &Program::startsecs, "Up for so long, it counts as started.").max(3600),
      wright::option("startretries", &Program::startretries, "Tries before it is given up.").max(100),
      wright::option("stopsignal", &Program::stopsignal, "What stops it.")
          .choices("TERM", "HUP", "INT", "QUIT", "USR1", "USR2", "KILL"),
      wright::option("stopwaitsecs", &Program::stopwaitsecs, "Then it is killed after so long.").range(1, 86400),
      wright::option("stopasgroup", &Program::stopasgroup, "The signal goes to its children too."),
      wright::option("killasgroup", &Program::killasgroup, "And the kill."),
      wright::option("log", &Program::log,
                     "File of what it writes; NAME.log in log_folder when empty, NAME-N.log with numprocs."),
      wright::option("stderr_log", &Program::stderr_log, "File of its standard error; with the rest when empty."),
      wright::option("log_max_mb", &Program::log_max_mb, "A new file is begun at so many MiB; 0 never.").max(1048576),
      wright::option("log_backups", &Program::log_backups, "Old files that are kept.").max(1000),
      wright::option("restart_on", &Program::restart_on,
                     "Resources (\"kind:path\") of other components that restart it when they change."));
};

struct Group {
  std::string name;
  std::vector<std::string> programs;
  std::uint32_t priority = 999;

  static constexpr auto options = wright::options(
      wright::option("name", &Group::name, "Its name, and that of its file in /etc/supervisor/conf.d.").required(),
      wright::option("programs", &Group::programs,
                     "Names of its programs. They are started, stopped and changed as one.")
          .required(),
      wright::option("priority", &Group::priority, "Lower ones start first and stop last.").max(9999));
};

struct Config {
  std::vector<Program> programs;
  std::vector<Group> groups;
  std::string version;
  std::string socket = "/run/supervisor.sock";
  std::string socket_mode = "0700";
  std::string socket_owner;
  std::string socket_user;
  wright::Secret socket_password;
  std::optional<std::uint16_t> http_port;
  std::string http_address = "127.0.0.1";
  std::string http_user;
  wright::Secret http_password;
  std::string log_folder = "/var/log/supervisor";
  std::string log_level = "info";
  std::uint32_t log_max_mb = 50;
  std::uint32_t log_backups = 10;
  std::uint32_t open_files = 1024;
  std::uint32_t stop_timeout_s = 900;
};

inline constexpr auto config_options = wright::options(
    wright::option("programs", &Config::programs, "What it keeps running. One that leaves the list is stopped."),
    wright::option("groups", &Config::groups, "Programs that are handled as one."),
    wright::option("version", &Config::version, "Version of the package; the host's own when empty."),
    wright::option("socket", &Config::socket, "Where supervisorctl and wright talk to it."),
    wright::option("socket_mode", &Config::socket_mode,
                   "Mode of that socket, in octal. Whoever may write to it is root."),
    wright::option("socket_owner", &Config::socket_owner, "USER:GROUP of that socket; root's when empty."),
    wright::option("socket_user", &Config::socket_user,
                   "Whoever asks at that socket must say this name and socket_password; nobody must when empty. Root "
                   "need not: supervisorctl and wright read both from supervisord's file."),
    wright::option("socket_password", &Config::socket_password, "And the password: ${secret.NAME}."),
    wright::option("http_port", &Config::http_port,
                   "Port of its web page, for whoever has user and password; no page when not given."),
    wright::option("http_address", &Config::http_address, "Numeric address of it; passwords cross in the clear."),
    wright::option("http_user", &Config::http_user, "Who may see the page."),
    wright::option("http_password", &Config::http_password, "And the password: ${secret.NAME}."),
    wright::option(
        "log_folder", &Config::log_folder,
        "Folder of supervisord.log, and of the logs of programs that name none. Programs of other components "
        "have theirs in /var/log/supervisor."),
    wright::option("log_level", &Config::log_level, "What supervisord.log gets.")
        .choices("critical", "error", "warn", "info", "debug"),
    wright::option("log_max_mb", &Config::log_max_mb, "A new file is begun at so many MiB; 0 never.").max(1048576),
    wright::option("log_backups", &Config::log_backups, "Old files that are kept.").max(1000),
    wright::option("open_files", &Config::open_files, "Limit of open files, for the programs too.").range(256, 1048576),
    wright::option("stop_timeout_s", &Config::stop_timeout_s,
                   "How long systemd waits for all programs to end when it stops supervisord.")
        .range(10, 86400));

/// True when all options make sense; else every problem was told.
bool check(wright::Configure& on, const Config& c);

/// The group that a program is in; null when it stands alone.
const Group* group_of(const Config& c, const std::string& program);
/// Whether it is to run at all times.
bool stays_up(const Program& p);

}  // namespace supervisor
