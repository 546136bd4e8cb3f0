#pragma once

#include <map>
#include <string>
#include <vector>
#include <wright/plugin.hpp>
#include <wright/supervised.hpp>

namespace gunicorn {

struct Config {
  std::string app;
  std::string python;
  std::string directory;
  std::string user;
  std::string group;
  bool system_user = false;
  std::string runner = "systemd";
  std::string supervisor_socket;
  std::string run;
  std::map<std::string, wright::Secret> environment;
  std::string socket;
  std::string socket_group = "www-data";
  std::string socket_folder_mode = "0750";
  std::string restart = "always";
  std::uint32_t restart_s = 2;
  std::vector<std::string> bind;
  std::uint32_t workers = 0;
  std::uint32_t threads = 1;
  std::string worker_class = "sync";
  std::uint32_t timeout_s = 30;
  std::uint32_t graceful_timeout_s = 30;
  std::uint32_t keepalive_s = 2;
  std::uint32_t max_requests = 0;
  std::uint32_t max_requests_jitter = 0;
  std::uint32_t backlog = 2048;
  bool preload = false;
  std::string log_level = "info";
  bool access_log = false;
  std::string log_folder;
  std::string syslog;
  std::vector<std::string> extra;
  std::vector<std::string> reload_on;
  std::vector<std::string> restart_on;
  std::string verify_path = "/";
  std::string verify_host = "localhost";
  std::int64_t verify_status = 200;
  std::string verify_contains;
  std::map<std::string, std::string> verify_headers;
};

inline constexpr auto config_options = wright::options(
    wright::option("app", &Config::app, "The WSGI application, such as \"config.wsgi:application\".").required(),
    wright::option(
        "python", &Config::python,
        "Interpreter of the environment that has gunicorn and the application, such as \"${django.python}\". A "
        "path through a link that a release switches is followed anew at each reload.")
        .required(),
    wright::option("directory", &Config::directory, "Where the application's code is, such as \"${django.current}\".")
        .required(),
    wright::option("user", &Config::user, "Account it runs as.").required(),
    wright::option("group", &Config::group, "Its group; the one named like the user when empty."),
    wright::option("system_user", &Config::system_user, "Makes that account and group; other components do otherwise."),
    wright::option("runner", &Config::runner, "What keeps it running. \"supervisor\" needs that component on the host.")
        .choices("systemd", "supervisor"),
    wright::option("supervisor_socket", &Config::supervisor_socket,
                   "With runner = \"supervisor\": where that is asked, \"${supervisor.socket}\"."),
    wright::option("run", &Config::run,
                   "A program that gives another one the environment of the application, such as \"${django.run}\"; it "
                   "is called with the other's command line."),
    wright::option("environment", &Config::environment, "More variables; those that `run` gives win."),
    wright::option("socket", &Config::socket,
                   "Path of its unix socket, in a folder of its own below /run; /run/gunicorn-COMPONENT/gunicorn.sock "
                   "when empty."),
    wright::option("socket_group", &Config::socket_group, "Group that may connect to it: the web server's."),
    wright::option("socket_folder_mode", &Config::socket_folder_mode,
                   "Mode of the socket's folder, in octal: whoever may enter it may connect."),
    wright::option("restart", &Config::restart, "When it is started again after it ended by itself.")
        .choices("always", "on-failure"),
    wright::option("restart_s", &Config::restart_s, "So long after its end, in seconds; Supervisor has its own times.")
        .max(3600),
    wright::option("bind", &Config::bind, "Addresses besides the socket, such as \"127.0.0.1:8000\"."),
    wright::option("workers", &Config::workers, "Worker processes; 0 is two for each processor and one more.")
        .max(1024),
    wright::option("threads", &Config::threads, "Threads of a worker.").range(1, 1024),
    wright::option("worker_class", &Config::worker_class,
                   "\"sync\", \"gthread\", \"gevent\" or any other that the environment has."),
    wright::option("timeout_s", &Config::timeout_s,
                   "A worker that is silent for so long is killed and replaced; 0 turns that off.")
        .max(86400),
    wright::option("graceful_timeout_s", &Config::graceful_timeout_s,
                   "How long requests may take to finish at a reload or stop.")
        .range(1, 3600),
    wright::option("keepalive_s", &Config::keepalive_s, "How long an idle connection stays open.").max(3600),
    wright::option("max_requests", &Config::max_requests,
                   "A worker is replaced after so many requests; 0 turns it off."),
    wright::option("max_requests_jitter", &Config::max_requests_jitter, "Up to so many more, drawn by each worker."),
    wright::option("backlog", &Config::backlog, "Connections that may wait.").range(1, 65535),
    wright::option("preload", &Config::preload, "Loads the application before the workers are forked: saves memory."),
    wright::option("log_level", &Config::log_level, "How much it says.")
        .choices("debug", "info", "warning", "error", "critical"),
    wright::option("access_log", &Config::access_log, "Writes a line for each request."),
    wright::option("log_folder", &Config::log_folder,
                   "Folder for access.log and error.log, rotated by logrotate. When empty it writes to its runner: "
                   "Supervisor's log file or systemd's journal."),
    wright::option("syslog", &Config::syslog, "Sends its log there too, such as \"udp://localhost:12303\"."),
    wright::option("extra", &Config::extra, "More lines for gunicorn.conf.py, in Python."),
    wright::option("reload_on", &Config::reload_on,
                   "Resources of other components, such as \"symlink:/srv/board/current\": a change of one reloads it, "
                   "without a lost request. Usually \"${django.restart_on}\"."),
    wright::option("restart_on", &Config::restart_on, "The same for a restart, which a reload spares nearly always."),
    wright::option("verify_path", &Config::verify_path, "What `wright verify` asks for over the socket."),
    wright::option("verify_host", &Config::verify_host, "Under this host name."),
    wright::option("verify_status", &Config::verify_status, "The status that it must answer with.").range(100, 599),
    wright::option("verify_contains", &Config::verify_contains, "Text that the answer must hold."),
    wright::option("verify_headers", &Config::verify_headers,
                   "Headers of that request, such as { X-Forwarded-Proto = \"https\" }."));

/// What follows from options, component and facts.
struct Names {
  std::string name;    ///< of unit or program
  std::string folder;  ///< in /etc
  std::string group;
  std::string socket;
  std::string socket_folder;
};
Names names_of(const wright::Phase& on, const Config& c);

/// The command line that its runner starts, and that a reload starts again.
std::vector<std::string> command_of(const Names& names, const Config& c);

/// As Supervisor runs it.
wright::Supervised supervised_of(const Names& names, const Config& c);
/// Declares what keeps it running, by the option `runner`; `sockets` is made before it, a change of `reload_on` reloads
/// it.
void declare_runner(wright::Configure& on, const Names& names, const Config& c, const wright::Directory& sockets,
                    const std::vector<wright::File>& reload_on);

/// The text of gunicorn.conf.py with so many workers.
std::string config_file(const Names& names, const Config& c, std::int64_t workers);

}  // namespace gunicorn
