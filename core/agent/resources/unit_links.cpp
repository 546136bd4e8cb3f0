#include "agent/resources/unit_links.hpp"

#include <algorithm>
#include <filesystem>
#include <set>

#include "agent/files/files.hpp"

namespace wright::agent {
namespace {

using Type = FileState::Type;

Result<> read_folder(const std::string& folder, bool below, UnitLinks& links) {
  std::error_code error;
  for (std::filesystem::directory_iterator at(folder, error), end; !error && at != end; at.increment(error)) {
    const std::string path = at->path().string();
    const auto seen = look_at(path);
    if (!seen) return failure(seen.error());
    if (seen->type == Type::symlink) links[path] = seen->target;
    if (seen->type != Type::directory || !below) continue;
    links[path] = "";
    if (auto read = read_folder(path, false, links); !read) return read;
  }
  if (error && error != std::errc::no_such_file_or_directory) return failure(folder, "cannot be read", error.message());
  return {};
}

std::string_view last_part(std::string_view path) { return path.substr(path.rfind('/') + 1); }

/// "S01nginx" is a link of nginx.
std::string_view script_of(std::string_view link) {
  const bool numbered = link.size() > 3 && (link[0] == 'S' || link[0] == 'K') && link[1] >= '0' && link[1] <= '9' &&
                        link[2] >= '0' && link[2] <= '9';
  return numbered ? link.substr(3) : std::string_view();
}

const std::string* find(const UnitLinks& links, const std::string& path) {
  const auto found = links.find(path);
  return found == links.end() ? nullptr : &found->second;
}

bool equal(const std::string* a, const std::string* b) { return a == nullptr || b == nullptr ? a == b : *a == *b; }

std::set<std::string> paths_of(const UnitLinks& a, const UnitLinks& b) {
  std::set<std::string> paths;
  for (const auto* links : {&a, &b})
    for (const auto& [path, target] : *links) paths.insert(path);
  return paths;
}

bool is_of(const std::string& path, const std::string* target, std::string_view unit) {
  const std::string_view script = unit.substr(0, unit.rfind('.'));
  return last_part(path) == unit || script_of(last_part(path)) == script || target == nullptr || target->empty() ||
         last_part(*target) == unit;
}

}  // namespace

Result<UnitLinks> read_unit_links(const std::string& etc) {
  UnitLinks links;
  if (auto read = read_folder(etc + "/systemd/system", true, links); !read) return failure(read.error());
  for (const char level : {'0', '1', '2', '3', '4', '5', '6', 'S'})
    if (auto read = read_folder(etc + "/rc" + level + ".d", false, links); !read) return failure(read.error());
  return links;
}

Value to_value(const UnitLinks& links) {
  Value::Map out;
  for (const auto& [path, target] : links) out[path] = target;
  return Value(std::move(out));
}

UnitLinks unit_links_from(const Value& value) {
  UnitLinks links;
  if (const auto* map = value.as_map())
    for (const auto& [path, target] : *map) links[path] = target.text_or("");
  return links;
}

bool started_by_init(const UnitLinks& links, std::string_view script) {
  return std::any_of(links.begin(), links.end(), [&](const auto& link) {
    const std::string_view path = link.first;
    const auto name = last_part(path);
    if (script_of(name) != script || name[0] != 'S') return false;
    const std::string_view level = last_part(path.substr(0, path.rfind('/')));
    return level == "rc2.d" || level == "rc3.d" || level == "rc4.d" || level == "rc5.d";
  });
}

UnitLinks only_of_unit(const UnitLinks& before, const UnitLinks& now, std::string_view unit) {
  UnitLinks after = before;
  for (const auto& path : paths_of(before, now)) {
    const auto* is = find(now, path);
    const auto* was = find(before, path);
    if (equal(is, was) || !is_of(path, is != nullptr ? is : was, unit)) continue;
    if (is == nullptr)
      after.erase(path);
    else
      after[path] = *is;
  }
  return after;
}

Result<bool> restore_unit_links(const UnitLinks& before, const UnitLinks& after, const std::string& etc) {
  const auto now = read_unit_links(etc);
  if (!now) return failure(now.error());
  bool changed = false;
  // Folders come before what is in them, so they are made first and removed last.
  const auto paths = paths_of(before, after);
  for (const auto& path : paths) {
    const auto* was = find(before, path);
    const auto* is = find(*now, path);
    if (was == nullptr || equal(was, find(after, path)) || !equal(is, find(after, path))) continue;
    auto made = was->empty() ? make_directory(path, {0755, 0, 0}) : replace_symlink(path, *was);
    if (!made) return failure(made.error());
    changed = true;
  }
  for (auto path = paths.rbegin(); path != paths.rend(); ++path) {
    const auto* is = find(*now, *path);
    if (find(before, *path) != nullptr || is == nullptr || !equal(is, find(after, *path))) continue;
    auto removed = remove_path(*path);
    if (!removed && !is->empty()) return failure(removed.error());  // a folder may hold what came since
    changed = changed || removed;
  }
  return changed;
}

}  // namespace wright::agent
