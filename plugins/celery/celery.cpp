#include <algorithm>
#include <set>
#include <wright/daemon.hpp>
#include <wright/supervised.hpp>

#include "config.hpp"
#include "templates/celery.hpp"

namespace celery {
namespace {

std::vector<std::string> nodes_of(const Names& names, const Config& c) {
  std::vector<std::string> nodes;
  for (const auto& worker : c.workers) nodes.push_back(node_of(names, worker));
  return nodes;
}

std::vector<std::string> queues_of(const Config& c) {
  std::set<std::string> queues;
  for (const auto& worker : c.workers) queues.insert(worker.queues.begin(), worker.queues.end());
  return {queues.begin(), queues.end()};
}

/// A command line for templates::ask_py.
std::vector<std::string> ask(const Names& names, const Config& c, std::string_view verb, std::uint32_t seconds,
                             std::vector<std::string> more) {
  std::vector<std::string> argv = {names.run, c.python, "-", std::string(verb), c.app, wright::format("{}", seconds)};
  argv.insert(argv.end(), more.begin(), more.end());
  return argv;
}

std::uint32_t stop_s(const Config& c, const Program& program) { return program.works ? c.stop_timeout_s : 30; }

wright::Daemon daemon_of(const Names& names, const Config& c, const Program& program) {
  wright::Daemon daemon;
  daemon.name = program.name;
  daemon.description = program.description;
  daemon.command = program.command;
  daemon.user = c.user;
  daemon.group = names.group;
  daemon.stable_s = c.start_s;
  daemon.stop_s = stop_s(c, program);
  return daemon;
}

wright::Supervised supervised_of(const Config& c, const Program& program) {
  wright::Supervised supervised;
  supervised.name = program.name;
  supervised.run_as(c.user, c.group, program.command);
  supervised.start_s = c.start_s;
  supervised.log_max_mb = c.log_max_mb;
  supervised.log_backups = c.log_keep;
  supervised.stop_s = stop_s(c, program);
  return supervised;
}

struct Celery : wright::Plugin {
  static constexpr auto about = wright::about("celery", "1.0.0", "Workers that do an application's tasks");
  using Config = celery::Config;
  static constexpr auto options = config_options;

  void install(wright::Install& on, const Config& c) {
    if (!c.log_folder.empty()) on.package("logrotate");
    if (!c.system_user || c.user.empty()) return;
    const std::string group = names_of(on, c).group;
    on.group(group).system();
    on.user(c.user).system().group(group).home("/nonexistent");
  }

  void configure(wright::Configure& on, const Config& c) {
    if (!check(on, c)) return;
    const Names names = names_of(on, c);
    on.directory("/etc/celery").mode(0755);
    on.directory(names.run.substr(0, names.run.rfind('/'))).mode(0755);
    auto run = on.file(names.run)
                   .mode(0750)
                   .owner("root", names.group)
                   .content(wright::run_script(c.directory, c.environment, c.run));
    if (c.beat) on.directory(names.data).mode(0750).owner(c.user, names.group).data();
    if (!c.log_folder.empty()) {
      on.directory(c.log_folder).mode(0750).owner(c.user, names.group).data();
      on.file("/etc/logrotate.d/" + names.name).mode(0644).content(logrotate(names, c));
    }
    for (const auto& program : programs_of(names, c)) declare(on, names, c, program, run);
    on.export_value("queues", queues_of(c));
    on.export_value("nodes", nodes_of(names, c));
    if (c.flower_port) on.export_value("flower", wright::format("{}:{}", c.flower_address, *c.flower_port));
  }

  void verify(wright::Verify& on, const Config& c) {
    const Names names = names_of(on, c);
    const double patience = c.verify_timeout_s + 15.0;  // the application has to be loaded first
    if (!c.workers.empty()) {
      on.check_command(ask(names, c, "ping", c.verify_timeout_s, nodes_of(names, c)))
          .input(templates::ask_py)
          .user(c.user)
          .contains("all nodes answer")
          .deadline(patience)
          .named(wright::format("every worker of {} answers", names.name))
          .ready();
      if (!c.verify_task.empty()) {
        std::vector<std::string> words = {c.verify_task, c.verify_arguments};
        const bool own =
            std::any_of(c.workers.begin(), c.workers.end(), [](const auto& one) { return one.queues.empty(); });
        if (own) words.emplace_back();
        for (const auto& queue : queues_of(c)) words.push_back(queue);
        on.check_command(ask(names, c, "call", c.verify_timeout_s, words))
            .input(templates::ask_py)
            .user(c.user)
            .contains(c.verify_contains)
            .deadline(patience)
            .named(wright::format("{}: {} comes back with its result", names.name, c.verify_task));
      }
    }
    if (c.beat && c.beat_scheduler.empty())
      // What it ends in depends on the kind of database that the interpreter brings.
      on.check_command({"/usr/bin/find", names.data, "-name", "schedule*"})
          .contains(names.schedule)
          .named(wright::format("{}-beat has written its schedule", names.name))
          .deadline(30)
          .ready();
    if (c.runner == "supervisor")
      for (const auto& program : programs_of(names, c))
        wright::supervised_probe(on, supervised_of(c, program), c.supervisor_socket);
    if (c.flower_port)
      on.http(wright::format("http://{}:{}/healthcheck", c.flower_address, *c.flower_port))
          .named(names.name + "-flower answers")
          .deadline(30);
  }

  static void declare(wright::Configure& on, const Names& names, const Config& c, const Program& program,
                      const wright::File& run) {
    if (!program.script.empty())
      on.file(program.script)
          .mode(0750)
          .owner("root", names.group)
          .content(wright::run_script(c.directory, program.environment, ""));
    const auto relate = [&](const auto& runner) {
      runner.restart_on(run);
      if (!program.script.empty()) runner.restart_on("file:" + program.script);
      if (!c.log_folder.empty()) runner.after("directory:" + c.log_folder);
      if (c.beat) runner.after("directory:" + names.data);
      for (const auto& id : c.restart_on) runner.restart_on(id);
    };
    if (c.runner == "systemd") return relate(wright::systemd_daemon(on, daemon_of(names, c, program)));
    const wright::Supervised supervised = supervised_of(c, program);
    const auto file = wright::supervised_file(on, supervised);
    relate(wright::supervised_program(on, supervised, file, c.supervisor_socket));
  }

  void rollback(wright::Rollback& on, const Config& c) {
    if (c.workers.empty()) return;
    const Names names = names_of(on, c);
    on.command("drain " + names.name)
        .argv(ask(names, c, "drain", c.drain_s, nodes_of(names, c)))
        .input(templates::ask_py)
        .user(c.user)
        .timeout(c.drain_s + 30.0);
  }
};

}  // namespace
}  // namespace celery

using CeleryPlugin = celery::Celery;
WRIGHT_PLUGIN(CeleryPlugin)
