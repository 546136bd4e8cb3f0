#include "agent/packages/guarding.hpp"

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

/// Folders and files to move aside, outermost first.
std::vector<std::string> data_in(const Surroundings& around, Which which) {
  std::set<std::string, std::less<>> out;
  for (const auto& [path, entry] : around.found.tree) {
    if (!is_data(path) || (entry.type != 'f' && entry.type != 'l') || Image::covers(path)) continue;
    if (is_within(path, "/var/lib/dpkg") || is_within(path, "/var/lib/apt")) continue;
    const Entry* after = find(around.after.tree, path);
    const bool came_since = after == nullptr || !same(*after, entry);
    if (!is_made(around, path)) continue;
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

std::vector<std::string> data_of(const std::map<std::string, std::string>& removed, const Database& before) {
  std::set<std::string> theirs;
  std::set<std::string> of_others;
  for (const auto& [key, package] : before.packages()) {
    const bool goes = removed.contains(key);
    for (auto& path : files_of(package))
      if (is_data(path)) (goes ? theirs : of_others).insert(std::move(path));
    if (!goes) continue;
    for (auto& path : named_in_postrm(package)) theirs.insert(std::move(path));
  }
  std::vector<std::string> out;
  for (const auto& path : theirs) {
    if (of_others.contains(path) || (!out.empty() && is_within(path, out.back()))) continue;
    const auto seen = look_at(path);
    if (seen && seen->type == FileState::Type::directory && !Image::covers(path)) out.push_back(path);
  }
  return out;
}

Result<> set_data_aside(const Record& record, Context& context) {
  for (const auto& path : record.data)
    if (auto moved = context.quarantine(path); !moved) return moved;
  return {};
}

Result<> give_back_data(const Record& record, Context& context) {
  for (const auto& path : record.data) {
    const std::string place = context.state_folder + "/quarantine/" + record.transaction + path;
    const auto kept = look_at(place);
    if (!kept) return failure(kept.error());
    if (kept->type == FileState::Type::absent) continue;
    if (auto moved = context.quarantine(path); !moved) return moved;
    if (auto moved = move_tree(place, path); !moved) return moved;
  }
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
    if (found == nullptr || !found->whole) continue;
    if (after != nullptr && after->entry.type == found->entry.type && after->content == found->content) continue;
    if (before != nullptr && before->content == found->content) continue;
    // What the change never touched stays as it is, and so needs no copy.
    if (before == nullptr ? !is_made(around, path)
                          : after != nullptr && after->content == before->content && same(after->entry, before->entry))
      continue;
    if (auto kept = context.keep(path); !kept) return kept;
  }
  return {};
}

}  // namespace wright::agent::packages
