#include "agent/resources/systemd.hpp"

#include <algorithm>
#include <array>
#include <filesystem>
#include <set>
#include <sstream>

#include "agent/resources/program_output.hpp"

namespace wright::agent {
namespace {

constexpr std::chrono::seconds look_timeout{60};
constexpr std::size_t longest_name = 255;
constexpr std::size_t journal_lines = 20;

constexpr std::array<std::string_view, 11> suffixes{".service",   ".socket", ".timer", ".target", ".path",  ".mount",
                                                    ".automount", ".swap",   ".slice", ".scope",  ".device"};

void take(std::string_view line, Unit& unit) {
  const auto equals = line.find('=');
  if (equals == std::string_view::npos) return;
  const std::string_view key = line.substr(0, equals);
  std::string value(line.substr(equals + 1));
  if (key == "LoadState")
    unit.load = std::move(value);
  else if (key == "ActiveState")
    unit.active = std::move(value);
  else if (key == "SubState")
    unit.sub = std::move(value);
  else if (key == "UnitFileState")
    unit.file = std::move(value);
  else if (key == "FragmentPath")
    unit.path = std::move(value);
  else if (key == "Result")
    unit.result = std::move(value);
  else if (key == "ExecMainStatus")
    unit.exit_status = std::move(value);
  else if (key == "InvocationID")
    unit.invocation = std::move(value);
  else if (key == "NRestarts")
    unit.restarts = std::move(value);
  else if (key == "NeedDaemonReload")
    unit.outdated = value == "yes";
  else if (key == "DropInPaths")
    unit.drop_ins = std::move(value);
  else if (key == "CanReload")
    unit.can_reload = value == "yes";
}

}  // namespace

std::string unit_name(std::string_view name) {
  const bool whole =
      std::any_of(suffixes.begin(), suffixes.end(), [&](std::string_view s) { return name.ends_with(s); });
  return std::string(name) + (whole ? "" : ".service");
}

bool is_unit_name(std::string_view name) {
  if (name.empty() || name.size() > longest_name || name[0] == '-' || name[0] == '.') return false;
  const auto suffix = name.rfind('.');
  if (suffix == std::string_view::npos || name.substr(0, suffix).ends_with('@')) return false;
  return std::all_of(name.begin(), name.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           std::string_view(":-_.\\@").find(c) != std::string_view::npos;
  });
}

std::vector<Unit> units_in(std::string_view shown, const std::vector<std::string>& names) {
  std::vector<Unit> units;
  bool inside = false;
  while (!shown.empty()) {
    const auto end = std::min(shown.find('\n'), shown.size());
    const std::string_view line = shown.substr(0, end);
    shown.remove_prefix(std::min(end + 1, shown.size()));
    if (line.empty()) {
      inside = false;
      continue;
    }
    if (!inside) {
      if (units.size() == names.size()) break;
      units.emplace_back().name = names[units.size()];
      inside = true;
    }
    take(line, units.back());
  }
  return units;
}

bool has_other_drop_ins(const Unit& unit, const std::string& etc) {
  const std::string folder = etc + "/systemd/system/" + unit.name + ".d/";
  std::set<std::string> read;
  std::istringstream paths(unit.drop_ins);
  for (std::string path; paths >> path;)
    if (path.starts_with(folder)) read.insert(path);
  std::set<std::string> there;
  std::error_code none;
  for (const auto& entry : std::filesystem::directory_iterator(folder, none))
    if (entry.path().extension() == ".conf") there.insert(entry.path());
  return read != there;
}

bool has_other_file(const Unit& unit, const std::string& etc) {
  const std::string path = etc + "/systemd/system/" + unit.name;
  std::error_code none;
  return unit.path != path && std::filesystem::is_regular_file(std::filesystem::symlink_status(path, none));
}

Result<std::vector<Unit>> show_units(const std::vector<std::string>& names, const Context& context) {
  if (names.empty()) return std::vector<Unit>();
  Diagnostics problems;
  for (const auto& name : names)
    if (!is_unit_name(name))
      problems.add({Severity::error,
                    Fault::bad_plugin,
                    "service:" + name,
                    "this is no name of a systemd unit",
                    {},
                    "name it like \"nginx\", \"backup.timer\" or \"postgresql@15-main\""});
  if (problems.has_errors()) return failure(problems);
  Command command;
  command.argv = {"/bin/systemctl", "show", "--no-pager",
                  "--property=LoadState,ActiveState,SubState,UnitFileState,FragmentPath,Result,ExecMainStatus,"
                  "InvocationID,NRestarts,NeedDaemonReload,DropInPaths,CanReload",
                  "--"};
  command.argv.insert(command.argv.end(), names.begin(), names.end());
  command.timeout = look_timeout;
  command.others_work_meanwhile = context.transaction.empty();
  const auto finished = run(command, context);
  if (!finished) return failure(finished.error());
  auto units = units_in(finished->out, names);
  if (!finished->ok() || units.size() != names.size())
    return failure("service:" + names.front(),
                   "systemd cannot be asked about it: systemctl " + how_it_ended(*finished, command.timeout),
                   shown_output(*finished, {}), "see what `systemctl status` says on the host");
  for (auto& unit : units) unit.outdated = unit.outdated || has_other_drop_ins(unit) || has_other_file(unit);
  return units;
}

Result<Unit> show_unit(const std::string& name, const Context& context) {
  auto units = show_units({name}, context);
  if (!units) return failure(units.error());
  return std::move(units->front());
}

Result<Finished> systemctl(const std::string& verb, const std::string& unit, std::chrono::milliseconds timeout,
                           const Context& context) {
  Command command;
  command.argv = {"/bin/systemctl", "--no-ask-password", "--no-pager", "--quiet", verb};
  if (!unit.empty()) command.argv.insert(command.argv.end(), {"--", unit});
  command.timeout = timeout;
  command.others_work_meanwhile = verb == "start" || verb == "restart" || verb == "reload" || verb == "stop";
  return run(command, context);
}

Result<> daemon_reload(const Context& context) {
  const auto finished = systemctl("daemon-reload", {}, look_timeout, context);
  if (!finished) return failure(finished.error());
  if (finished->ok()) return {};
  return failure("", "systemctl daemon-reload " + how_it_ended(*finished, look_timeout), shown_output(*finished, {}),
                 "see what `systemctl status` says on the host");
}

std::string journal_of(const std::string& unit, const Context& context) {
  Command command;
  command.argv = {
      "/bin/journalctl", "--quiet", "--no-pager", "--output=cat", "--lines=" + std::to_string(journal_lines),
      "--unit=" + unit};
  command.timeout = look_timeout;
  command.finish_when_cancelled = true;
  const auto finished = run(command, context);
  return finished && finished->ok() ? shown_output(*finished, {}) : std::string();
}

}  // namespace wright::agent
