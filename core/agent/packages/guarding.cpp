#include "agent/packages/guarding.hpp"

#include <algorithm>
#include <array>

#include "agent/files/files.hpp"
#include "agent/packages/account_lines.hpp"

namespace wright::agent::packages {
namespace {

constexpr std::array<std::string_view, 12> machine_written{
    "/etc/ld.so.cache",      "/etc/mtab",          "/etc/adjtime",      "/etc/.pwd.lock",
    "/etc/alternatives",     "/etc/machine-id",    "/etc/ssl/certs",    "/etc/resolv.conf",
    "/etc/apparmor.d/cache", "/etc/udev/hwdb.bin", "/etc/locale.alias", "/etc/rc.d"};

/// Folders and files to move aside, outermost first.
std::vector<std::string> data_in(const Surroundings& around) {
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
    if (!came_since && !loose) continue;
    // A folder that others have packages in is theirs too.
    if (around.strangers.contains(place)) place = path;
    out.insert(std::move(place));
  }
  return {out.begin(), out.end()};
}

bool is_backup(std::string_view path) {
  return path.ends_with('-') && is_account_file(path.substr(0, path.size() - 1));
}

}  // namespace

bool is_machine_written(std::string_view path) {
  return !is_within(path, "/etc") || is_backup(path) || is_account_file(path) ||
         std::any_of(machine_written.begin(), machine_written.end(),
                     [&](std::string_view folder) { return is_within(path, folder); });
}

bool has_data(const Surroundings& around) { return !data_in(around).empty(); }

Result<> guard_data(const Surroundings& around, Context& context) {
  for (const auto& path : data_in(around))
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
