#pragma once

#include <sys/types.h>
#include <string>

#include "base/result.hpp"

namespace wright {

struct FileContent {
  std::string bytes;
  uid_t owner = 0;
  mode_t mode = 0;  ///< permission bits
};

enum class Links { follow, refuse };

/// A regular file of at most `limit` bytes; larger ones are refused without being read. Owner and mode are those of
/// what was read. Errors have Fault::bad_site and name the path.
Result<FileContent> read_file(const std::string& path, std::size_t limit, Links links);

}  // namespace wright
