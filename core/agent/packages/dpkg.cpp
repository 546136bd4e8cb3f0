#include "agent/packages/dpkg.hpp"

#include <fcntl.h>
#include <poll.h>

#include <chrono>
#include <fstream>

#include "agent/files/files.hpp"
#include "agent/packages/apt.hpp"
#include "agent/packages/dpkg_database.hpp"

namespace wright::agent::packages {
namespace {

constexpr const char* frontend = "/var/lib/dpkg/lock-frontend";
constexpr const char* database = "/var/lib/dpkg/lock";
constexpr auto longest_wait = std::chrono::minutes(10);
constexpr std::size_t at_once = 500;

/// Who holds a lock of dpkg's; 0 when nobody does.
pid_t holder_of(const char* path) {
  const int fd = ::open(path, O_RDWR | O_CLOEXEC | O_NOFOLLOW);
  if (fd < 0) return 0;
  const Descriptor open(fd);
  struct flock asked {};
  asked.l_type = F_WRLCK;
  asked.l_whence = SEEK_SET;
  if (::fcntl(fd, F_GETLK, &asked) != 0 || asked.l_type == F_UNLCK) return 0;
  return asked.l_pid;
}

std::string name_of(pid_t pid) {
  std::ifstream comm("/proc/" + std::to_string(pid) + "/comm");
  std::string name;
  std::getline(comm, name);
  return name.empty() ? "process " + std::to_string(pid) : name + " (process " + std::to_string(pid) + ")";
}

}  // namespace

Result<Dpkg> Dpkg::lock(Context& context, Variables variables) {
  const auto deadline = std::chrono::steady_clock::now() + longest_wait;
  const int fd = ::open(frontend, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0640);
  if (fd < 0) return system_failure(frontend, "open it", errno);
  Descriptor held(fd);
  while (true) {
    struct flock asked {};
    asked.l_type = F_WRLCK;
    asked.l_whence = SEEK_SET;
    // A dpkg that outlived its apt holds only the lock of the database.
    const bool taken = ::fcntl(fd, F_SETLK, &asked) == 0;
    const pid_t holder = taken ? holder_of(database) : holder_of(frontend);
    if (taken && holder == 0) return Dpkg(context, std::move(held), std::move(variables));
    if (std::chrono::steady_clock::now() >= deadline)
      return failure(frontend, "dpkg is in use for ten minutes by " + name_of(holder), {},
                     "wait until it ends, then run wright rollback");
    if (context.cancelled())
      return failure({Severity::error, Fault::interrupted, frontend, "the run was cancelled", {}, {}});
    ::poll(nullptr, 0, 200);
  }
}

Result<Finished> Dpkg::run_it(std::vector<std::string> arguments, const std::string& input) const {
  Command command;
  command.input = input;
  command.argv = {"/usr/bin/dpkg", "--force-confdef", "--force-confold"};
  command.argv.insert(command.argv.end(), arguments.begin(), arguments.end());
  command.environment = {{"DEBIAN_FRONTEND", "noninteractive"}, {"DEBIAN_PRIORITY", "critical"},
                         {"DEBCONF_NOWARNINGS", "yes"},         {"NEEDRESTART_SUSPEND", "1"},
                         {"UCF_FORCE_CONFFOLD", "1"},           {"DPKG_FRONTEND_LOCKED", "1"}};
  command.environment.merge(variables_.given());
  command.timeout = std::chrono::minutes(60);
  command.finish_when_cancelled = true;
  command.output_limit = 4U << 20U;
  return run(command, *context_);
}

Result<> Dpkg::finish() const {
  const auto finished = run_it({"--configure", "--pending", "--force-depends"});
  if (!finished) return failure(finished.error());
  return {};
}

Result<> Dpkg::take_out(const char* how, const std::vector<std::string>& keys) const {
  for (std::size_t from = 0; from < keys.size(); from += at_once) {
    std::vector<std::string> arguments{"--force-depends", "--force-remove-reinstreq", "--force-bad-path", how};
    for (std::size_t i = from; i < keys.size() && i < from + at_once; ++i) arguments.push_back(keys[i]);
    auto finished = run_it(arguments);
    if (!finished) return failure(finished.error());
    if (finished->ok()) continue;
    // A script may need what is half installed.
    if (auto tried = finish(); !tried) return tried;
    finished = run_it(arguments);
    if (!finished) return failure(finished.error());
    if (!finished->ok())
      return program_failure("dpkg", "packages could not be taken out again", *finished,
                             "see `dpkg --audit` on the host, then run wright rollback again");
  }
  return {};
}

Result<> Dpkg::purge(const std::vector<std::string>& keys) const { return take_out("--purge", keys); }
Result<> Dpkg::remove(const std::vector<std::string>& keys) const { return take_out("--remove", keys); }

Result<> Dpkg::want_again(const Database& before, const std::set<std::string>& keys) const {
  const auto now = Database::read();
  if (!now) return failure(now.error());
  std::string selections;
  for (const auto& key : keys) {
    const auto was = before.packages().find(key);
    const auto is = now->packages().find(key);
    if (was == before.packages().end() || is == now->packages().end() || was->second.want == is->second.want) continue;
    selections += now->shown(key) + " " + was->second.want + "\n";
  }
  if (selections.empty()) return {};
  const auto finished = run_it({"--set-selections"}, selections);
  if (!finished) return failure(finished.error());
  if (!finished->ok())
    return program_failure("dpkg", "packages could not be put on hold again", *finished,
                           "see `dpkg --get-selections` on the host, then run wright rollback again");
  return {};
}

Result<> Dpkg::put_back_status(const std::string& before) const {
  const std::string path = "/var/lib/dpkg/status";
  const auto bytes = read_file(path, std::size_t{256} << 20U);
  const auto seen = look_at(path);
  const auto now = Database::read();
  if (!bytes) return failure(bytes.error());
  if (!seen) return failure(seen.error());
  if (!now) return failure(now.error());
  Database was;
  was.merge(before);
  if (*bytes == before || now->journaled() || was.packages() != now->packages()) return {};
  return replace_file(path, before, {seen->mode, seen->uid, seen->gid});
}

Result<> Dpkg::install(const std::vector<std::string>& files) const {
  if (files.empty()) return {};
  std::vector<std::string> arguments{"--force-depends", "--force-downgrade", "--force-breaks", "--force-conflicts",
                                     "--install"};
  arguments.insert(arguments.end(), files.begin(), files.end());
  auto finished = run_it(arguments);
  if (finished && !finished->ok()) {
    if (auto tried = finish(); !tried) return tried;
    finished = run_it(arguments);
  }
  if (!finished) return failure(finished.error());
  if (!finished->ok())
    return program_failure("dpkg", "versions that were there before could not be installed again", *finished,
                           "see `dpkg --audit` on the host, then run wright rollback again");
  return {};
}

}  // namespace wright::agent::packages
