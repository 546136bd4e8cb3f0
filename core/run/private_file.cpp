#include "run/private_file.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>

#include "base/sha256.hpp"

namespace wright {
namespace {

bool write_all(int fd, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t n = ::write(fd, bytes.data(), bytes.size());
    if (n < 0 && errno == EINTR) continue;
    if (n <= 0) return false;
    bytes.remove_prefix(static_cast<std::size_t>(n));
  }
  return true;
}

}  // namespace

Result<> write_private_file(const std::string& path, std::string_view bytes) {
  const std::string staged = path + "." + random_hex(8);
  const int fd = ::open(staged.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
  if (fd < 0) return failure(path, "cannot be written", std::strerror(errno));
  const bool written = write_all(fd, bytes) && ::fsync(fd) == 0;
  const int error = errno;
  ::close(fd);
  if (written && ::rename(staged.c_str(), path.c_str()) == 0) return {};
  const std::string why = std::strerror(written ? errno : error);
  ::unlink(staged.c_str());
  return failure(path, "cannot be written", why);
}

}  // namespace wright
