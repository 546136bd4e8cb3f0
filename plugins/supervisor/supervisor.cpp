#include <algorithm>
#include <wright/digest.hpp>
#include <wright/supervised.hpp>

#include "options.hpp"
#include "templates/supervisor.hpp"

namespace supervisor {
namespace {

constexpr const char* main_file = "/etc/supervisor/supervisord.conf";
constexpr std::uint32_t least_up_s = 5;

wright::Supervised supervised(const Config& c, const Program& p) {
  wright::Supervised s;
  s.name = p.name;
  s.command = p.command;
  s.directory = p.directory;
  s.user = p.user;
  s.environment = p.environment;
  s.umask = p.umask;
  s.processes = p.numprocs;
  s.priority = p.priority;
  s.autostart = p.autostart;
  s.autorestart = p.autorestart;
  s.exit_codes = p.exitcodes;
  s.start_s = p.startsecs;
  s.start_retries = p.startretries;
  s.stop_signal = p.stopsignal;
  s.stop_s = p.stopwaitsecs;
  s.stop_as_group = p.stopasgroup;
  s.kill_as_group = p.killasgroup;
  s.log = p.log;
  s.stderr_log = p.stderr_log;
  s.log_max_mb = p.log_max_mb;
  s.log_backups = p.log_backups;
  s.log_folder = c.log_folder;
  return s;
}

std::string login_lines(const std::string& user, const wright::Secret& secret) {
  if (user.empty()) return {};
  std::string password;
  for (const char one : secret.reveal()) password += one == '%' ? "%%" : std::string(1, one);
  return wright::format("username={}\npassword={}\n", user, password);
}

std::string http_section(const Config& c) {
  if (!c.http_port) return {};
  return wright::format("\n[inet_http_server]\nport={}:{}\n{}", c.http_address, *c.http_port,
                        login_lines(c.http_user, c.http_password));
}

std::string main_text(const Config& c) {
  return wright::render(templates::supervisord_conf,
                        {{"socket", c.socket},
                         {"socket_mode", c.socket_mode},
                         {"socket_owner", c.socket_owner.empty() ? "" : "chown=" + c.socket_owner + "\n"},
                         {"socket_login", login_lines(c.socket_user, c.socket_password)},
                         {"http", http_section(c)},
                         {"log_folder", c.log_folder},
                         {"log_max_mb", wright::format("{}", c.log_max_mb)},
                         {"log_backups", wright::format("{}", c.log_backups)},
                         {"log_level", c.log_level},
                         {"open_files", wright::format("{}", c.open_files)}});
}

/// All of it is read as supervisord would before any of it goes live: one bad file would keep it from starting.
wright::File checked(const wright::File& file) {
  return file.validate({"/usr/bin/python3", "-B", "-c", templates::read_py, main_file})
      .validate_tree("/etc/supervisor");
}

/// A program that stands alone, or a group: what supervisord knows by one name.
struct Unit {
  std::string name;
  std::vector<const Program*> programs;

  [[nodiscard]] bool stays_up() const { return supervisor::stays_up(*programs.front()); }
  [[nodiscard]] std::uint32_t processes() const {
    std::uint32_t sum = 0;
    for (const auto* p : programs) sum += p->numprocs;
    return sum;
  }
  [[nodiscard]] std::uint32_t startsecs() const {
    std::uint32_t most = 0;
    for (const auto* p : programs) most = std::max(most, p->startsecs);
    return most;
  }
};

std::vector<Unit> units_of(const Config& c) {
  std::vector<Unit> units;
  for (const auto& p : c.programs)
    if (group_of(c, p.name) == nullptr) units.push_back({p.name, {&p}});
  for (const auto& group : c.groups) {
    Unit unit{group.name, {}};
    for (const auto& p : c.programs)
      if (group_of(c, p.name) == &group) unit.programs.push_back(&p);
    if (!unit.programs.empty()) units.push_back(std::move(unit));
  }
  return units;
}

struct Supervisor : wright::Plugin {
  static constexpr auto about = wright::about("supervisor", "1.0.0", "Keeps programs running");
  using Config = supervisor::Config;
  static constexpr auto options = config_options;

  void install(wright::Install& on, const Config& c) {
    auto package = on.package("supervisor");
    if (!c.version.empty()) package.version(c.version);
  }

