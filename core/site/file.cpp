#include "site/file.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>
#include <cerrno>
#include <cstring>

namespace wright {
namespace {

struct Descriptor {
  explicit Descriptor(int opened) : number(opened) {}
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  ~Descriptor() {
    if (number >= 0) ::close(number);
  }
  int number;
};

tl::unexpected<Diagnostics> refused(const std::string& path, std::string what) {
  return failure({Severity::error, Fault::bad_site, path, std::move(what), {}, {}});
}

std::string because(int error) { return std::string(": ") + std::strerror(error); }

}  // namespace

Result<FileContent> read_file(const std::string& path, std::size_t limit, Links links) {
  // Not blocking: a FIFO in the place of the file must not stop the program.
  const int flags = O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY | (links == Links::refuse ? O_NOFOLLOW : 0);
  const Descriptor file(::open(path.c_str(), flags));
  if (file.number < 0) {
    if (errno == ELOOP && links == Links::refuse) return refused(path, "is a symbolic link");
    return refused(path, "cannot be opened" + because(errno));
  }
  struct stat status {};
  if (::fstat(file.number, &status) != 0) return refused(path, "cannot be looked at" + because(errno));
  if (!S_ISREG(status.st_mode)) return refused(path, S_ISDIR(status.st_mode) ? "is a folder" : "is not a regular file");
  const std::string too_large = "is larger than " + std::to_string(limit >> 20U) + " MiB";
  if (status.st_size > static_cast<off_t>(limit)) return refused(path, too_large);
  FileContent content;
  content.owner = status.st_uid;
  content.mode = status.st_mode & 07777U;
  content.bytes.reserve(static_cast<std::size_t>(status.st_size));
  char buffer[65536];
  while (true) {
    const ssize_t got = ::read(file.number, buffer, sizeof(buffer));
    if (got == 0) return content;
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return refused(path, "cannot be read" + because(errno));
    content.bytes.append(buffer, static_cast<std::size_t>(got));
    if (content.bytes.size() > limit) return refused(path, too_large);  // it grew
  }
}

}  // namespace wright
