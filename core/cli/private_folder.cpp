#include "cli/private_folder.hpp"

#include <fcntl.h>
#include <linux/magic.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <ctime>
#include <filesystem>
#include <vector>

namespace wright {
namespace {

namespace fs = std::filesystem;
constexpr std::string_view prefix = "wright-edit.";
constexpr std::time_t settled_s = 60;

std::vector<std::string> folders_in_memory() {
  std::vector<std::string> out;
  for (const std::string& path : {std::string("/dev/shm"), "/run/user/" + std::to_string(::geteuid())}) {
    struct statfs system {};
    if (::statfs(path.c_str(), &system) != 0) continue;
    if (system.f_type == TMPFS_MAGIC || system.f_type == static_cast<decltype(system.f_type)>(RAMFS_MAGIC))
      out.push_back(path);
  }
  return out;
}

int open_folder(const std::string& path) {
  return ::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
}

void remove_tree(const std::string& path) {
  // An editor that still runs may write between the look and the removal.
  for (int attempt = 0; attempt < 5; ++attempt) {
    std::error_code error;
    fs::remove_all(path, error);
    if (!error) return;
  }
}

void sweep(const std::string& path) {
  const int folder = open_folder(path);
  if (folder < 0) return;
  struct stat status {};
  // One that was made just now may not have its lock yet.
  const bool old =
      ::fstat(folder, &status) == 0 && status.st_uid == ::geteuid() && status.st_mtime + settled_s < std::time(nullptr);
  if (old && ::flock(folder, LOCK_EX | LOCK_NB) == 0) remove_tree(path);
  ::close(folder);
}

}  // namespace

Result<std::unique_ptr<PrivateFolder>> PrivateFolder::make() {
  for (const auto& memory : folders_in_memory()) {
    std::string path = memory + "/" + std::string(prefix) + "XXXXXX";
    if (::mkdtemp(path.data()) == nullptr) continue;
    const int lock = open_folder(path);
    if (lock >= 0) ::flock(lock, LOCK_EX | LOCK_NB);
    return std::unique_ptr<PrivateFolder>(new PrivateFolder(std::move(path), lock));
  }
  return failure("/dev/shm", "is no folder in memory (tmpfs) that can be written to, and no clear text goes to a disk",
                 std::strerror(errno), "change one secret at a time: wright secrets set NAME");
}

PrivateFolder::~PrivateFolder() {
  remove();
  if (lock_ >= 0) ::close(lock_);
}

void PrivateFolder::remove() const { remove_tree(path_); }

void sweep_private_folders() {
  for (const auto& memory : folders_in_memory()) {
    std::error_code error;
    for (fs::directory_iterator at(memory, error), end; !error && at != end; at.increment(error))
      if (at->path().filename().string().starts_with(prefix)) sweep(at->path().string());
  }
}

}  // namespace wright
