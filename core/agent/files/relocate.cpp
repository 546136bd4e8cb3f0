#include "agent/files/relocate.hpp"

#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <memory>
#include <vector>

#include "agent/files/extended.hpp"
#include "agent/files/files.hpp"
#include "agent/files/place.hpp"

namespace wright::agent {
namespace {

int copy_content(int from, int to) {
  std::vector<char> buffer(1U << 20U);
  while (true) {
    const ssize_t got = ::read(from, buffer.data(), buffer.size());
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) return got < 0 ? errno : 0;
    for (ssize_t done = 0; done < got;) {
      const ssize_t written = ::write(to, buffer.data() + done, static_cast<std::size_t>(got - done));
      if (written < 0 && errno == EINTR) continue;
      if (written < 0) return errno;
      done += written;
    }
  }
}

int finish(int from, int to, const struct stat& seen) {
  if (::fchown(to, seen.st_uid, seen.st_gid) != 0) return errno;
  if (const int error = set_extended(to, extended_of(from))) return error;
  if (::fchmod(to, seen.st_mode & 07777) != 0) return errno;
  const timespec times[2] = {seen.st_atim, seen.st_mtim};
  if (::futimens(to, times) != 0) return errno;
  return ::fsync(to) != 0 ? errno : 0;
}

int copy_entry(int from_folder, const std::string& from_name, int to_folder, const std::string& to_name, dev_t device);

int copy_folder(int from_folder, const std::string& from_name, int to_folder, const std::string& to_name,
                const struct stat& seen) {
  const Descriptor from(::openat(from_folder, from_name.c_str(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
  if (!from.valid()) return errno;
  if (::mkdirat(to_folder, to_name.c_str(), 0700) != 0) return errno;
  const Descriptor to(::openat(to_folder, to_name.c_str(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
  if (!to.valid()) return errno;
  const std::unique_ptr<DIR, int (*)(DIR*)> stream(::fdopendir(::openat(from.get(), ".", O_RDONLY | O_CLOEXEC)),
                                                   ::closedir);
  if (stream == nullptr) return errno;
  while (const dirent* entry = ::readdir(stream.get())) {
    const std::string name = entry->d_name;
    if (name == "." || name == "..") continue;
    if (const int error = copy_entry(from.get(), name, to.get(), name, seen.st_dev)) return error;
  }
  return finish(from.get(), to.get(), seen);
}

int copy_link(int from_folder, const std::string& from_name, int to_folder, const std::string& to_name,
              const struct stat& seen) {
  std::string target(4097, '\0');
  const ssize_t length = ::readlinkat(from_folder, from_name.c_str(), target.data(), target.size() - 1);
  if (length < 0) return errno;
  target.resize(static_cast<std::size_t>(length));
  if (::symlinkat(target.c_str(), to_folder, to_name.c_str()) != 0) return errno;
  return ::fchownat(to_folder, to_name.c_str(), seen.st_uid, seen.st_gid, AT_SYMLINK_NOFOLLOW) != 0 ? errno : 0;
}

int copy_entry(int from_folder, const std::string& from_name, int to_folder, const std::string& to_name, dev_t device) {
  struct stat seen {};
  if (::fstatat(from_folder, from_name.c_str(), &seen, AT_SYMLINK_NOFOLLOW) != 0) return errno;
  if (seen.st_dev != device) return EXDEV;
  if (S_ISDIR(seen.st_mode)) return copy_folder(from_folder, from_name, to_folder, to_name, seen);
  if (S_ISLNK(seen.st_mode)) return copy_link(from_folder, from_name, to_folder, to_name, seen);
  if (S_ISSOCK(seen.st_mode)) return 0;  // of a process that is gone; it cannot be moved
  if (!S_ISREG(seen.st_mode)) return ::mknodat(to_folder, to_name.c_str(), seen.st_mode, seen.st_rdev) ? errno : 0;
  const Descriptor from(::openat(from_folder, from_name.c_str(), O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC));
  if (!from.valid()) return errno;
  const Descriptor to(::openat(to_folder, to_name.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600));
  if (!to.valid()) return errno;
  if (const int error = copy_content(from.get(), to.get())) return error;
  return finish(from.get(), to.get(), seen);
}

}  // namespace

Result<> make_private_folders(const std::string& path) {
  const auto seen = look_at(path);
  if (!seen) return tl::unexpected(seen.error());
  if (seen->type == FileState::Type::directory) return {};
  const auto slash = path.rfind('/');
  if (slash != 0 && slash != std::string::npos)
    if (auto above = make_private_folders(path.substr(0, slash)); !above) return above;
  return make_directory(path, {0700, ::geteuid(), ::getegid()});
}

Result<std::string> free_place(const Context& context, const std::string& kind, const std::string& path) {
  const std::string transaction = context.transaction.empty() ? "none" : context.transaction;
  const std::string wanted = context.state_folder + "/" + kind + "/" + transaction + path;
  if (auto made = make_private_folders(wanted.substr(0, wanted.rfind('/'))); !made) return failure(made.error());
  for (int n = 0;; ++n) {
    std::string candidate = n == 0 ? wanted : wanted + "." + std::to_string(n);
    const auto seen = look_at(candidate);
    if (!seen) return failure(seen.error());
    if (seen->type == FileState::Type::absent) return candidate;
  }
}

Result<> copy_tree(const std::string& from, const std::string& to) {
  auto source = find_place(from);
  if (!source) return system_failure(from, "copy it", source.error());
  auto target = find_place(to);
  if (!target) return system_failure(to, "copy to it", target.error());
  struct stat seen {};
  if (::fstatat(source->folder.get(), source->name.c_str(), &seen, AT_SYMLINK_NOFOLLOW) != 0)
    return system_failure(from, "copy it", errno);
  if (const int error =
          copy_entry(source->folder.get(), source->name, target->folder.get(), target->name, seen.st_dev)) {
    if (error != EEXIST) (void)remove_tree(to);
    return system_failure(from, "copy it to " + to, error);
  }
  if (::fsync(target->folder.get()) != 0) return system_failure(to, "sync its folder", errno);
  return {};
}

Result<bool> move_aside(const std::string& path, const std::string& place) {
  const auto here = look_at(path);
  const auto there = look_at(place);
  if (!here) return failure(here.error());
  if (!there) return failure(there.error());
  if (here->type == FileState::Type::absent || there->type != FileState::Type::absent) return false;
  if (auto made = make_private_folders(place.substr(0, place.rfind('/'))); !made) return failure(made.error());
  if (auto moved = move_tree(path, place); !moved) return failure(moved.error());
  return true;
}

Result<> move_back(const std::string& path, const std::string& place, Context& context) {
  const auto there = look_at(place);
  if (!there) return failure(there.error());
  if (there->type == FileState::Type::absent) return remove_tree(place + ".part");
  const auto here = look_at(path);
  if (!here) return failure(here.error());
  if (here->type != FileState::Type::directory || !remove_path(path))
    if (auto moved = context.quarantine(path); !moved) return moved;
  return move_tree(place, path);
}

Result<> finish_move(const std::string& from) {
  const auto slash = from.rfind('/');
  return remove_tree(from.substr(0, slash + 1) + staging_name(from.substr(slash + 1)));
}

Result<> move_tree(const std::string& from, const std::string& to) {
  auto source = find_place(from);
  if (!source) return system_failure(from, "move it", source.error());
  auto target = find_place(to);
  if (!target) return system_failure(to, "move to it", target.error());
  if (::renameat(source->folder.get(), source->name.c_str(), target->folder.get(), target->name.c_str()) == 0) {
    if (::fsync(target->folder.get()) != 0 || ::fsync(source->folder.get()) != 0)
      return system_failure(to, "sync its folder", errno);
    return {};
  }
  if (errno != EXDEV) return system_failure(from, "move it to " + to, errno);
  // Under another name until it is whole: whoever finds `to` after a kill may rely on it.
  const std::string part = to + ".part";
  if (auto removed = remove_tree(part); !removed) return removed;
  if (auto copied = copy_tree(from, part); !copied) return copied;
  if (::renameat(target->folder.get(), (target->name + ".part").c_str(), target->folder.get(), target->name.c_str()) !=
      0)
    return system_failure(to, "move to it", errno);
  if (::fsync(target->folder.get()) != 0) return system_failure(to, "sync its folder", errno);
  // Nor is what is left of the original while it is being removed to be taken for the whole.
  if (auto removed = finish_move(from); !removed) return removed;
  if (::renameat(source->folder.get(), source->name.c_str(), source->folder.get(),
                 staging_name(source->name).c_str()) != 0)
    return system_failure(from, "move it away", errno);
  return finish_move(from);
}

}  // namespace wright::agent
