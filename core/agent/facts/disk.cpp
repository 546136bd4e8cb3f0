#include <sys/statvfs.h>

#include "agent/facts/sources.hpp"

namespace wright::agent {

Value disk_at(std::string path) {
  struct statvfs info {};
  // What will lie in a folder that is not there yet will be on the filesystem of the next one above.
  while (::statvfs(path.c_str(), &info) != 0) {
    const auto slash = path.rfind('/');
    if (slash == std::string::npos || path == "/") return {};
    path.resize(slash == 0 ? 1 : slash);
  }
  const auto block = static_cast<std::int64_t>(info.f_frsize);
  return Value::Map{{"total_bytes", static_cast<std::int64_t>(info.f_blocks) * block},
                    {"free_bytes", static_cast<std::int64_t>(info.f_bavail) * block}};
}

}  // namespace wright::agent
