#include "agent/packages/apt.hpp"

#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <ctime>

#include "agent/files/files.hpp"
#include "agent/files/folder_names.hpp"
#include "agent/files/relocate.hpp"
#include "base/untrusted.hpp"

namespace wright::agent::packages {
namespace {

constexpr const char* host_lists = "/var/lib/apt/lists";
constexpr std::int64_t fresh_seconds = 15 * 60;
constexpr std::int64_t old_seconds = 24 * 60 * 60;
constexpr std::string_view once = "packages.updated";

std::int64_t changed_at(const std::string& path) {
  const auto seen = look_at(path);
  return seen && seen->type != FileState::Type::absent ? seen->mtime_ns : 0;
}

/// When the newest of what says where packages come from was written.
std::int64_t sources_changed_at() {
  std::int64_t newest = changed_at("/etc/apt/sources.list");
  for (const char* folder : {"/etc/apt/sources.list.d", "/etc/apt/trusted.gpg.d", "/etc/apt/keyrings"})
    for (const auto& name : names_in(folder)) newest = std::max(newest, changed_at(std::string(folder) + "/" + name));
  return newest;
}

bool has_packages_in(const std::string& lists) {
  const auto names = names_in(lists);
  return std::any_of(names.begin(), names.end(),
                     [](const std::string& name) { return name.find("_Packages") != std::string::npos; });
}

/// When the host's lists were last brought up to date.
std::int64_t host_updated_at() { return has_packages_in(host_lists) ? changed_at(host_lists) : 0; }

std::int64_t now_ns() {
  timespec now{};
  ::clock_gettime(CLOCK_REALTIME, &now);
  return std::int64_t{now.tv_sec} * 1000000000 + now.tv_nsec;
}

}  // namespace

Apt::Apt(Context& context) : context_(context), folder_(context.state_folder + "/apt") {}

bool Apt::private_lists() const {
  const std::int64_t mine = changed_at(folder_ + "/updated");
  return mine != 0 && mine >= host_updated_at() && has_packages_in(folder_ + "/lists");
}

bool Apt::host_lists_are_plain() const {
  const auto names = names_in(host_lists);
  return std::all_of(names.begin(), names.end(), [](const std::string& name) {
    return name.find("_Packages") == std::string::npos || name.ends_with("_Packages");
  });
}

bool Apt::has_lists() const {
  const std::int64_t updated = private_lists() ? changed_at(folder_ + "/updated") : host_updated_at();
  return updated >= sources_changed_at() && now_ns() - updated < old_seconds * 1000000000;
}

bool Apt::wants_update() const {
  if (has_lists()) return false;
  const std::int64_t tried = changed_at(folder_ + "/tried");
  const std::int64_t now = now_ns();
  return tried > now || now - tried >= fresh_seconds * 1000000000 || tried < sources_changed_at();
}

Result<> Apt::make_folders() const {
  for (const char* part : {"/lists/partial", "/cache/archives/partial", "/debs"})
    if (auto made = make_private_folders(folder_ + part); !made) return made;
  // What apt's hooks start (debconf asks apt-extracttemplates) gets no options; it would fill the host's own cache.
  const std::string settings = "Dir::Cache \"" + folder_ + "/cache\";\nDir::Cache::srcpkgcache \"\";\n";
  const auto seen = look_at(settings_path());
  if (!seen) return failure(seen.error());
  if (seen->type == FileState::Type::regular && seen->size == static_cast<off_t>(settings.size())) return {};
  return replace_file(settings_path(), settings, {0600, 0, 0});
}

Command Apt::command(const char* program, const std::vector<std::string>& arguments) const {
  Command command;
  command.argv = {program, "-q"};
  for (const std::string& option : {"Dir::Cache=" + folder_ + "/cache", std::string("Dir::Cache::srcpkgcache="),
                                    std::string("Dir::Log::Planner=/dev/null"), std::string("APT::Sandbox::User=root"),
                                    std::string("Acquire::GzipIndexes=true"), std::string("Acquire::Languages=none"),
                                    std::string("Acquire::Retries=2"), std::string("Acquire::http::Timeout=30"),
                                    std::string("Acquire::https::Timeout=30")})
    command.argv.insert(command.argv.end(), {"-o", option});
  if (private_lists()) command.argv.insert(command.argv.end(), {"-o", "Dir::State::lists=" + folder_ + "/lists"});
  command.argv.insert(command.argv.end(), arguments.begin(), arguments.end());
  command.environment = {{"DEBIAN_FRONTEND", "noninteractive"}, {"DEBIAN_PRIORITY", "critical"},
                         {"DEBCONF_NOWARNINGS", "yes"},         {"APT_LISTCHANGES_FRONTEND", "none"},
                         {"NEEDRESTART_SUSPEND", "1"},          {"UCF_FORCE_CONFFOLD", "1"},
                         {"APT_CONFIG", settings_path()}};
  command.output_limit = 16U << 20U;
  return command;
}

Result<Finished> Apt::get(const std::vector<std::string>& arguments) const {
  if (auto made = make_folders(); !made) return failure(made.error());
  return run(command("/usr/bin/apt-get", arguments), context_);
}

Result<Finished> Apt::cache(const std::vector<std::string>& arguments) const {
  if (auto made = make_folders(); !made) return failure(made.error());
  return run(command("/usr/bin/apt-cache", arguments), context_);
}

Result<Finished> Apt::download(const std::vector<std::string>& arguments) const {
  if (auto made = make_folders(); !made) return failure(made.error());
  Command fetching = command("/usr/bin/apt-get", arguments);
  fetching.timeout = std::chrono::minutes(30);
  fetching.directory = folder_ + "/debs";
  return run(fetching, context_);
}

Result<Finished> Apt::change(const std::vector<std::string>& arguments,
                             const std::map<std::string, std::string>& environment) const {
  if (auto made = make_folders(); !made) return failure(made.error());
  std::vector<std::string> all{"-y",
                               "-o",
                               "DPkg::Lock::Timeout=300",
                               "-o",
                               "Dpkg::Use-Pty=0",
                               "-o",
                               "Dpkg::Options::=--force-confdef",
                               "-o",
                               "Dpkg::Options::=--force-confold"};
  all.insert(all.end(), arguments.begin(), arguments.end());
  Command changing = command("/usr/bin/apt-get", all);
  changing.environment.insert(environment.begin(), environment.end());
  changing.timeout = std::chrono::minutes(60);
  changing.finish_when_cancelled = true;
  return run(changing, context_);
}

Result<bool> Apt::update() {
  if (context_.request.contains(once)) return false;
  context_.request[std::string(once)] = true;
  const std::int64_t mine = changed_at(folder_ + "/updated");
  const std::int64_t now = now_ns();
  const bool fresh = mine <= now && now - mine < fresh_seconds * 1000000000 && mine >= sources_changed_at();
  if (private_lists() && fresh) return false;
  if (auto made = make_folders(); !made) return failure(made.error());
  Command updating = command("/usr/bin/apt-get", {"-o", "Dir::State::lists=" + folder_ + "/lists", "-o",
                                                  "APT::Update::Error-Mode=any", "update"});
  // The controller waits five minutes for a plan.
  updating.timeout = std::chrono::minutes(4);
  auto finished = run(updating, context_);
  if (!finished) return failure(finished.error());
  if (!finished->ok()) {
    if (auto marked = replace_file(folder_ + "/tried", "", {0600, 0, 0}); !marked) return failure(marked.error());
    return program_failure("apt", "the lists of packages could not be fetched", *finished,
                           "see that the host reaches what /etc/apt/sources.list names (apt-get update on the host)");
  }
  if (auto marked = replace_file(folder_ + "/updated", "", {0600, 0, 0}); !marked) return failure(marked.error());
  return true;
}

tl::unexpected<Diagnostics> program_failure(const std::string& where, const std::string& what, const Finished& finished,
                                            const std::string& next) {
  return failure(where, what, Untrusted(last_lines(finished)).for_terminal(8192), next);
}

}  // namespace wright::agent::packages
