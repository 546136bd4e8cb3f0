#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <memory>
#include <vector>

#include "agent/files/files.hpp"
#include "agent/files/place.hpp"
#include "agent/files/relocate.hpp"

namespace wright::agent {
namespace {

constexpr int depth_limit = 200;

tl::expected<std::vector<std::string>, int> names_in(int folder) {
  const int copy = ::openat(folder, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (copy < 0) return tl::unexpected(errno);
  const std::unique_ptr<DIR, int (*)(DIR*)> stream(::fdopendir(copy), ::closedir);
  if (stream == nullptr) return tl::unexpected(errno);
  std::vector<std::string> names;
  while (const dirent* entry = ::readdir(stream.get())) {
    const std::string name = entry->d_name;
    if (name != "." && name != "..") names.push_back(name);
  }
  return names;
}

int remove_below(int folder, const std::string& name, dev_t device, int depth) {
  if (depth > depth_limit) return ELOOP;
  struct stat seen {};
  if (::fstatat(folder, name.c_str(), &seen, AT_SYMLINK_NOFOLLOW) != 0) return errno == ENOENT ? 0 : errno;
  if (seen.st_dev != device) return EXDEV;
  if (!S_ISDIR(seen.st_mode)) return ::unlinkat(folder, name.c_str(), 0) != 0 && errno != ENOENT ? errno : 0;
  {
    const Descriptor inside(::openat(folder, name.c_str(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
    if (!inside.valid()) return errno;
    const auto names = names_in(inside.get());
    if (!names) return names.error();
    for (const auto& each : *names)
      if (const int error = remove_below(inside.get(), each, device, depth + 1)) return error;
  }
  return ::unlinkat(folder, name.c_str(), AT_REMOVEDIR) != 0 && errno != ENOENT ? errno : 0;
}

bool gone(int error) { return error == ENOENT || error == ENOTDIR; }

}  // namespace

Result<> remove_path(const std::string& path) {
  auto place = find_place(path);
  if (!place) {
    if (gone(place.error())) return {};
    return system_failure(path, "remove it", place.error());
  }
  const int folder = place->folder.get();
  ::unlinkat(folder, staging_name(place->name).c_str(), 0);
  if (::unlinkat(folder, place->name.c_str(), 0) != 0) {
    if (errno == ENOENT) return {};
    if (errno != EISDIR) return system_failure(path, "remove it", errno);
    if (::unlinkat(folder, place->name.c_str(), AT_REMOVEDIR) != 0 && errno != ENOENT)
      return system_failure(path, "remove it", errno);
  }
  if (::fsync(folder) != 0) return system_failure(path, "sync its folder", errno);
  return {};
}

Result<> remove_staging(const std::string& path) {
  auto place = find_place(path);
  if (!place && gone(place.error())) return {};
  if (!place) return system_failure(path, "look beside it", place.error());
  if (::unlinkat(place->folder.get(), staging_name(place->name).c_str(), 0) != 0 && errno != ENOENT)
    return system_failure(path, "remove what was left beside it", errno);
  return {};
}

Result<> remove_tree(const std::string& path) {
  auto place = find_place(path);
  if (!place) {
    if (gone(place.error())) return {};
    return system_failure(path, "remove it", place.error());
  }
  struct stat seen {};
  const int folder = place->folder.get();
  if (::fstatat(folder, place->name.c_str(), &seen, AT_SYMLINK_NOFOLLOW) != 0) {
    if (errno == ENOENT) return {};
    return system_failure(path, "remove it", errno);
  }
  if (const int error = remove_below(folder, place->name, seen.st_dev, 0))
    return system_failure(path, "remove everything in it", error);
  if (::fsync(folder) != 0) return system_failure(path, "sync its folder", errno);
  return {};
}

}  // namespace wright::agent
