#include "agent/packages/tree.hpp"

#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <memory>
#include <set>

namespace wright::agent::packages {
namespace {

char type_of(mode_t mode) {
  switch (mode & S_IFMT) {
    case S_IFREG:
      return 'f';
    case S_IFDIR:
      return 'd';
    case S_IFLNK:
      return 'l';
    case S_IFIFO:
      return 'p';
    case S_IFSOCK:
      return 's';
    case S_IFCHR:
      return 'c';
    case S_IFBLK:
      return 'b';
    default:
      return '?';
  }
}

Entry entry_of(const struct stat& seen) {
  Entry e;
  e.type = type_of(seen.st_mode);
  e.mode = seen.st_mode & 07777U;
  e.uid = seen.st_uid;
  e.gid = seen.st_gid;
  e.size = e.type == 'f' ? seen.st_size : 0;
  e.mtime_ns = std::int64_t{seen.st_mtim.tv_sec} * 1000000000 + seen.st_mtim.tv_nsec;
  return e;
}

class Walking {
 public:
  explicit Walking(const WalkLimits& limits)
      : limits_(limits),
        left_out_(limits.left_out.begin(), limits.left_out.end()),
        crossed_into_(limits.crossed_into.begin(), limits.crossed_into.end()) {}

  Result<Tree> all() {
    const int fd =
        ::open(limits_.root.empty() ? "/" : limits_.root.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW);
    struct stat seen {};
    if (fd < 0 || ::fstat(fd, &seen) != 0) return unreadable("/", errno);
    std::string path;
    if (auto read = folder(fd, path, seen.st_dev); !read) return failure(read.error());
    std::sort(tree_.begin(), tree_.end(), [](const Path& a, const Path& b) { return a.path < b.path; });
    return std::move(tree_);
  }

 private:
  static tl::unexpected<Diagnostics> unreadable(const std::string& path, int error) {
    return failure(path, "cannot be read, so what a package changes there could not be undone", std::strerror(error));
  }

  /// Takes the descriptor.
  Result<> folder(int fd, std::string& path, dev_t device) {
    const std::unique_ptr<DIR, int (*)(DIR*)> open(::fdopendir(fd), &::closedir);
    if (open == nullptr) return unreadable(path, errno);
    const std::size_t length = path.size();
    errno = 0;
    while (const dirent* found = ::readdir(open.get())) {
      const std::string_view name = found->d_name;
      if (name == "." || name == "..") continue;
      path.resize(length);
      path.append("/").append(name);
      if (left_out_.contains(path)) continue;
      if (auto read = one(fd, found->d_name, path, device); !read) return read;
      errno = 0;
    }
    path.resize(length);
    if (errno != 0) return unreadable(path, errno);
    return {};
  }

  Result<> one(int parent, const char* name, std::string& path, dev_t device) {
    struct stat seen {};
    if (::fstatat(parent, name, &seen, AT_SYMLINK_NOFOLLOW) != 0) {
      if (errno == ENOENT) return {};
      return unreadable(path, errno);
    }
    tree_.push_back({path, entry_of(seen)});
    if (!S_ISDIR(seen.st_mode)) return {};
    if (seen.st_dev != device && !crossed_into_.contains(path)) return {};
    const int fd = ::openat(parent, name, O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW);
    if (fd < 0) {
      if (errno == ENOENT || errno == ENOTDIR || errno == ELOOP) return {};
      return unreadable(path, errno);
    }
    return folder(fd, path, seen.st_dev);
  }

  const WalkLimits& limits_;
  std::set<std::string, std::less<>> left_out_;
  std::set<std::string, std::less<>> crossed_into_;
  Tree tree_;
};

}  // namespace

WalkLimits system_limits(const std::string& state_folder) {
  return {{},
          {"/proc",
           "/sys",
           "/dev",
           "/run",
           "/tmp",
           "/home",
           "/mnt",
           "/media",
           "/lost+found",
           "/var/tmp",
           "/var/run",
           "/var/lock",
           "/var/log/journal",
           "/var/log/wtmp",
           "/var/log/btmp",
           "/var/log/lastlog",
           "/var/lib/docker",
           "/var/lib/containerd",
           "/var/lib/containers",
           "/var/lib/lxc",
           "/var/lib/machines",
           "/var/lib/libvirt/images",
           "/var/lib/systemd/random-seed",
           "/var/lib/apt/lists",
           "/var/cache/apt",
           "/usr/sbin/policy-rc.d",
           state_folder},
          {"/boot", "/boot/efi", "/etc", "/opt", "/srv", "/usr", "/usr/local", "/var", "/var/cache", "/var/lib",
           "/var/log", "/var/spool"}};
}

Result<Tree> walk(const WalkLimits& limits) { return Walking(limits).all(); }

const Entry* find(const Tree& tree, std::string_view path) {
  const auto at = std::lower_bound(tree.begin(), tree.end(), path,
                                   [](const Path& p, std::string_view wanted) { return p.path < wanted; });
  return at == tree.end() || at->path != path ? nullptr : &at->entry;
}

bool same(const Entry& a, const Entry& b) {
  if (a.type == 'd' && b.type == 'd') return a.mode == b.mode && a.uid == b.uid && a.gid == b.gid;
  return a == b;
}

std::vector<Alteration> alterations(const Tree& before, const Tree& after) {
  std::vector<Alteration> out;
  auto a = before.begin();
  auto b = after.begin();
  while (a != before.end() || b != after.end()) {
    if (b == after.end() || (a != before.end() && a->path < b->path)) {
      out.push_back({a->path, a->entry, std::nullopt});
      ++a;
    } else if (a == before.end() || b->path < a->path) {
      out.push_back({b->path, std::nullopt, b->entry});
      ++b;
    } else {
      if (!same(a->entry, b->entry)) out.push_back({a->path, a->entry, b->entry});
      ++a;
      ++b;
    }
  }
  return out;
}

bool is_within(std::string_view path, std::string_view folder) {
  return path.starts_with(folder) && (path.size() == folder.size() || path[folder.size()] == '/');
}

}  // namespace wright::agent::packages
