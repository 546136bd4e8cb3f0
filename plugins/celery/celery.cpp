#include <set>
#include <wright/check.hpp>
#include <wright/daemon.hpp>
#include <wright/supervised.hpp>

#include "config.hpp"
#include "templates/celery.hpp"

namespace celery {
namespace {

class Check {
 public:
  Check(wright::Configure& on, const Config& c) : on_(on), c_(c) {}

  bool passes() {
    if (!wright::is_word(c_.app)) bad("app", "must be the name of a module, such as config");
    for (const auto& [option, path] : {std::pair{"python", &c_.python}, {"directory", &c_.directory}, {"run", &c_.run}})
      if (!wright::is_absolute_path(*path) && !(path == &c_.run && path->empty()))
        bad(option, "must be an absolute path without \"..\"");
    if (!wright::is_word(c_.user)) bad("user", "must be the name of an account");
    if (!c_.group.empty() && !wright::is_word(c_.group)) bad("group", "must be the name of a group");
    if (c_.runner == "supervisor" && !wright::is_absolute_path(c_.supervisor_socket))
      bad("supervisor_socket", "is needed with runner = \"supervisor\": \"${supervisor.socket}\"");
    for (const auto& [name, value] : c_.environment)
      if (!wright::is_variable_name(name)) bad("environment." + name, "is not the name of a variable");
    for (const auto& [option, text] :
         {std::pair{"beat_scheduler", &c_.beat_scheduler}, {"camera", &c_.camera}, {"verify_task", &c_.verify_task}})
      if (!text->empty() && !wright::is_word(*text)) bad(option, "must be a name without spaces");
    if (c_.workers.empty() && programs_of({}, c_).empty())
      bad("workers", "is empty, and neither beat nor camera nor flower_port is given");
    std::set<std::string> names = {"beat", "camera", "flower"};
    for (std::size_t i = 0; i < c_.workers.size(); ++i) worker(wright::format("workers[{}]", i), c_.workers[i], names);
    return good_;
  }

 private:
  void bad(std::string_view option, std::string_view what) {
    on_.error(option, what);
    good_ = false;
  }

  void worker(const std::string& place, const Worker& w, std::set<std::string>& names) {
    if (!std::all_of(w.name.begin(), w.name.end(),
                     [](unsigned char c) { return std::isalnum(c) != 0 || c == '-' || c == '_'; }))
      bad(place + ".name", "must be letters, digits, \"-\" and \"_\"");
    if (!names.insert(w.name).second) bad(place + ".name", "is another one's already");
    for (std::size_t i = 0; i < w.queues.size(); ++i)
      if (!wright::is_word(w.queues[i]) || w.queues[i].find(',') != std::string::npos)
        bad(wright::format("{}.queues[{}]", place, i), "must be the name of one queue");
    if (w.autoscale_min > w.autoscale_max) bad(place + ".autoscale_min", "is above autoscale_max");
    if (w.soft_time_limit_s != 0 && w.time_limit_s != 0 && w.soft_time_limit_s >= w.time_limit_s)
      bad(place + ".soft_time_limit_s", "must be below time_limit_s, or it is never reached");
    for (std::size_t i = 0; i < w.arguments.size(); ++i)
      if (!wright::is_line(w.arguments[i])) bad(wright::format("{}.arguments[{}]", place, i), "must be one line");
  }

  wright::Configure& on_;
  const Config& c_;
  bool good_ = true;
};

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

constexpr std::uint32_t stable_s = 2;

std::uint32_t stop_s(const Config& c, const Program& program) { return program.works ? c.stop_timeout_s : 30; }

wright::Daemon daemon_of(const Names& names, const Config& c, const Program& program) {
  wright::Daemon daemon;
  daemon.name = program.name;
  daemon.description = program.description;
  daemon.command = program.command;
  daemon.user = c.user;
  daemon.group = names.group;
  daemon.stable_s = stable_s;
  daemon.stop_s = stop_s(c, program);
  return daemon;
}

wright::Supervised supervised_of(const Config& c, const Program& program) {
  wright::Supervised supervised;
  supervised.name = program.name;
  supervised.run_as(c.user, c.group, program.command);
  supervised.start_s = stable_s;
  supervised.stop_s = stop_s(c, program);
  return supervised;
}

struct Celery : wright::Plugin {
  static constexpr auto about = wright::about("celery", "1.0.0", "Workers that do an application's tasks");
  using Config = celery::Config;
  static constexpr auto options = config_options;

  void install(wright::Install& on, const Config& c) {
    if (!c.system_user || c.user.empty()) return;
    const std::string group = names_of(on, c).group;
    on.group(group).system();
    on.user(c.user).system().group(group).home("/nonexistent");
  }

  void configure(wright::Configure& on, const Config& c) {
    if (!Check(on, c).passes()) return;
    const Names names = names_of(on, c);
    on.directory("/etc/celery").mode(0755);
    on.directory(names.run.substr(0, names.run.rfind('/'))).mode(0755);
    auto run = on.file(names.run)
                   .mode(0750)
                   .owner("root", names.group)
                   .content(wright::run_script(c.directory, c.environment, c.run));
    if (c.beat) on.directory(names.data).mode(0750).owner(c.user, names.group).data();
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
    const auto relate = [&](const auto& runner) {
      runner.restart_on(run);
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
