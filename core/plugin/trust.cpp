#include "plugin/trust.hpp"

#include <grp.h>
#include <pwd.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <climits>
#include <cstdlib>
#include <cstring>

namespace wright {
namespace {

tl::unexpected<Diagnostics> refused(const std::string& path, std::string what, std::string why, std::string next) {
  return failure({Severity::error, Fault::bad_plugin, path, std::move(what), std::move(why), std::move(next)});
}

/// Whether the group is the caller's own: named like the caller and with nobody else in it, as useradd makes them.
/// Where the umask is 002, everything that such a user builds is writable for it.
bool is_private_group(gid_t group) {
  if (geteuid() == 0) return false;
  std::string buffer(65536, '\0');
  passwd user{};
  passwd* found_user = nullptr;
  if (getpwuid_r(geteuid(), &user, buffer.data(), buffer.size(), &found_user) != 0 || found_user == nullptr)
    return false;
  const std::string name = user.pw_name;
  if (user.pw_gid != group) return false;
  struct group entry {};
  struct group* found_group = nullptr;
  if (getgrgid_r(group, &entry, buffer.data(), buffer.size(), &found_group) != 0 || found_group == nullptr)
    return false;
  if (name != entry.gr_name) return false;
  for (char** member = entry.gr_mem; *member != nullptr; ++member)
    if (name != *member) return false;
  return true;
}

/// Why others could change it; empty when they cannot.
std::string weakness(const struct stat& found, bool above) {
  if (found.st_uid != 0 && found.st_uid != geteuid())
    return "it belongs to the user with the id " + std::to_string(found.st_uid) + ", not to root or the caller";
  if (above && (found.st_mode & S_ISVTX) != 0) return {};
  if ((found.st_mode & S_IWOTH) != 0) return "everybody can write to it";
  if ((found.st_mode & S_IWGRP) != 0 && !is_private_group(found.st_gid)) return "its group can write to it";
  return {};
}

std::string_view kind_of(mode_t mode) {
  if (S_ISDIR(mode)) return "a folder";
  if (S_ISFIFO(mode)) return "a pipe";
  if (S_ISSOCK(mode)) return "a socket";
  return S_ISREG(mode) ? "a regular file" : "a device";
}

Result<std::string> resolve(const std::string& path) {
  char resolved[PATH_MAX];
  if (realpath(path.c_str(), resolved) == nullptr)
    return refused(path, errno == ENOENT ? "does not exist" : "cannot be reached", std::strerror(errno), {});
  return std::string(resolved);
}

Result<struct stat> look(const std::string& path) {
  struct stat found {};
  if (lstat(path.c_str(), &found) != 0) return refused(path, "cannot be looked at", std::strerror(errno), {});
  return found;
}

/// Checks the resolved path and all above it.
Result<> check_owners(const std::string& given, const std::string& resolved) {
  for (std::string at = resolved;; at = at.substr(0, at.rfind('/'))) {
    if (at.empty()) at = "/";
    const auto found = look(at);
    if (!found) return failure(found.error());
    const std::string weak = weakness(*found, at != resolved);
    if (!weak.empty())
      return refused(given, "is refused: others could change what it runs", at + ": " + weak,
                     "chown root and chmod go-w " + at);
    if (at == "/") return {};
  }
}

Result<std::string> trusted(const std::string& path, mode_t type) {
  const auto resolved = resolve(path);
  if (!resolved) return failure(resolved.error());
  const auto found = look(*resolved);
  if (!found) return failure(found.error());
  if ((found->st_mode & S_IFMT) != type)
    return refused(path, "is " + std::string(kind_of(found->st_mode)) + ", not " + std::string(kind_of(type)), {}, {});
  if (auto owners = check_owners(path, *resolved); !owners) return failure(owners.error());
  return *resolved;
}

}  // namespace

Result<std::string> trusted_plugin_file(const std::string& path) { return trusted(path, S_IFREG); }
Result<std::string> trusted_plugin_directory(const std::string& path) { return trusted(path, S_IFDIR); }

}  // namespace wright
