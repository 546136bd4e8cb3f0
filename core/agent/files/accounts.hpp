#pragma once

#include <sys/types.h>

#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"

namespace wright::agent {

struct UserEntry {
  std::string name;
  uid_t uid = 0;
  gid_t gid = 0;
  std::string comment;
  std::string home;
  std::string shell;
};

struct GroupEntry {
  std::string name;
  gid_t gid = 0;
  std::vector<std::string> members;
};

/// The local accounts as /etc/passwd and /etc/group have them; a static binary has no NSS. Lines that are no entry are
/// left out.
class Accounts {
 public:
  /// Reads `folder`/passwd and `folder`/group.
  static Result<Accounts> read(const std::string& folder = "/etc");
  static Accounts parse(std::string_view passwd, std::string_view group);

  [[nodiscard]] const UserEntry* user(std::string_view name) const;
  [[nodiscard]] const GroupEntry* group(std::string_view name) const;
  /// Number of a user or group given by name or number; an error when there is no such name.
  [[nodiscard]] Result<uid_t> uid_of(std::string_view name_or_number) const;
  [[nodiscard]] Result<gid_t> gid_of(std::string_view name_or_number) const;
  /// The name, or the number as text when no entry has it.
  [[nodiscard]] std::string name_of_user(uid_t uid) const;
  [[nodiscard]] std::string name_of_group(gid_t gid) const;
  /// Every group that the user is in, the primary one first.
  [[nodiscard]] std::vector<gid_t> groups_of(const UserEntry& user) const;

 private:
  std::vector<UserEntry> users_;
  std::vector<GroupEntry> groups_;
};

}  // namespace wright::agent
