#pragma once

#include <sys/types.h>

#include <optional>
#include <string>
#include <string_view>

#include "agent/files/extended.hpp"
#include "base/result.hpp"

namespace wright::agent {

struct FileState {
  enum class Type { absent, regular, directory, symlink, other } type = Type::absent;
  mode_t mode = 0;  ///< permission bits, 07777
  uid_t uid = 0;
  gid_t gid = 0;
  off_t size = 0;
  std::int64_t mtime_ns = 0;
  std::string target;  ///< of a symlink
};

/// lstat through openat2 without following a symlink in any component of the path.
/// A symlink in the folders above that root owns and only root can change (such as /bin) is followed.
Result<FileState> look_at(const std::string& path);
/// The content of a regular file; an error when it is larger than `limit`.
Result<std::string> read_file(const std::string& path, std::size_t limit = 64U << 20U);

struct Ownership {
  mode_t mode = 0;
  uid_t uid = 0;
  gid_t gid = 0;
};

/// A new file is written beside the old one (O_TMPFILE, else O_EXCL), fchmod, fchown, fsync; rename; fsync of the
/// folder. Nothing on the way follows a symlink; at any moment a reader sees the old or the new file. Extended
/// attributes of the file that is replaced stay, but for its capabilities, which were given to other content.
/// `mtime_ns` is set when given.
Result<> replace_file(const std::string& path, std::string_view content, const Ownership& ownership,
                      std::optional<std::int64_t> mtime_ns = std::nullopt);

/// What a file or directory once was besides its content.
struct Former {
  Ownership ownership;
  Extended extended;
  std::int64_t mtime_ns = 0;  ///< of a file only
};
/// As replace_file(), with everything as it was.
Result<> restore_file(const std::string& path, std::string_view content, const Former& former);
Result<> restore_directory(const std::string& path, const Former& former);
Result<> replace_symlink(const std::string& path, const std::string& target);
Result<> make_directory(const std::string& path, const Ownership& ownership);
Result<> set_ownership(const std::string& path, const Ownership& ownership);
/// Removes a file, symlink or empty directory; fine when nothing is there. fsync of the folder.
Result<> remove_path(const std::string& path);
/// Removes a tree without following links or crossing into other file systems.
Result<> remove_tree(const std::string& path);

}  // namespace wright::agent
