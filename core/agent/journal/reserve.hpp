#pragma once

#include <string>

#include "base/result.hpp"

namespace wright::agent {

/// Space set aside before a transaction's first change, and kept after its commit, so that a rollback can write
/// although the disk is full. An error when there is not so much space; fine when it is set aside already.
Result<> reserve_space(const std::string& state_folder);
/// Gives it back; fine when there is none.
void release_space(const std::string& state_folder);

}  // namespace wright::agent
