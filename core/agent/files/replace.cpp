#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>

#include "agent/files/files.hpp"
#include "agent/files/place.hpp"

namespace wright::agent {
namespace {

int write_all(int fd, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t written = ::write(fd, bytes.data(), bytes.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return errno;
    bytes.remove_prefix(static_cast<std::size_t>(written));
  }
  return 0;
}

/// Owner before the rest: a change of owner clears the set-user-id bits and capabilities. Mode last: an access list has
/// a mode of its own. Without `extended` those that are there stay, such as a list that the folder gives to new files.
int set_on(int fd, const Ownership& ownership, const std::optional<Extended>& extended = std::nullopt) {
  if (::fchown(fd, ownership.uid, ownership.gid) != 0) return errno;
  if (extended)
    if (const int error = set_extended(fd, *extended)) return error;
  return ::fchmod(fd, ownership.mode) != 0 ? errno : 0;
}

int set_time(int fd, std::int64_t mtime_ns) {
  timespec times[2] = {};
  times[0].tv_nsec = UTIME_OMIT;
  times[1].tv_sec = mtime_ns / 1'000'000'000;
  times[1].tv_nsec = mtime_ns % 1'000'000'000;
  if (times[1].tv_nsec < 0) {
    times[1].tv_sec -= 1;
    times[1].tv_nsec += 1'000'000'000;
  }
  return ::futimens(fd, times) != 0 ? errno : 0;
}

struct NewFile {
  std::string_view content;
  Ownership ownership;
  std::optional<Extended> extended;
  std::optional<std::int64_t> mtime_ns;
};

int fill(int fd, const NewFile& file) {
  int error = write_all(fd, file.content);
  if (error == 0) error = set_on(fd, file.ownership, file.extended);
  if (error == 0 && file.mtime_ns) error = set_time(fd, *file.mtime_ns);
  if (error == 0 && ::fsync(fd) != 0) error = errno;
  return error;
}

/// Puts a complete file under the staging name.
int stage(int folder, const std::string& staging, const NewFile& file) {
  const Descriptor nameless(::openat(folder, ".", O_TMPFILE | O_WRONLY | O_CLOEXEC, 0600));
  if (nameless.valid()) {
    if (const int error = fill(nameless.get(), file)) return error;
    const std::string self = "/proc/self/fd/" + std::to_string(nameless.get());
    if (::linkat(AT_FDCWD, self.c_str(), folder, staging.c_str(), AT_SYMLINK_FOLLOW) == 0) return 0;
  }
  // Overlay and network file systems have no O_TMPFILE, some sandboxes no /proc.
  const Descriptor named(::openat(folder, staging.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600));
  if (!named.valid()) return errno;
  return fill(named.get(), file);
}

Result<> move_into_place(const std::string& path, const Place& place, const std::string& staging) {
  if (::renameat(place.folder.get(), staging.c_str(), place.folder.get(), place.name.c_str()) != 0) {
    const int error = errno;
    ::unlinkat(place.folder.get(), staging.c_str(), 0);
    return system_failure(path, "replace it", error);
  }
  if (::fsync(place.folder.get()) != 0) return system_failure(path, "sync its folder", errno);
  return {};
}

Result<> put(const std::string& path, const NewFile& file) {
  auto place = find_place(path);
  if (!place) return system_failure(path, "write it", place.error());
  const std::string staging = staging_name(place->name);
  ::unlinkat(place->folder.get(), staging.c_str(), 0);
  if (const int error = stage(place->folder.get(), staging, file)) {
    ::unlinkat(place->folder.get(), staging.c_str(), 0);
    return system_failure(path, "write it", error);
  }
  return move_into_place(path, *place, staging);
}

Result<> put_directory(const std::string& path, const Ownership& ownership, const std::optional<Extended>& extended) {
  auto place = find_place(path);
  if (!place) return system_failure(path, "make the directory", place.error());
  if (::mkdirat(place->folder.get(), place->name.c_str(), 0700) != 0 && errno != EEXIST)
    return system_failure(path, "make the directory", errno);
  const Descriptor made(
      ::openat(place->folder.get(), place->name.c_str(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
  if (!made.valid()) return system_failure(path, "make the directory", errno);
  if (const int error = set_on(made.get(), ownership, extended))
    return system_failure(path, "set its owner and mode", error);
  if (::fsync(made.get()) != 0 || ::fsync(place->folder.get()) != 0) return system_failure(path, "sync it", errno);
  return {};
}

}  // namespace

Result<> replace_file(const std::string& path, std::string_view content, const Ownership& ownership,
                      std::optional<std::int64_t> mtime_ns) {
  auto extended = extended_at(path);
  if (!extended) return failure(extended.error());
  if (*extended) (*extended)->erase("security.capability");
  return put(path, {content, ownership, std::move(*extended), mtime_ns});
}

Result<> restore_file(const std::string& path, std::string_view content, const Former& former) {
  return put(path, {content, former.ownership, former.extended, former.mtime_ns});
}

Result<> restore_directory(const std::string& path, const Former& former) {
  return put_directory(path, former.ownership, former.extended);
}

Result<> replace_symlink(const std::string& path, const std::string& target) {
  auto place = find_place(path);
  if (!place) return system_failure(path, "make the link", place.error());
  const std::string staging = staging_name(place->name);
  ::unlinkat(place->folder.get(), staging.c_str(), 0);
  if (::symlinkat(target.c_str(), place->folder.get(), staging.c_str()) != 0)
    return system_failure(path, "make the link", errno);
  return move_into_place(path, *place, staging);
}

Result<> make_directory(const std::string& path, const Ownership& ownership) {
  return put_directory(path, ownership, std::nullopt);
}

Result<> set_ownership(const std::string& path, const Ownership& ownership) {
  auto place = find_place(path);
  if (!place) return system_failure(path, "set its owner and mode", place.error());
  const Descriptor there(
      ::openat(place->folder.get(), place->name.c_str(), O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC));
  if (!there.valid()) return system_failure(path, "set its owner and mode", errno);
  if (const int error = set_on(there.get(), ownership)) return system_failure(path, "set its owner and mode", error);
  if (::fsync(there.get()) != 0 && errno != EINVAL) return system_failure(path, "sync it", errno);
  return {};
}

}  // namespace wright::agent
