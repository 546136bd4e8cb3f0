#pragma once

#include <string>

#include "base/result.hpp"

namespace wright::agent {

/// The folder and those above it that are missing, 0700 and of the agent's own user, each synced.
Result<> make_private_folders(const std::string& path);
/// Copies a file, symlink or tree to `to`, which must not exist: types, modes, owners, times, extended attributes.
/// Does not cross into other file systems. Synced.
Result<> copy_tree(const std::string& from, const std::string& to);
/// Renames, or copies and removes when `to` is on another file system. `to` must not exist.
Result<> move_tree(const std::string& from, const std::string& to);

}  // namespace wright::agent
