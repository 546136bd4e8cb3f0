#pragma once

#include <string>

#include "agent/context.hpp"
#include "base/result.hpp"

namespace wright::agent {

/// The folder and those above it that are missing, 0700 and of the agent's own user, each synced.
Result<> make_private_folders(const std::string& path);
/// A path under STATE/`kind`/TRANSACTION for what is at `path`, still free, with the folders above it made.
Result<std::string> free_place(const Context& context, const std::string& kind, const std::string& path);
/// Copies a file, symlink or tree to `to`, which must not exist: types, modes, owners, times, extended attributes.
/// Does not cross into other file systems. Synced.
Result<> copy_tree(const std::string& from, const std::string& to);
/// Renames, or copies and removes when `to` is on another file system. `to` must not exist.
Result<> move_tree(const std::string& from, const std::string& to);
/// Moves what is at `path` to `place` below STATE, unless something is there already: doing it twice is doing it once.
/// True when it was moved now.
Result<bool> move_aside(const std::string& path, const std::string& place);
/// Moves it back, when it is there: it is whole then. What is at `path` by now goes to quarantine, but for an empty
/// folder.
Result<> move_back(const std::string& path, const std::string& place, Context& context);
/// Removes what a move_tree() that was killed when all was copied left beside `from`.
Result<> finish_move(const std::string& from);

/// Removes what an agent that was killed while it wrote `path` left beside it.
Result<> remove_staging(const std::string& path);

}  // namespace wright::agent
