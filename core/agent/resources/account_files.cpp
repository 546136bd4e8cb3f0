#include "agent/resources/account_files.hpp"

#include <dirent.h>
#include <shadow.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <csignal>
#include <cstdlib>
#include <map>
#include <memory>
#include <vector>

#include "agent/packages/account_lines.hpp"
#include "agent/process/process.hpp"
#include "agent/resources/before.hpp"
#include "agent/resources/program_output.hpp"

namespace wright::agent {
namespace {

constexpr std::array<const char*, 6> files{"passwd", "group", "shadow", "gshadow", "subuid", "subgid"};
constexpr std::size_t longest_name = 32;
constexpr std::size_t content_limit = 64U << 20U;
constexpr off_t longest_pid = 16;  // its digits, a line's end or a zero byte
constexpr std::chrono::seconds tool_timeout{120};

/// The lock that all tools for accounts take. It waits for 15 s.
class AccountLock {
 public:
  explicit AccountLock(bool wanted) : held_(wanted && ::lckpwdf() == 0), wanted_(wanted) {}
  ~AccountLock() {
    if (held_) ::ulckpwdf();
  }
  AccountLock(const AccountLock&) = delete;
  AccountLock& operator=(const AccountLock&) = delete;
  [[nodiscard]] bool good() const { return held_ || !wanted_; }

