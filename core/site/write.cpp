#include "site/write.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <thread>

#include "base/sha256.hpp"
#include "site/file.hpp"

namespace wright {
namespace {

namespace fs = std::filesystem;
constexpr std::size_t largest = 8U << 20U;
constexpr auto longest_wait = std::chrono::seconds(10);

tl::unexpected<Diagnostics> broke(const std::string& path, std::string what) {
  return failure(path, std::move(what), std::strerror(errno));
}

struct Opened {
  explicit Opened(int opened) : fd(opened) {}
  Opened(const Opened&) = delete;
  Opened& operator=(const Opened&) = delete;
  ~Opened() {
    if (fd >= 0) ::close(fd);
  }
  int fd;
};

struct Place {
  explicit Place(const std::string& path)
      : folder_path(fs::path(path).has_parent_path() ? fs::path(path).parent_path().string() : "."),
        name(fs::path(path).filename().string()),
        folder(::open(folder_path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC)) {}
  std::string folder_path;
  std::string name;
  Opened folder;
};

/// The bytes in a file beside `name`, on the disk; removed when the object goes.
class Staged {
 public:
  Staged(int folder, const std::string& name) : folder_(folder), name_("." + name + "." + random_hex(8)) {}
  Staged(const Staged&) = delete;
  Staged& operator=(const Staged&) = delete;
  ~Staged() {
    if (made_) ::unlinkat(folder_, name_.c_str(), 0);
  }

  bool write(const std::string& bytes) {
    const Opened file(::openat(folder_, name_.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600));
    if (file.fd < 0) return false;
    made_ = true;
    for (std::size_t done = 0; done < bytes.size();) {
      const ssize_t n = ::write(file.fd, bytes.data() + done, bytes.size() - done);
      if (n < 0 && errno == EINTR) continue;
      if (n <= 0) return false;
      done += static_cast<std::size_t>(n);
    }
    return ::fchmod(file.fd, 0600) == 0 && ::fsync(file.fd) == 0;
  }
  bool become_new(const std::string& name) { return ::linkat(folder_, name_.c_str(), folder_, name.c_str(), 0) == 0; }
  bool replace(const std::string& name) {
    if (::renameat(folder_, name_.c_str(), folder_, name.c_str()) != 0) return false;
    made_ = false;
    return true;
  }

 private:
  int folder_;
  std::string name_;
  bool made_ = false;
};

/// The folder's lock: no file is left behind for it.
Result<> hold(const Place& place) {
  const auto deadline = std::chrono::steady_clock::now() + longest_wait;
  while (::flock(place.folder.fd, LOCK_EX | LOCK_NB) != 0) {
    // A network file system may lock no folders; comparing what is there still finds all but the closest of races.
    if (errno == EBADF || errno == ENOLCK || errno == EOPNOTSUPP || errno == EINVAL) return {};
    if (errno != EWOULDBLOCK && errno != EINTR) return broke(place.folder_path, "cannot be locked");
    if (std::chrono::steady_clock::now() > deadline)
      return failure(place.folder_path, "another program holds the folder's lock for more than 10 s");
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
  }
  return {};
}

}  // namespace

Result<> make_private_folders(const std::string& path) {
  if (path.empty() || path == "/") return {};
  struct stat status {};
  if (::stat(path.c_str(), &status) == 0) {
    if (S_ISDIR(status.st_mode)) return {};
    return failure(path, "is not a folder");
  }
  if (auto made = make_private_folders(fs::path(path).parent_path().string()); !made) return made;
  if (::mkdir(path.c_str(), 0700) != 0 && errno != EEXIST) return broke(path, "the folder cannot be made");
  return {};
}

Result<> write_new_file(const std::string& path, const std::string& bytes) {
  const Place place(path);
  if (place.folder.fd < 0) return broke(place.folder_path, "cannot be opened");
  Staged staged(place.folder.fd, place.name);
  if (!staged.write(bytes)) return broke(path, "cannot be written");
  if (!staged.become_new(place.name)) {
    if (errno == EEXIST) return failure(path, "is there already and stays as it is");
    return broke(path, "cannot be made");
  }
  if (::fsync(place.folder.fd) != 0) return broke(place.folder_path, "cannot be synced");
  return {};
}

Result<> replace_file(const std::string& path, const std::string& before, const std::string& bytes) {
  const Place place(path);
  if (place.folder.fd < 0) return broke(place.folder_path, "cannot be opened");
  Staged staged(place.folder.fd, place.name);
  if (!staged.write(bytes)) return broke(path, "cannot be written");
  if (auto held = hold(place); !held) return held;
  const auto now = read_file(path, largest, Links::refuse);
  if (!now) return failure(now.error());
  if (now->bytes != before)
    return failure(path, "was changed by somebody else meanwhile; it stays as they made it", {},
                   "do it again, on what is there now");
  if (!staged.replace(place.name)) return broke(path, "cannot be replaced");
  if (::fsync(place.folder.fd) != 0) return broke(place.folder_path, "cannot be synced");
  return {};
}

}  // namespace wright
