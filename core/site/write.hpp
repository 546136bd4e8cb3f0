#pragma once

#include <string>

#include "base/result.hpp"

namespace wright {

/// Makes the folder and those above it that are not there, mode 0700.
Result<> make_private_folders(const std::string& path);

/// A new file of mode 0600 with exactly these bytes, whole and on the disk or not there. Refuses a name that is taken.
Result<> write_new_file(const std::string& path, const std::string& bytes);

/// The file replaced by one of mode 0600, whole and on the disk or as it was. Refused, with nothing changed, when what
/// is there is not `before` any more: somebody else was faster. Of several that replace at once with this function
/// exactly one wins.
Result<> replace_file(const std::string& path, const std::string& before, const std::string& bytes);

}  // namespace wright