 private:
  bool held_;
  bool wanted_;
};

std::vector<std::string_view> lines_of(std::string_view text) {
  std::vector<std::string_view> lines;
  while (!text.empty()) {
    const auto end = std::min(text.find('\n'), text.size());
    lines.push_back(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return lines;
}

std::string_view name_of_line(std::string_view line) { return line.substr(0, line.find(':')); }

/// Content of a file as it was recorded; empty when it was not there.
Result<std::string> content_of(const Value& record, const Context& context) {
  const std::string blob = record["blob"].text_or("");
  if (blob.empty()) return std::string();
  return context.blobs.get(blob);
}

bool lives(long pid) { return pid > 0 && ::kill(static_cast<pid_t>(pid), 0) == 0; }

/// The files PATH.PID of tools that are dead; each was to become the lock PATH.lock and holds at most its pid.
std::vector<std::string> locks_to_be(const std::string& path) {
  std::vector<std::string> dead;
  const auto slash = path.rfind('/');
  const std::string folder = path.substr(0, slash);
  const std::string stem = path.substr(slash + 1) + ".";
  const std::unique_ptr<DIR, int (*)(DIR*)> open(::opendir(folder.c_str()), ::closedir);
  while (const dirent* entry = open ? ::readdir(open.get()) : nullptr) {
    const std::string name = entry->d_name;
    if (!name.starts_with(stem) || name.size() == stem.size()) continue;
    const std::string pid = name.substr(stem.size());
    if (pid.find_first_not_of("0123456789") != std::string::npos) continue;
    if (!lives(std::strtol(pid.c_str(), nullptr, 10))) dead.push_back(folder + "/" + name);
  }
  return dead;
}

/// What a tool that was killed left behind: its lock, and the file that it had not renamed yet.
Result<> remove_rest(const std::string& path) {
  if (auto removed = remove_path(path + "+"); !removed) return removed;
  for (const auto& one : locks_to_be(path)) {
    const auto seen = look_at(one);
    if (!seen) return failure(seen.error());
    if (seen->type != FileState::Type::regular || seen->size > longest_pid) continue;
    if (auto removed = remove_path(one); !removed) return removed;
  }
  const auto lock = look_at(path + ".lock");
  if (!lock) return failure(lock.error());
  if (lock->type != FileState::Type::regular) return {};
  const auto owner = read_file(path + ".lock", 64);
  if (owner && lives(std::strtol(owner->c_str(), nullptr, 10))) return {};
  return remove_path(path + ".lock");
}

/// True when the file is again just what it was.
Result<bool> restore_file(const std::string& path, const AccountChange& change, Context& context) {
  const Value& was = change.before[path];
  const auto seen = look_at(path);
  if (!seen) return failure(seen.error());
  const auto before = content_of(was, context);
  if (!before) return failure(before.error());
  std::string now;
  if (seen->type == FileState::Type::regular) {
    auto read = read_file(path, content_limit);
    if (!read) return failure(read.error());
    now = std::move(*read);
  }
  std::string after;
  if (change.after.is_null()) {
    after = only_of_names(*before, now, change.names);
  } else {
    auto recorded = content_of(change.after[path], context);
    if (!recorded) return failure(recorded.error());
    after = std::move(*recorded);
  }
  const std::string wanted = packages::without_change(*before, after, now, change.stay);
  if (wanted == *before) {
    if (auto restored = restore_before(path, was, {}, context); !restored) return failure(restored.error());
    return true;
  }
  if (wanted == now) return false;
  if (auto written = replace_file(path, wanted, {seen->mode, seen->uid, seen->gid}); !written)
    return failure(written.error());
  return false;
}

}  // namespace

bool is_account_name(std::string_view name) {
  if (name.empty() || name.size() > longest_name || std::string_view("-+~").find(name[0]) != std::string_view::npos)
    return false;
  if (std::all_of(name.begin(), name.end(), [](unsigned char c) { return std::isdigit(c) != 0; })) return false;
  return std::all_of(name.begin(), name.end(), [](unsigned char c) {
    return c < 0x80 && (std::isalnum(c) != 0 || c == '_' || c == '-' || c == '.' || c == '$');
  });
}

Result<> check_account_names(std::span<const Item> items) {
  Diagnostics problems;
  for (const auto& item : items)
    if (!is_account_name(item.resource->id.name))
      problems.add({Severity::error,
                    Fault::bad_plugin,
                    to_string(item.resource->id),
                    "this is no name for a user or group",
                    "at most 32 letters, digits, \"_\", \"-\" and \".\", not only digits, no \"-\" in front",
                    {}});
  if (problems.has_errors()) return failure(problems);
  return {};
}

std::vector<std::string> names_in(std::span<const Item> items) {
  std::vector<std::string> names;
  for (const auto& item : items) names.push_back(item.resource->id.name);
  return names;
}

AccountChange account_change(const UndoRecord& record) {
  AccountChange change{record.undo["files"], record.done["files"], {}, {}};
  for (const auto& name : record.undo["ids"].strings()) {
    change.names.insert(name);
    if (std::none_of(record.ids.begin(), record.ids.end(), [&](const ResourceId& id) { return id.name == name; }))
      change.stay.insert(name);
  }
  for (const auto& name : record.undo["touched"].strings()) change.names.insert(name);
  return change;
}

std::string only_of_names(std::string_view before, std::string_view now,
                          const std::set<std::string, std::less<>>& names) {
  const auto is_ours = [&](std::string_view line) { return names.contains(name_of_line(line)); };
  std::map<std::string_view, std::vector<std::string_view>> ours;
  for (const auto line : lines_of(now))
    if (is_ours(line)) ours[name_of_line(line)].push_back(line);
  std::string out;
  const auto add = [&](std::string_view line) { out.append(line).push_back('\n'); };
  for (const auto line : lines_of(before)) {
    if (!is_ours(line)) {
      add(line);
      continue;
    }
    const auto found = ours.find(name_of_line(line));
    if (found == ours.end()) continue;
    for (const auto mine : found->second) add(mine);
    ours.erase(found);
  }
  for (const auto& [name, lines] : ours)
    for (const auto line : lines) add(line);
  return out;
}

Result<Value> record_account_files(Context& context, const std::string& etc) {
  Value::Map record;
  for (const char* file : files)
    for (const char* suffix : {"", "-"}) {
      const std::string path = etc + "/" + file + suffix;
      auto before = record_before(path, context);
      if (!before) return failure(before.error());
      record[path] = std::move(*before);
    }
  const std::string lock = etc + "/.pwd.lock";
  auto before = record_before(lock, context);
  if (!before) return failure(before.error());
  record[lock] = std::move(*before);
  return Value(std::move(record));
}

Result<> restore_account_files(const AccountChange& change, Context& context, const std::string& etc) {
  {
    const AccountLock lock(etc == "/etc");
    if (!lock.good())
      return failure(etc + "/.pwd.lock", "somebody else is changing accounts", {}, "roll back again when that is done");
    for (const char* file : files) {
      const std::string path = etc + "/" + file;
      if (auto removed = remove_rest(path); !removed) return removed;
      const auto whole = restore_file(path, change, context);
      if (!whole) return failure(whole.error());
      // Otherwise it is what somebody else's tool kept.
      if (!*whole) continue;
      if (auto restored = restore_before(path + "-", change.before[path + "-"], {}, context); !restored)
        return restored;
    }
  }
  if (change.before[etc + "/.pwd.lock"]["type"].text_or("") == "absent") return remove_path(etc + "/.pwd.lock");
  return {};
}

Result<> run_account_tool(const std::string& where, std::vector<std::string> argv, const Context& context) {
  Command command;
  command.argv = std::move(argv);
  command.timeout = tool_timeout;
  command.finish_when_cancelled = true;
  const auto finished = run(command, context);
  if (!finished) return failure(finished.error());
  if (finished->ok()) return {};
  return failure(where, command.argv[0] + " " + how_it_ended(*finished, command.timeout), shown_output(*finished, {}),
                 "put right what it says, then wright apply again");
}

}  // namespace wright::agent
