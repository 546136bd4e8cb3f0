#pragma once

#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace wright::agent::packages {

/// /etc/passwd, group, shadow, gshadow, subuid and subgid: lines of fields between colons, each with a name.
bool is_account_file(std::string_view path);

/// `now` without what a change from `before` to `after` did to it. When nobody else changed anything it is `before`,
/// byte for byte; otherwise only the lines and group members that the change added go, and those that it took away come
/// back. Names in `stay` keep their lines.
std::string without_change(std::string_view before, std::string_view after, std::string_view now,
                           const std::set<std::string, std::less<>>& stay);

struct AddedAccount {
  std::string name;
  std::uint32_t number = 0;
  friend bool operator==(const AddedAccount&, const AddedAccount&) = default;
};
/// The lines of passwd or group that are in `after` only, with their third field.
std::vector<AddedAccount> added_accounts(std::string_view before, std::string_view after);

}  // namespace wright::agent::packages
