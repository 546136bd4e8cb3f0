#include "agent/packages/taking_out.hpp"

#include <algorithm>
#include <optional>
#include <set>

#include "agent/failpoint.hpp"
#include "agent/files/files.hpp"
#include "agent/packages/apt.hpp"
#include "agent/packages/before.hpp"
#include "agent/packages/dpkg.hpp"
#include "agent/packages/guarding.hpp"
#include "agent/packages/record.hpp"
#include "agent/packages/restoring.hpp"
#include "agent/packages/selection.hpp"
#include "agent/packages/service_policy.hpp"
#include "agent/packages/surroundings.hpp"
#include "agent/packages/timers.hpp"

namespace wright::agent::packages {
namespace {

bool contains(const std::vector<std::string>& names, const std::string& name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

/// Package files of the versions that come back.
std::vector<std::string> debs_for(const Selection& selection, const Record& record, Context& context,
                                  Diagnostics& problems) {
  std::vector<std::string> files;
  for (const auto& key : selection.back) {
    const auto old = record.old.find(key);
    if (old != record.old.end() && old->second.blob.empty() && contains(selection.bare, key)) {
      context.kept.push_back(
          "package " + key +
          ": only its configuration was left, which is in its place again; dpkg does not list it any more");
      continue;
    }
    if (old == record.old.end() || old->second.blob.empty()) {
      const std::string version = old == record.old.end() ? "its version" : "version " + old->second.version;
      problems.add({Severity::error,
                    Fault::failed,
                    "package:" + key,
                    version + " was there before, and no source of packages had it any more when it was replaced",
                    {},
                    "install the version you want by hand; all else is put back"});
      continue;
    }
    // The blob is a package file as it is; dpkg takes any name.
    auto path = context.blobs.path_of(old->second.blob);
    if (path)
      files.push_back(std::move(*path));
    else
      problems.add(path.error());
  }
  return files;
}

std::set<std::string> replaced_by(const Record& record) {
  std::set<std::string> keys;
  for (const auto& [key, version] : record.moves.removed) keys.insert(key);
  for (const auto& [key, move] : record.moves.upgraded) keys.insert(key);
  return keys;
}

/// What an apt that was killed left under /tmp; only root can make such a folder there.
Result<> remove_temporary(const Record& record) {
  for (const auto& name : temporary_folders()) {
    if (std::find(record.temporary.begin(), record.temporary.end(), name) != record.temporary.end()) continue;
    const auto seen = look_at("/tmp/" + name);
    if (!seen || seen->type != FileState::Type::directory || seen->uid != 0) continue;
    if (auto removed = remove_tree("/tmp/" + name); !removed) return removed;
  }
  return {};
}

Result<> reload_units(const Context& context) {
  const auto booted = look_at("/run/systemd/system");
  if (!booted || booted->type != FileState::Type::directory) return {};
  Command reloading;
  reloading.argv = {"/bin/systemctl", "daemon-reload"};
  reloading.timeout = std::chrono::seconds(90);
  reloading.finish_when_cancelled = true;
  const auto finished = run(reloading, context);
  if (!finished) return failure(finished.error());
  if (!finished->ok()) return program_failure("systemctl", "systemd did not read its units again", *finished, {});
  return {};
}

/// Packages of before that are left half way: triggers that wait, or what an interrupted dpkg did to them.
Result<> finish_others(const Database& before, const Dpkg& dpkg) {
  auto unfinished = [&](const Database& now) {
    std::string names;
    for (const auto& [key, was] : before.packages()) {
      const auto is = now.packages().find(key);
      if (was.whole() && is != now.packages().end() && is->second.present() && is->second.status != was.status)
        names += (names.empty() ? "" : ", ") + now.shown(key);
    }
    return names;
  };
  auto now = Database::read();
  if (!now) return failure(now.error());
  if (unfinished(*now).empty() && !now->journaled()) return {};
  if (auto finished = dpkg.finish(); !finished) return finished;
  now = Database::read();
  if (!now) return failure(now.error());
  for (const auto& key : now->broken())
    if (const auto was = before.packages().find(key); was != before.packages().end() && was->second.whole())
      return failure("package:" + now->shown(key), "is half installed, and dpkg cannot finish it", {},
                     "run `dpkg --configure -a` on the host, then wright rollback again");
  return {};
}

/// The services that these packages bring, by name without ".service"; of templates up to the "@".
std::set<std::string> units_of(const std::set<std::string>& keys, const Database& database) {
  constexpr std::string_view tail = ".service";
  std::set<std::string> units;
  for (const auto& key : keys) {
    const auto package = database.packages().find(key);
    if (package == database.packages().end()) continue;
    for (const auto& path : files_of(package->second))
      if (path.ends_with(tail) && path.find("/systemd/system/") != std::string::npos) {
        const auto name = path.substr(path.rfind('/') + 1);
        units.insert(name.substr(0, name.size() - tail.size()));
      }
  }
  return units;
}

std::set<std::string> going_with(const Record& prune) {
  std::set<std::string> keys;
  for (const auto& [key, version] : prune.moves.removed) keys.insert(key);
  return keys;
}

/// Whether it is one of them, or an instance of one.
bool is_of(const std::string& unit, const std::set<std::string>& units) {
  return units.contains(unit) || units.contains(unit.substr(0, unit.find('@') + 1));
}

/// Stops what still runs of these packages. Not all have a script that does, such as unattended-upgrades.
Result<> stop_units_of(const std::set<std::string>& keys, const Context& context) {
  const auto now = Database::read();
  if (!now) return failure(now.error());
  const auto theirs = units_of(keys, *now);
  const auto running = running_units(context);
  if (!running) return failure(running.error());
  Command stopping;
  stopping.argv = {"/bin/systemctl", "stop", "--"};
  for (const auto& unit : *running)
    if (is_of(unit, theirs)) stopping.argv.push_back(unit);
  if (stopping.argv.size() == 3) return {};
  stopping.timeout = std::chrono::minutes(5);
  stopping.finish_when_cancelled = true;
  const auto finished = run(stopping, context);
  if (!finished) return failure(finished.error());
  if (!finished->ok())
    return program_failure("systemctl", "services of packages that go do not stop", *finished,
                           "see `systemctl status` of them on the host");
  return {};
}

/// `prune`: the record of the prune that this is part of; null in a rollback.
Result<> take_packages_out(const Record& record, const Record* prune, const Selection& selection,
                           const Database& before, const Surroundings& around, const Dpkg& dpkg, Context& context,
                           Diagnostics& problems) {
  if (auto edits = guard_edits(around, context); !edits) return edits;
  if (!selection.out.empty())
    if (auto stopped = stop_units_of({selection.out.begin(), selection.out.end()}, context); !stopped) return stopped;
  if (prune != nullptr || !record.given.empty() || has_data(around)) {
    // A service is stopped when its package goes; only then its data can be moved whole.
    if (!selection.out.empty())
      if (auto removed = dpkg.remove(selection.out); !removed) return removed;
    if (auto taken = take_given_again(record); !taken) return taken;
    if (prune != nullptr) {
      // All of it goes at once, also that of packages which older changes brought: a script may delete what belongs to
      // several.
      if (auto stopped = stop_units_of(going_with(*prune), context); !stopped) return stopped;
      if (auto aside = set_data_aside(*prune, context); !aside) return aside;
    }
    if (auto guarded = guard_data(around, context); !guarded) return guarded;
  }
  if (!selection.out.empty()) {
    if (auto purged = dpkg.purge(selection.out); !purged) return purged;
    if (auto forgotten = forget_timers(around); !forgotten) return forgotten;
  }
  if (auto given = give_back_data(record, around, selection.back, context); !given) return given;
  if (auto point = fail_point("packages_purged"); !point) return point;
  // Scripts of what comes back make no new account and no new configuration when they find their own.
  if (!selection.back.empty())
    if (auto restored = restore(around, selection, before, context); !restored) return restored;
  if (auto installed = dpkg.install(debs_for(selection, record, context, problems)); !installed) return installed;
  if (!selection.bare.empty())
    if (auto removed = dpkg.remove(selection.bare); !removed) return removed;
  if (auto wanted = dpkg.want_again(before, replaced_by(record)); !wanted) return wanted;
  return finish_others(before, dpkg);
}

/// A unit that a package could have: neither of a session nor made by systemd for a moment.
bool is_own_unit(std::string_view unit) {
  for (std::string_view head : {"user@", "user-runtime-dir@", "session-", "run-", "systemd-fsck", "init.scope"})
    if (unit.starts_with(head)) return false;
  for (std::string_view tail : {".scope", ".target", ".swap", ".path", ".automount"})
    if (unit.ends_with(tail)) return false;
  return true;
}

}  // namespace

Result<> take_out(const UndoRecord& undo, Context& context) {
  const auto record = record_from(undo.undo);
  if (!record) return failure(record.error());
  std::optional<Record> prune;
  if (!undo.prune.is_null()) {
    auto read = record_from(undo.prune);
    if (!read) return failure(read.error());
    prune = std::move(*read);
  }
  const auto before = database_of(*record, context);
  if (!before) return failure(before.error());
  // Versions of before are installed again, and their scripts want what they wanted then.
  Variables variables = record->variables;
  if (prune) variables.add(prune->variables);
  const auto dpkg = Dpkg::lock(context, std::move(variables));
  if (!dpkg) return failure(dpkg.error());
  const auto now = Database::read();
  if (!now) return failure(now.error());
  const Selection selection = select(*record, undo.ids, *before, *now);
  const auto around = look_around(*record, left_from(undo.done), selection, *before, *now, context);
  if (!around) return failure(around.error());
  for (const auto& line : selection.staying) context.kept.push_back(line);
  // In a prune the services of now are those that must not be disturbed.
  const Record& held_by = prune ? *prune : *record;
  if (auto held = hold_services(held_by.policy, held_by.running, context); !held) return held;
  // A version that cannot come back must not keep files from being put back; packages that could not go need theirs.
  Diagnostics problems;
  auto note = [&](const Result<>& result) {
    if (!result) problems.add(result.error());
  };
  const auto out =
      take_packages_out(*record, prune ? &*prune : nullptr, selection, *before, *around, *dpkg, context, problems);
  note(out);
  note(let_services_start(held_by.policy, context));
  if (out) note(restore(*around, selection, *before, context));
  note(remove_temporary(*record));
  note(reload_units(context));
  if (const auto status = get_packed(record->status, context); !status)
    note(failure(status.error()));
  else if (!problems.has_errors())
    note(dpkg->put_back_status(*status));
  if (problems.has_errors()) return failure(problems);
  return forget_found(context);
}

Result<> start_again(const UndoRecord& undo, Context& context) {
  const auto record = record_from(undo.undo);
  if (!record) return failure(record.error());
  if (record->moves.removed.empty() && record->moves.upgraded.empty()) return {};
  const auto now = running_units(context);
  if (!now) return failure(now.error());
  const auto database = Database::read();
  if (!database) return failure(database.error());
  const auto theirs = units_of(replaced_by(*record), *database);
  const Left left = left_from(undo.done);
  std::set<std::string> running(now->begin(), now->end());
  // What ran on after the change and does not any more was stopped by somebody.
  for (const auto& unit : left.running)
    if (!is_of(unit, theirs)) running.insert(unit);
  Command starting;
  starting.argv = {"/bin/systemctl", "start", "--"};
  for (const auto& unit : record->running)
    if (!running.contains(unit) && is_own_unit(unit)) starting.argv.push_back(unit);
  if (starting.argv.size() == 3) return {};
  starting.timeout = std::chrono::minutes(5);
  starting.finish_when_cancelled = true;
  const auto finished = run(starting, context);
  if (!finished) return failure(finished.error());
  if (!finished->ok())
    return program_failure("systemctl", "services that ran before do not start again", *finished,
                           "see `systemctl --failed` on the host");
  return {};
}

}  // namespace wright::agent::packages
