#include "agent/files/place.hpp"

#include <fcntl.h>
#include <linux/openat2.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <vector>

#include "base/sha256.hpp"

namespace wright::agent {
namespace {

constexpr int followed_links_limit = 40;

std::vector<std::string> split(std::string_view path) {
  std::vector<std::string> parts;
  while (!path.empty()) {
    const auto slash = path.find('/');
    const std::string_view part = path.substr(0, slash);
    if (!part.empty() && part != ".") parts.emplace_back(part);
    path = slash == std::string_view::npos ? std::string_view() : path.substr(slash + 1);
  }
  return parts;
}

int open_strictly(const std::string& folder) {
  open_how how{};
  how.flags = O_RDONLY | O_DIRECTORY | O_CLOEXEC;
  how.resolve = RESOLVE_NO_SYMLINKS | RESOLVE_NO_MAGICLINKS;
  return static_cast<int>(::syscall(SYS_openat2, AT_FDCWD, folder.c_str(), &how, sizeof how));
}

bool only_root_changes(const struct stat& folder) {
  return folder.st_uid == 0 && (folder.st_mode & (S_IWGRP | S_IWOTH)) == 0;
}

/// The target of the link `name` in `folder` when it may be trusted, else an errno.
tl::expected<std::string, int> trusted_target(int folder, const std::string& name) {
  struct stat there {};
  struct stat link {};
  if (::fstat(folder, &there) != 0) return tl::unexpected(errno);
  if (::fstatat(folder, name.c_str(), &link, AT_SYMLINK_NOFOLLOW) != 0) return tl::unexpected(errno);
  if (!S_ISLNK(link.st_mode)) return tl::unexpected(ENOTDIR);
  if (link.st_uid != 0 || !only_root_changes(there)) return tl::unexpected(ELOOP);
  std::string target(4096, '\0');
  const ssize_t length = ::readlinkat(folder, name.c_str(), target.data(), target.size());
  if (length < 0) return tl::unexpected(errno);
  target.resize(static_cast<std::size_t>(length));
  return target;
}

/// Component by component, for paths with a link in them and kernels without openat2.
tl::expected<Descriptor, int> walk(std::vector<std::string> parts) {
  int links = 0;
  std::vector<Descriptor> open;
  open.emplace_back(::open("/", O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!open.back().valid()) return tl::unexpected(errno);
  for (std::size_t i = 0; i < parts.size(); ++i) {
    if (parts[i] == "..") {
      if (open.size() > 1) open.pop_back();
      continue;
    }
    const int folder = open.back().get();
    Descriptor next(::openat(folder, parts[i].c_str(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
    if (next.valid()) {
      open.push_back(std::move(next));
      continue;
    }
    if (errno != ELOOP && errno != ENOTDIR) return tl::unexpected(errno);
    auto target = trusted_target(folder, parts[i]);
    if (!target) return tl::unexpected(target.error());
    if (++links > followed_links_limit) return tl::unexpected(ELOOP);
    std::vector<std::string> rest = split(*target);
    rest.insert(rest.end(), parts.begin() + static_cast<std::ptrdiff_t>(i) + 1, parts.end());
    if (target->starts_with('/')) open.resize(1);
    parts = std::move(rest);
    i = static_cast<std::size_t>(-1);
  }
  return std::move(open.back());
}

}  // namespace

Descriptor::~Descriptor() {
  if (fd_ >= 0) ::close(fd_);
}

tl::expected<Place, int> find_place(const std::string& path) {
  if (path.empty() || path[0] != '/' || path.find('\0') != std::string::npos) return tl::unexpected(EINVAL);
  std::vector<std::string> parts = split(path);
  for (const auto& part : parts)
    if (part == "..") return tl::unexpected(EINVAL);
  Place place;
  place.name = ".";
  if (!parts.empty()) {
    place.name = std::move(parts.back());
    parts.pop_back();
  }
  std::string folder = "/";
  for (const auto& part : parts) folder += part + "/";
  place.folder = Descriptor(open_strictly(folder));
  if (place.folder.valid()) return place;
  if (errno == ENOENT) return tl::unexpected(ENOENT);
  auto walked = walk(std::move(parts));
  if (!walked) return tl::unexpected(walked.error());
  place.folder = std::move(*walked);
  return place;
}

tl::unexpected<Diagnostics> system_failure(const std::string& path, std::string_view what, int error) {
  std::string why = std::strerror(error);  // NOLINT(concurrency-mt-unsafe): glibc's is safe for known numbers
  if (error == ELOOP) why = "a symbolic link that others than root can change is on the way";
  return failure(path, "cannot " + std::string(what), std::move(why));
}

std::string staging_name(std::string_view name) { return ".wright-" + sha256_hex(name).substr(0, 24); }

}  // namespace wright::agent