  void configure(wright::Configure& on, const Config& c) {
    if (!check(on, c)) return;
    auto main = on.file(main_file);
    if (c.http_port || !c.socket_user.empty())
      main.mode(0600).content(wright::Secret(main_text(c)));
    else
      main.mode(0644).content(main_text(c));
    checked(main);
    if (c.log_folder != Config().log_folder) main.after(on.directory(c.log_folder).mode(0755).data());
    auto service = supervisord(on, c, main);
    std::map<std::string, wright::File> files;
    for (const auto& p : c.programs)
      files.emplace(p.name, checked(wright::supervised_file(on, supervised(c, p))).after(service));
    for (const auto& unit : units_of(c)) declare(on, c, unit, files);
    on.export_value("socket", c.socket);
    on.export_value("log_folder", c.log_folder);
    if (c.http_port) on.export_value("http", wright::format("{}:{}", c.http_address, *c.http_port));
  }

  void verify(wright::Verify& on, const Config& c) {
    auto answers = on.http("http://localhost/RPC2");
    if (!c.socket_user.empty())
      answers.header("Authorization",
                     wright::Secret("Basic " + wright::base64(c.socket_user + ":" + c.socket_password.reveal())));
    answers.address("unix:" + c.socket)
        .method("POST")
        .header("Content-Type", "text/xml")
        .body("<methodCall><methodName>supervisor.getState</methodName></methodCall>")
        .contains("RUNNING")
        .named("supervisord answers at " + c.socket)
        .deadline(10)
        .ready();
    if (!c.socket_user.empty())
      on.http("http://localhost/RPC2")
          .address("unix:" + c.socket)
          .status(401)
          .named("supervisord refuses who says no name at " + c.socket);
    for (const auto& unit : units_of(c)) {
      if (!unit.stays_up()) continue;
      const std::uint32_t up_s = std::max(least_up_s, unit.startsecs());
      auto probe = on.program(unit.name)
                       .socket(c.socket)
                       .processes(unit.processes())
                       .up(up_s)
                       .deadline(up_s + 5.0)
                       .named(wright::format("{} runs for {} s", unit.name, up_s));
      for (const auto* p : unit.programs)
        for (const auto& [name, secret] : p->environment) probe.hide(p->name + " " + name, secret);
    }
  }

 private:
  static wright::Service supervisord(wright::Configure& on, const Config& c, const wright::File& main) {
    const std::string folder = "/etc/systemd/system/supervisor.service.d";
    auto drop_in = on.file(folder + "/wright.conf")
                       .mode(0644)
                       .content(wright::format("[Service]\n"
                                               "# What a killed supervisord leaves behind would run twice.\n"
                                               "KillMode=mixed\nTimeoutStopSec={}\nRestartSec=5\n",
                                               c.stop_timeout_s))
                       .after(on.directory(folder).mode(0755));
    return on.service("supervisor").enabled().running().timeout(c.stop_timeout_s + 30.0).restart_on(main, drop_in);
  }

  static void declare(wright::Configure& on, const Config& c, const Unit& unit,
                      const std::map<std::string, wright::File>& files) {
    std::uint32_t patience_s = 0;
    for (const auto* p : unit.programs) patience_s = std::max(patience_s, supervised(c, *p).patience_s());
    auto program = on.program(unit.name).socket(c.socket).timeout(patience_s);
    if (unit.stays_up()) program.running();
    for (const auto* p : unit.programs) {
      program.restart_on(files.at(p->name));
      for (const auto& id : p->restart_on) program.restart_on(id);
      for (const auto& [name, secret] : p->environment) program.hide(p->name + " " + name, secret);
    }
    const Group* group = group_of(c, unit.programs.front()->name);
    if (group == nullptr) return;
    std::string names;
    for (const auto& name : group->programs) names += (names.empty() ? "" : ",") + name;
    auto file = on.file("/etc/supervisor/conf.d/" + group->name + ".group.conf")
                    .mode(0644)
                    .content(wright::format("; Written by wright. The next apply replaces hand edits.\n"
                                            "[group:{}]\nprograms={}\npriority={}\n",
                                            group->name, names, group->priority));
    for (const auto* p : unit.programs) file.after(files.at(p->name));
    program.restart_on(checked(file));
  }
};

}  // namespace
}  // namespace supervisor

using SupervisorPlugin = supervisor::Supervisor;
WRIGHT_PLUGIN(SupervisorPlugin)
