#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>

#include "agent/files/files.hpp"
#include "agent/files/place.hpp"

namespace wright::agent {
namespace {

FileState::Type type_of(mode_t mode) {
  if (S_ISREG(mode)) return FileState::Type::regular;
  if (S_ISDIR(mode)) return FileState::Type::directory;
  if (S_ISLNK(mode)) return FileState::Type::symlink;
  return FileState::Type::other;
}

}  // namespace

Result<FileState> look_at(const std::string& path) {
  auto place = find_place(path);
  if (!place) {
    if (place.error() == ENOENT || place.error() == ENOTDIR) return FileState{};
    return system_failure(path, "look at it", place.error());
  }
  struct stat seen {};
  if (::fstatat(place->folder.get(), place->name.c_str(), &seen, AT_SYMLINK_NOFOLLOW) != 0) {
    if (errno == ENOENT) return FileState{};
    return system_failure(path, "look at it", errno);
  }
  FileState state;
  state.type = type_of(seen.st_mode);
  state.mode = seen.st_mode & 07777;
  state.uid = seen.st_uid;
  state.gid = seen.st_gid;
  state.size = seen.st_size;
  state.mtime_ns = static_cast<std::int64_t>(seen.st_mtim.tv_sec) * 1'000'000'000 + seen.st_mtim.tv_nsec;
  if (state.type == FileState::Type::symlink) {
    state.target.resize(4096);
    const ssize_t length =
        ::readlinkat(place->folder.get(), place->name.c_str(), state.target.data(), state.target.size());
    if (length < 0) return system_failure(path, "read the link", errno);
    state.target.resize(static_cast<std::size_t>(length));
  }
  return state;
}

Result<std::string> read_file(const std::string& path, std::size_t limit) {
  auto place = find_place(path);
  if (!place) return system_failure(path, "read it", place.error());
  // O_NONBLOCK: a FIFO put in the file's place must not hang the agent.
  const Descriptor file(
      ::openat(place->folder.get(), place->name.c_str(), O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC));
  if (!file.valid()) return system_failure(path, "read it", errno);
  struct stat seen {};
  if (::fstat(file.get(), &seen) != 0) return system_failure(path, "read it", errno);
  if (!S_ISREG(seen.st_mode)) return failure(path, "cannot read it", "not a regular file");
  std::string content;
  content.resize(std::min(limit, static_cast<std::size_t>(seen.st_size)) + 1);
  std::size_t filled = 0;
  while (true) {
    if (filled == content.size()) content.resize(content.size() * 2);
    const ssize_t got = ::read(file.get(), content.data() + filled, content.size() - filled);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return system_failure(path, "read it", errno);
    if (got == 0) break;
    filled += static_cast<std::size_t>(got);
    if (filled > limit) return failure(path, "is larger than " + std::to_string(limit) + " bytes");
  }
  content.resize(filled);
  return content;
}

}  // namespace wright::agent
