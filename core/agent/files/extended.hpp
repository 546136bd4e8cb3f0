#pragma once

#include <map>
#include <optional>
#include <string>

#include "base/result.hpp"

namespace wright::agent {

/// The extended attributes of one file or directory, each name with its bytes: access lists, file capabilities, labels.
using Extended = std::map<std::string, std::string>;

/// Empty where the file system has none. What ends meanwhile or cannot be read is left out.
Extended extended_of(int fd);
/// Of a regular file or a directory, without following a symlink; nothing when none is there.
Result<std::optional<Extended>> extended_at(const std::string& path);

/// Takes away what `wanted` lacks, such as a list that a new file inherits from its folder, and sets the rest. Before
/// fchmod(), which otherwise would be undone by an access list. What the file system cannot hold is left out; else an
/// errno.
int set_extended(int fd, const Extended& wanted);

}  // namespace wright::agent
