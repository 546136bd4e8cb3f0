#include "run/keys.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <utility>

#include "base/sha256.hpp"

namespace wright {
namespace {

constexpr std::size_t largest_key = 4096;

class Descriptor {
 public:
  explicit Descriptor(int fd) : fd_(fd) {}
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  ~Descriptor() {
    if (fd_ >= 0) ::close(fd_);
  }
  [[nodiscard]] int get() const { return fd_; }
  [[nodiscard]] bool open() const { return fd_ >= 0; }

 private:
  int fd_;
};

tl::unexpected<Diagnostics> system_failure(const std::string& path, const std::string& what) {
  return failure(path, what, std::strerror(errno));
}

Result<> make_folder(int parent, const char* name, const std::string& path) {
  if (::mkdirat(parent, name, 0700) != 0 && errno != EEXIST) return system_failure(path, "cannot make the folder");
  return {};
}

int open_folder(int parent, const char* name) {
  return ::openat(parent, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
}

/// The whole of a private file. ENOENT is left in errno for the caller, with an empty diagnostic list.
Result<std::string> read_private(int folder, const char* name, const std::string& path) {
  const Descriptor file(::openat(folder, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC));
  if (!file.open()) {
    if (errno == ENOENT) return failure(Diagnostics());
    return system_failure(path, "cannot be opened");
  }
  struct stat status {};
  if (::fstat(file.get(), &status) != 0) return system_failure(path, "cannot be looked at");
  if (!S_ISREG(status.st_mode)) return failure(path, "is no regular file");
  if (status.st_uid != ::geteuid()) return failure(path, "belongs to somebody else");
  if ((status.st_mode & 077) != 0) return failure(path, "can be read by others", {}, "chmod 600 " + path);
  if (static_cast<std::size_t>(status.st_size) > largest_key) return failure(path, "is too large to be a key");
  std::string text(static_cast<std::size_t>(status.st_size), '\0');
  std::size_t got = 0;
  while (got < text.size()) {
    const ssize_t n = ::read(file.get(), text.data() + got, text.size() - got);
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) return system_failure(path, "cannot be read");
    if (n == 0) break;
    got += static_cast<std::size_t>(n);
  }
  text.resize(got);
  if (!text.empty() && text.back() == '\n') text.pop_back();
  return text;
}

/// Writes beside the name and links it there, so that a half-written key is never seen and the first of two runs wins.
Result<> write_new(int folder, const std::string& name, const std::string& text, const std::string& path) {
  const std::string staged = name + "." + random_hex(8);
  const Descriptor file(::openat(folder, staged.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600));
  if (!file.open()) return system_failure(path, "cannot be made");
  const std::string line = text + "\n";
  const bool written =
      ::write(file.get(), line.data(), line.size()) == static_cast<ssize_t>(line.size()) && ::fsync(file.get()) == 0;
  const int write_error = errno;
  const bool linked = written && (::linkat(folder, staged.c_str(), folder, name.c_str(), 0) == 0 || errno == EEXIST);
  const int link_error = errno;
  ::unlinkat(folder, staged.c_str(), 0);
  errno = written ? link_error : write_error;
  if (!linked || ::fsync(folder) != 0) return system_failure(path, "cannot be written");
  return {};
}

bool is_key(const std::string& text) {
  return text.size() == 64 && text.find_first_not_of("0123456789abcdef") == std::string::npos;
}

}  // namespace

Result<Secret> site_key(const std::string& folder) {
  const std::string path = folder + "/.wright/site.key";
  const Descriptor parent(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!parent.open()) return system_failure(folder, "cannot be opened");
  if (auto made = make_folder(parent.get(), ".wright", folder + "/.wright"); !made) return failure(made.error());
  const Descriptor own(open_folder(parent.get(), ".wright"));
  if (!own.open()) return system_failure(folder + "/.wright", "cannot be opened as a folder");
  for (int attempt = 0; attempt < 2; ++attempt) {
    auto text = read_private(own.get(), "site.key", path);
    if (text) {
      if (!is_key(*text))
        return failure(path, "is no key of 64 hex digits", {},
                       "restore it, or remove it: plans saved before will be refused");
      return Secret(std::move(*text));
    }
    if (!text.error().empty()) return failure(text.error());
    if (auto written = write_new(own.get(), "site.key", random_hex(32), path); !written)
      return failure(written.error());
  }
  return failure(path, "vanished after it was written");
}

}  // namespace wright
