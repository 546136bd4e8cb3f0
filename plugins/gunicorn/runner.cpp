#include <wright/daemon.hpp>
#include <wright/supervised.hpp>

#include "config.hpp"

namespace gunicorn {
namespace {

std::vector<std::string> check_of(const Names& names, const Config& c) {
  std::vector<std::string> command = command_of(names, c);
  command.emplace_back("--check-config");
  return command;
}

wright::Daemon daemon_of(const Names& names, const Config& c) {
  wright::Daemon daemon;
  daemon.name = names.name;
  daemon.description = "Gunicorn for " + c.app;
  daemon.command = command_of(names, c);
  daemon.user = c.user;
  daemon.group = names.group;
  daemon.notifies = true;
  daemon.reloads = true;
  daemon.reload_check = check_of(names, c);
  daemon.stop_s = c.graceful_timeout_s + 5;
  daemon.restart = c.restart;
  daemon.restart_s = c.restart_s;
  return daemon;
}

template <class Runner>
void relate(const Runner& runner, const Config& c, const wright::Directory& sockets,
            const std::vector<wright::File>& reload_on) {
  runner.after(sockets);
  for (const auto& file : reload_on) runner.reload_on(file);
  for (const auto& id : c.reload_on) runner.reload_on(id);
  for (const auto& id : c.restart_on) runner.restart_on(id);
}

}  // namespace

wright::Supervised supervised_of(const Names& names, const Config& c) {
  wright::Supervised program;
  program.name = names.name;
  program.run_as(c.user, c.group, command_of(names, c));
  // It takes a signal to begin anew only when it has read its settings, and with preload the application.
  program.start_s = c.preload ? 5 : 2;
  program.stop_s = c.graceful_timeout_s + 5;
  if (c.restart == "on-failure") program.autorestart = "unexpected";
  program.reload_signal = "HUP";
  program.reload_check = wright::as_account(c.user, names.group, check_of(names, c));
  return program;
}

void declare_runner(wright::Configure& on, const Names& names, const Config& c, const wright::Directory& sockets,
                    const std::vector<wright::File>& reload_on) {
  if (c.runner == "systemd") return relate(wright::systemd_daemon(on, daemon_of(names, c)), c, sockets, reload_on);
  const wright::Supervised program = supervised_of(names, c);
  const auto file = wright::supervised_file(on, program);
  relate(wright::supervised_program(on, program, file, c.supervisor_socket), c, sockets, reload_on);
}

}  // namespace gunicorn
