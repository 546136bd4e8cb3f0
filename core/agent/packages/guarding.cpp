#include "agent/packages/guarding.hpp"

#include <sys/stat.h>

#include <algorithm>
#include <array>
#include <cctype>

#include "agent/files/files.hpp"
#include "agent/files/relocate.hpp"
#include "agent/packages/account_lines.hpp"

namespace wright::agent::packages {
namespace {

constexpr std::array<std::string_view, 12> machine_written{
    "/etc/ld.so.cache",      "/etc/mtab",          "/etc/adjtime",      "/etc/.pwd.lock",
    "/etc/alternatives",     "/etc/machine-id",    "/etc/ssl/certs",    "/etc/resolv.conf",
    "/etc/apparmor.d/cache", "/etc/udev/hwdb.bin", "/etc/locale.alias", "/etc/rc.d"};

enum class Which { came_since, all };

/// What a dpkg that was killed leaves of a package it unpacked.
bool is_of_dpkg(std::string_view path) { return path.ends_with(".dpkg-new") || path.ends_with(".dpkg-tmp"); }

/// Files that somebody put where packages have theirs: no package would bring them back. What programs make there for
/// themselves can be made again.
bool is_somebodys(const Surroundings& around, const std::string& path, const Entry& entry, const Entry* after) {
  if (entry.type != 'f' || around.listed.contains(path) || Image::covers(path)) return false;
  if (path.find("/__pycache__/") != std::string::npos || is_within(path, "/var/cache") || is_within(path, "/boot") ||
      is_of_dpkg(path))
    return false;
  if (!around.interrupted) return after == nullptr;
  // A dpkg that was killed while it unpacked has not listed its files yet; they are as old as their package.
  return !is_within(path, "/usr") || entry.mtime_ns >= around.began_ns;
}

/// Folders and files to move aside, outermost first.
std::vector<std::string> data_in(const Surroundings& around, Which which) {
  std::set<std::string, std::less<>> out;
  for (const auto& [path, entry] : around.found.tree) {
    if ((entry.type != 'f' && entry.type != 'l') || Image::covers(path)) continue;
    if (is_within(path, "/var/lib/dpkg") || is_within(path, "/var/lib/apt") || !is_made(around, path)) continue;
    const Entry* after = find(around.after.tree, path);
    if (!is_data(path)) {
      if (is_somebodys(around, path, entry, after)) out.insert(path);
      continue;
    }
    const bool came_since =
        around.interrupted ? !around.listed.contains(path) : after == nullptr || !same(*after, entry);
    std::string place = outermost_made(around, path);
    // A loose file may as well be somebody else's that came at the same time.
    const bool loose = place == path && !around.listed.contains(path) && entry.type == 'f';
    if (which == Which::came_since && !came_since && !loose) continue;
    // A folder that others have packages in is theirs too.
    if (around.strangers.contains(place)) place = path;
    out.insert(std::move(place));
  }
  return {out.begin(), out.end()};
}

/// The folders of data that the script a package is purged with speaks of: "/var/lib/redis" in `rm -rf
/// /var/lib/redis/*`.
std::vector<std::string> named_in_postrm(const Package& package) {
  const std::string info = "/var/lib/dpkg/info/" + package.name;
  auto script = read_file(info + ":" + package.architecture + ".postrm");
  if (!script || script->empty()) script = read_file(info + ".postrm");
  if (!script) return {};
  return data_folders_in(*script);
}

std::string parent_of(const std::string& path) {
  const auto slash = path.rfind('/');
  return slash == 0 || slash == std::string::npos ? "/" : path.substr(0, slash);
}

/// The folders above that are missing, as they were.
Result<> make_parents(const std::string& path, const Tree& before) {
  std::vector<std::string> missing;
  for (std::string above = parent_of(path); above != "/"; above = parent_of(above)) {
    const auto seen = look_at(above);
    if (!seen) return failure(seen.error());
    if (seen->type != FileState::Type::absent) break;
    missing.push_back(above);
  }
  for (auto folder = missing.rbegin(); folder != missing.rend(); ++folder) {
    const Entry* was = find(before, *folder);
    const Ownership ownership = was == nullptr ? Ownership{0755, 0, 0} : Ownership{was->mode, was->uid, was->gid};
    if (auto made = make_directory(*folder, ownership); !made) return made;
  }
  return {};
}

bool is_given(const Record& record, const std::string& path) {
  return std::any_of(record.given.begin(), record.given.end(), [&](const Given& one) { return one.path == path; });
}

/// Links that are made when a service is enabled.
bool is_enabling(std::string_view path) {
  return path.starts_with("/etc/rc") ||
         (is_within(path, "/etc/systemd") && path.find(".wants/") != std::string_view::npos);
}

bool is_backup(std::string_view path) {
  return path.ends_with('-') && is_account_file(path.substr(0, path.size() - 1));
}

}  // namespace

std::vector<std::string> data_folders_in(std::string_view script) {
  std::vector<std::string> out;
  for (std::string_view folder : {"/var/lib/", "/var/log/", "/var/spool/", "/var/mail/", "/var/www/", "/srv/"})
    for (auto at = script.find(folder); at != std::string_view::npos; at = script.find(folder, at + 1)) {
      if (at > 0 && script[at - 1] != ' ' && script[at - 1] != '"' && script[at - 1] != '\'' &&
          script[at - 1] != '\n' && script[at - 1] != '\t' && script[at - 1] != '=')
        continue;
      std::size_t end = at + folder.size();
      while (end < script.size() && (std::isalnum(static_cast<unsigned char>(script[end])) != 0 || script[end] == '-' ||
                                     script[end] == '_' || script[end] == '.' || script[end] == '+'))
        ++end;
      // What goes on with a variable or a pattern names another folder, or many.
      if (end == at + folder.size() || (end < script.size() && (script[end] == '$' || script[end] == '*'))) continue;
      out.emplace_back(script.substr(at, end - at));
    }
  return out;
}

std::map<std::string, std::string> data_of(const std::map<std::string, std::string>& removed, const Database& before) {
  std::map<std::string, std::string> theirs;
  std::set<std::string> of_others;
  for (const auto& [key, package] : before.packages()) {
    const bool goes = removed.contains(key);
    for (auto& path : files_of(package)) {
      if (!is_data(path)) continue;
      if (goes)
        theirs.emplace(std::move(path), key);
      else
        of_others.insert(std::move(path));
    }
    if (!goes) continue;
    for (auto& path : named_in_postrm(package)) theirs.emplace(std::move(path), key);
  }
  std::map<std::string, std::string> out;
  std::string outermost;
  for (const auto& [path, key] : theirs) {
    if (of_others.contains(path) || (!outermost.empty() && is_within(path, outermost))) continue;
    const auto seen = look_at(path);
    if (!seen || seen->type != FileState::Type::directory || Image::covers(path)) continue;
    out[path] = key;
    outermost = path;
  }
  return out;
}

Result<> check_data(const std::vector<Data>& data) {
  Diagnostics problems;
  for (const auto& one : data) {
    struct stat seen {};
    struct stat above {};
    if (::lstat(one.path.c_str(), &seen) != 0 || !S_ISDIR(seen.st_mode)) continue;
    if (::lstat(parent_of(one.path).c_str(), &above) != 0 || seen.st_dev == above.st_dev) continue;
    problems.add({Severity::error,
                  Fault::failed,
                  one.path,
                  "is a file system of its own, so the data of what goes cannot be moved aside",
                  {},
                  "stop what uses it and unmount it; mount it again when the packages are gone"});
  }
  if (problems.has_errors()) return failure(problems);
  return {};
}

std::string place_of(const Data& data, const Record& record, const Context& context) {
  return data.place.empty() ? context.state_folder + "/quarantine/" + record.transaction + data.path : data.place;
}

Result<> set_data_aside(const Record& record, Context& context) {
  for (const auto& data : record.data) {
    // What makes room for data that is given back is moved when that comes.
    if (is_given(record, data.path)) continue;
    const std::string place = place_of(data, record, context);
    const auto moved = move_aside(data.path, place);
    if (!moved) return failure(moved.error());
    if (*moved) context.quarantined.push_back(data.path + " -> " + place);
  }
  return {};
}

Result<> give_back_data(const Record& record, const Surroundings& around, const std::vector<std::string>& back,
                        Context& context) {
  for (const auto& data : record.data) {
    const std::string place = place_of(data, record, context);
    const auto kept = look_at(place);
    if (!kept) return failure(kept.error());
    if (kept->type == FileState::Type::absent) continue;
    const auto now = look_at(data.path);
    if (!now) return failure(now.error());
    const bool comes_back = data.owner.empty() || std::find(back.begin(), back.end(), data.owner) != back.end();
    if (now->type != FileState::Type::absent && !comes_back) {
      context.kept.push_back(data.path + " has new data of what was installed again since; that of before is in " +
                             place);
      continue;
    }
    if (auto made = make_parents(data.path, around.before.tree); !made) return made;
    if (auto moved = move_back(data.path, place, context); !moved) return moved;
  }
  return {};
}

Result<> take_given_again(const Record& record) {
  for (const auto& [path, place] : record.given)
    if (auto moved = move_aside(path, place); !moved) return failure(moved.error());
  return {};
}

bool is_machine_written(std::string_view path) {
  return !is_within(path, "/etc") || is_backup(path) || is_account_file(path) ||
         std::any_of(machine_written.begin(), machine_written.end(),
                     [&](std::string_view folder) { return is_within(path, folder); });
}

bool has_data(const Surroundings& around) { return !data_in(around, Which::came_since).empty(); }

std::vector<std::string> data_made(const Surroundings& around) { return data_in(around, Which::all); }

Result<> guard_data(const Surroundings& around, Context& context) {
  for (const auto& path : data_in(around, Which::came_since))
    if (auto moved = context.quarantine(path); !moved) return moved;
  return {};
}

Result<> guard_edits(const Surroundings& around, Context& context) {
  for (const auto& [path, entry] : around.found.tree) {
    if (!Image::covers(path) || is_machine_written(path) || (entry.type != 'f' && entry.type != 'l')) continue;
    const Kept* found = around.found.image.find(path);
    const Kept* after = around.after.image.find(path);
    const Kept* before = around.before.image.find(path);
    if (found == nullptr || !found->whole || is_of_dpkg(path)) continue;
    // What an interrupted change had made by then, and what somebody did after it, cannot be told apart.
    const bool unknown = around.interrupted && !is_enabling(path) && !around.listed.contains(path);
    if (!unknown && after != nullptr && after->entry.type == found->entry.type && after->content == found->content)
      continue;
    if (before != nullptr && before->content == found->content) continue;
    // What the change never touched stays as it is, and so needs no copy.
    if (before == nullptr
            ? !is_made(around, path)
            : !unknown && after != nullptr && after->content == before->content && same(after->entry, before->entry))
      continue;
    if (auto kept = context.keep(path); !kept) return kept;
  }
  return {};
}

}  // namespace wright::agent::packages
