#include "agent/files/extended.hpp"

#include <fcntl.h>
#include <sys/xattr.h>

#include <cerrno>
#include <cstring>
#include <vector>

#include "agent/files/place.hpp"

namespace wright::agent {
namespace {

constexpr std::size_t most_bytes = 65536;  // XATTR_SIZE_MAX and XATTR_LIST_MAX, xattr(7)

}  // namespace

Extended extended_of(int fd) {
  Extended found;
  const ssize_t nothing = ::flistxattr(fd, nullptr, 0);
  if (nothing <= 0) return found;
  std::vector<char> names(most_bytes);
  std::vector<char> value(most_bytes);
  const ssize_t length = ::flistxattr(fd, names.data(), names.size());
  for (ssize_t at = 0; at < length;) {
    const char* name = names.data() + at;
    at += static_cast<ssize_t>(std::strlen(name)) + 1;
    const ssize_t size = ::fgetxattr(fd, name, value.data(), value.size());
    if (size >= 0) found[name].assign(value.data(), static_cast<std::size_t>(size));
  }
  return found;
}

Result<std::optional<Extended>> extended_at(const std::string& path) {
  auto place = find_place(path);
  if (!place) return system_failure(path, "read its extended attributes", place.error());
  const Descriptor there(
      ::openat(place->folder.get(), place->name.c_str(), O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC));
  if (there.valid()) return std::optional(extended_of(there.get()));
  if (errno == ENOENT || errno == ELOOP || errno == ENXIO) return std::optional<Extended>();
  return system_failure(path, "read its extended attributes", errno);
}

int set_extended(int fd, const Extended& wanted) {
  const Extended now = extended_of(fd);
  for (const auto& [name, value] : now)
    if (!wanted.contains(name) && ::fremovexattr(fd, name.c_str()) != 0 && errno != ENODATA && errno != ENOTSUP)
      return errno;
  for (const auto& [name, value] : wanted) {
    const auto same = now.find(name);
    if (same != now.end() && same->second == value) continue;
    if (::fsetxattr(fd, name.c_str(), value.data(), value.size(), 0) != 0 && errno != ENOTSUP) return errno;
  }
  return 0;
}

}  // namespace wright::agent
