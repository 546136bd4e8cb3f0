#pragma once

#include <functional>
#include <map>
#include <span>
#include <string>
#include <vector>

#include "agent/resources/kind.hpp"
#include "base/result.hpp"

namespace wright::agent {

/// How the host looks to what runs inside in_private_view().
struct PrivateView {
  /// A copy of each file that is to be there, under its own name in a folder of its own, by the file's path.
  std::map<std::string, std::string, std::less<>> staged;
  std::vector<std::string> unseen;  ///< changes that could not be put in place, with the reason
};

/// Calls `inside` in a thread with a mount namespace of its own, in which every change of `items` (files, symlinks,
/// directories and their removal) is in place; programs that it starts see the same. Nothing is written to the live
/// file system: folders in which something changes are covered by others in memory, whose other entries are the live
/// ones. All of it is gone when the thread and its programs are, also after SIGKILL. STATE is covered too.
/// The error of `inside`, or why the view could not be made.
Result<> in_private_view(std::span<const Item> items, const std::string& state_folder,
                         const std::function<Result<>(const PrivateView&)>& inside);

}  // namespace wright::agent
