#include "agent/journal/reserve.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

namespace wright::agent {
namespace {

constexpr off_t reserved_bytes = 8 << 20;

std::string path_in(const std::string& state_folder) { return state_folder + "/reserve"; }

}  // namespace

Result<> reserve_space(const std::string& state_folder) {
  const std::string path = path_in(state_folder);
  const int fd = ::open(path.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
  if (fd < 0) return failure(path, "cannot be made", std::strerror(errno));
  const int error = ::posix_fallocate(fd, 0, reserved_bytes);
  ::close(fd);
  // A file system that cannot set space aside is no reason to refuse: then only a full disk is not provided for.
  if (error == 0 || error == EOPNOTSUPP || error == EINVAL) return {};
  ::unlink(path.c_str());
  return failure(path, "there is no space for what a rollback would need; nothing was changed", std::strerror(error),
                 "free at least 16 MiB in " + state_folder);
}

void release_space(const std::string& state_folder) { ::unlink(path_in(state_folder).c_str()); }

}  // namespace wright::agent
