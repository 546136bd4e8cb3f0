#include <wright/check.hpp>
#include <wright/daemon.hpp>
#include <wright/supervised.hpp>

#include "config.hpp"

namespace gunicorn {
namespace {

bool check(wright::Configure& on, const Config& c, const Names& names) {
  bool good = true;
  auto bad = [&](std::string_view option, std::string_view what) {
    on.error(option, what);
    good = false;
  };
  auto path = [&](std::string_view option, const std::string& value) {
    if (!wright::is_absolute_path(value)) bad(option, "must be an absolute path without \"..\"");
  };
  if (!wright::is_word(c.app) || c.app[0] == '-')
    bad("app", "must be a module and a name in it, such as config.wsgi:application");
  path("python", c.python);
  path("directory", c.directory);
  if (!c.run.empty()) path("run", c.run);
  if (!c.log_folder.empty()) path("log_folder", c.log_folder);
  path("socket", names.socket);
  if (wright::is_absolute_path(names.socket) && (!names.socket.starts_with("/run/") || names.socket_folder == "/run"))
    bad("socket", "must lie below /run, in a folder of its own");
  const auto mode = wright::mode_of(c.socket_folder_mode);
  if (!mode || (*mode & 0700) != 0700)
    bad("socket_folder_mode", "must be octal digits such as 0750, with all permissions of its owner");
  for (const auto& [option, text] :
       {std::pair{"user", &c.user}, {"group", &c.group}, {"socket_group", &c.socket_group}})
    if (!text->empty() && !wright::is_word(*text)) bad(option, "must be the name of an account or group");
  if (c.user.empty()) bad("user", "must be the name of an account");
  if (c.runner == "supervisor" && !wright::is_absolute_path(c.supervisor_socket))
    bad("supervisor_socket", "is needed with runner = \"supervisor\": \"${supervisor.socket}\"");
  for (const auto& [name, value] : c.environment)
    if (!wright::is_variable_name(name)) bad("environment." + name, "is not the name of a variable");
  for (std::size_t i = 0; i < c.bind.size(); ++i)
    if (!wright::is_word(c.bind[i])) bad(wright::format("bind[{}]", i), "must be an address, such as 127.0.0.1:8000");
  for (const auto& [option, text] : {std::pair{"worker_class", &c.worker_class}, {"syslog", &c.syslog}})
    if (!wright::is_line(*text)) bad(option, "must be one line");
  for (std::size_t i = 0; i < c.extra.size(); ++i)
    if (!wright::is_line(c.extra[i])) bad(wright::format("extra[{}]", i), "must be one line");
  return good;
}

/// On USR1 it opens its files anew, so that no line is lost. To the main process alone, which tells the workers: what
/// the application started would die of it.
std::string logrotate(const Names& names, const Config& c) {
  const std::string reopen = c.runner == "systemd"
                                 ? wright::format("systemctl kill --kill-who=main --signal=USR1 {}.service", names.name)
                                 : "supervisorctl signal USR1 " + names.name;
  return wright::format(
      "{}/*.log {{\n    weekly\n    rotate 8\n    compress\n    delaycompress\n    missingok\n    notifempty\n"
      "    su {} {}\n    create 0640 {} {}\n    sharedscripts\n    postrotate\n        {} >/dev/null 2>&1 || true\n"
      "    endscript\n}}\n",
      c.log_folder, c.user, names.group, c.user, names.group, reopen);
}

struct Gunicorn : wright::Plugin {
  static constexpr auto about = wright::about("gunicorn", "1.0.0", "Application server for Python web applications");
  using Config = gunicorn::Config;
  static constexpr auto options = config_options;

  void install(wright::Install& on, const Config& c) {
    if (!c.log_folder.empty()) on.package("logrotate");
    if (!c.system_user || c.user.empty()) return;
    const std::string group = names_of(on, c).group;
    on.group(group).system();
    on.user(c.user).system().group(group).home("/nonexistent");
  }

  void configure(wright::Configure& on, const Config& c) {
    const Names names = names_of(on, c);
    if (!check(on, c, names)) return;
    on.directory("/etc/gunicorn").mode(0755);
    on.directory(names.folder).mode(0755);
    auto run = on.file(names.folder + "/run")
                   .mode(0750)
                   .owner("root", names.group)
                   .content(wright::run_script(c.directory, c.environment, c.run));
    const std::int64_t workers = c.workers != 0 ? c.workers : 2 * on.fact("cpus").integer_or(1) + 1;
    auto conf = on.file(names.folder + "/gunicorn.conf.py").mode(0644).content(config_file(names, c, workers));
    // /run is empty after a boot.
    on.file("/etc/tmpfiles.d/" + names.name + ".conf")
        .mode(0644)
        .content(
            wright::format("d {} {} {} {} -\n", names.socket_folder, c.socket_folder_mode, c.user, c.socket_group));
    auto sockets = on.directory(names.socket_folder)
                       .mode(wright::mode_of(c.socket_folder_mode).value_or(0))
                       .owner(c.user, c.socket_group);
    if (!c.log_folder.empty()) {
      on.directory(c.log_folder).mode(0750).owner(c.user, names.group).data();
      on.file("/etc/logrotate.d/" + names.name).mode(0644).content(logrotate(names, c));
    }
    declare_runner(on, names, c, sockets, {run, conf});
    on.export_value("socket", names.socket);
    on.export_value("url", "http://unix:" + names.socket);
    on.export_value("name", names.name);
  }

  void verify(wright::Verify& on, const Config& c) {
    const Names names = names_of(on, c);
    auto probe = on.http("http://" + c.verify_host + c.verify_path)
                     .address("unix:" + names.socket)
                     .status(c.verify_status)
                     .named(wright::format("{} answers {} over its socket", names.name, c.verify_path))
                     .deadline(30)
                     .ready();
    for (const auto& [name, value] : c.verify_headers) probe.header(name, value);
    if (!c.verify_contains.empty()) probe.contains(c.verify_contains);
    if (c.runner == "supervisor") wright::supervised_probe(on, supervised_of(names, c), c.supervisor_socket);
  }
};

}  // namespace
}  // namespace gunicorn

using GunicornPlugin = gunicorn::Gunicorn;
WRIGHT_PLUGIN(GunicornPlugin)
