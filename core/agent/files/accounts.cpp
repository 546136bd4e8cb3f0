#include "agent/files/accounts.hpp"

#include <algorithm>
#include <charconv>
#include <optional>

#include "agent/files/files.hpp"

namespace wright::agent {
namespace {

std::vector<std::string_view> split(std::string_view text, char separator) {
  std::vector<std::string_view> parts;
  while (true) {
    const auto end = text.find(separator);
    parts.push_back(text.substr(0, end));
    if (end == std::string_view::npos) return parts;
    text.remove_prefix(end + 1);
  }
}

std::optional<std::uint32_t> number(std::string_view text) {
  std::uint32_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (text.empty() || error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

template <class Entry, class Id>
const Entry* find_by(const std::vector<Entry>& entries, Id Entry::*member, const auto& wanted) {
  const auto found = std::find_if(entries.begin(), entries.end(), [&](const Entry& e) { return e.*member == wanted; });
  return found == entries.end() ? nullptr : &*found;
}

}  // namespace

Result<Accounts> Accounts::read(const std::string& folder) {
  const auto passwd = read_file(folder + "/passwd");
  if (!passwd) return tl::unexpected(passwd.error());
  const auto group = read_file(folder + "/group");
  if (!group) return tl::unexpected(group.error());
  return parse(*passwd, *group);
}

Accounts Accounts::parse(std::string_view passwd, std::string_view group) {
  Accounts accounts;
  for (const auto line : split(passwd, '\n')) {
    const auto fields = split(line, ':');
    if (fields.size() != 7 || fields[0].empty()) continue;
    const auto uid = number(fields[2]);
    const auto gid = number(fields[3]);
    if (!uid || !gid) continue;
    accounts.users_.push_back(
        {std::string(fields[0]), *uid, *gid, std::string(fields[4]), std::string(fields[5]), std::string(fields[6])});
  }
  for (const auto line : split(group, '\n')) {
    const auto fields = split(line, ':');
    if (fields.size() != 4 || fields[0].empty()) continue;
    const auto gid = number(fields[2]);
    if (!gid) continue;
    GroupEntry entry{std::string(fields[0]), *gid, {}};
    for (const auto member : split(fields[3], ','))
      if (!member.empty()) entry.members.emplace_back(member);
    accounts.groups_.push_back(std::move(entry));
  }
  return accounts;
}

const UserEntry* Accounts::user(std::string_view name) const { return find_by(users_, &UserEntry::name, name); }
const GroupEntry* Accounts::group(std::string_view name) const { return find_by(groups_, &GroupEntry::name, name); }

Result<uid_t> Accounts::uid_of(std::string_view name_or_number) const {
  if (const UserEntry* entry = user(name_or_number)) return entry->uid;
  if (const auto id = number(name_or_number)) return *id;
  return failure("", "no user is named \"" + std::string(name_or_number) + "\" on this host");
}

Result<gid_t> Accounts::gid_of(std::string_view name_or_number) const {
  if (const GroupEntry* entry = group(name_or_number)) return entry->gid;
  if (const auto id = number(name_or_number)) return *id;
  return failure("", "no group is named \"" + std::string(name_or_number) + "\" on this host");
}

std::string Accounts::name_of_user(uid_t uid) const {
  const UserEntry* entry = find_by(users_, &UserEntry::uid, uid);
  return entry == nullptr ? std::to_string(uid) : entry->name;
}

std::string Accounts::name_of_group(gid_t gid) const {
  const GroupEntry* entry = find_by(groups_, &GroupEntry::gid, gid);
  return entry == nullptr ? std::to_string(gid) : entry->name;
}

std::vector<gid_t> Accounts::groups_of(const UserEntry& user) const {
  std::vector<gid_t> groups{user.gid};
  for (const auto& entry : groups_)
    if (entry.gid != user.gid &&
        std::find(entry.members.begin(), entry.members.end(), user.name) != entry.members.end())
      groups.push_back(entry.gid);
  return groups;
}

}  // namespace wright::agent
