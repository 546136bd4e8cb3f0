#include "agent/resources/awake.hpp"

#include <unistd.h>

#include <fstream>
#include <set>
#include <utility>

#include "agent/files/files.hpp"
#include "agent/files/relocate.hpp"

namespace wright::agent {
namespace {

constexpr std::chrono::milliseconds start_time{120000};

bool is_there(const Unit& unit) {
  if (!unit.exists()) return false;
  const auto file = unit.path.empty() ? Result<FileState>(FileState()) : look_at(unit.path);
  return unit.path.empty() || !file || file->type != FileState::Type::absent;
}

bool is_down(const Unit& unit) { return !unit.exists() || unit.active == "inactive" || unit.active == "failed"; }

/// What an agent starts ends with the boot: what runs after that was started by somebody else.
std::string this_boot() {
  std::ifstream file("/proc/sys/kernel/random/boot_id");
  std::string id;
  std::getline(file, id);
  return id;
}

std::string note_path(const Context& context, const std::string& name) {
  return context.state_folder + "/awake/" + name;
}

Result<> write_down(const Context& context, const std::string& name) {
  if (auto made = make_private_folders(context.state_folder + "/awake"); !made) return made;
  return replace_file(note_path(context, name), this_boot() + "\n", {0600, ::geteuid(), ::getegid()});
}

/// Whether an agent that is no more started it. A note of another boot is taken away.
Result<bool> was_left(const Context& context, const std::string& name) {
  const std::string path = note_path(context, name);
  const auto seen = look_at(path);
  if (!seen) return failure(seen.error());
  if (seen->type == FileState::Type::absent) return false;
  const auto boot = read_file(path);
  if (!boot) return failure(boot.error());
  if (*boot == this_boot() + "\n") return true;
  if (auto removed = remove_path(path); !removed) return failure(removed.error());
  return false;
}

/// The note goes last: until then it is known what is still to be stopped.
Result<> stop(const Context& context, const std::string& name, const UnitControl& control) {
  const auto now = control.show(name, context);
  if (now && is_down(*now)) return remove_path(note_path(context, name));
  const auto stopped = control.tell("stop", name, start_time, context);
  if (!stopped) return failure(stopped.error());
  if (!stopped->ok())
    return failure("service:" + name, "was started for the undo, and cannot be stopped again", last_lines(*stopped),
                   "stop it with systemctl stop " + name + ", then wright rollback again");
  return remove_path(note_path(context, name));
}

}  // namespace

Awake::Awake(const std::string& unit, const Context& context, UnitControl control)
    : name_(unit.empty() ? "" : unit_name(unit)), context_(context), control_(std::move(control)) {
  if (name_.empty()) return;
  const auto now = control_.show(name_, context_);
  if (!now) return;
  exists_ = is_there(*now);
  if (!exists_) return;
  const auto left = was_left(context_, name_);
  asleep_ = left && *left;
  if (!left) problems_.add(left.error());
  if (!left || !is_down(*now)) return;
  const auto written = write_down(context_, name_);
  asleep_ = written.has_value();
  if (written)
    (void)control_.tell("start", name_, start_time, context_);
  else
    problems_.add(written.error());
}

Awake::~Awake() { (void)let_sleep(); }

bool Awake::may_answer() const {
  if (name_.empty()) return false;
  const auto now = control_.show(name_, context_);
  return !now || now->running() || now->active == "activating";
}

Result<> Awake::let_sleep() {
  if (problems_.has_errors()) return failure(problems_);
  if (!std::exchange(asleep_, false)) return {};
  return stop(context_, name_, control_);
}

Result<> stop_left_awake(const UndoRecord& record, const Context& context, const UnitControl& control) {
  std::set<std::string> names;
  for (const auto& id : record.ids)
    if (const std::string unit = record.undo[id.name]["unit"].text_or(""); !unit.empty()) names.insert(unit_name(unit));
  Diagnostics problems;
  for (const auto& name : names) {
    const auto left = was_left(context, name);
    if (!left) problems.add(left.error());
    if (!left || !*left) continue;
    if (const auto stopped = stop(context, name, control); !stopped) problems.add(stopped.error());
  }
  if (problems.has_errors()) return failure(problems);
  return {};
}

}  // namespace wright::agent
