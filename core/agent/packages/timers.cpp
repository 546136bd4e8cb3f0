#include "agent/packages/timers.hpp"

#include <unistd.h>

#include <cerrno>
#include <cstring>

namespace wright::agent::packages {

Result<> forget_timers(const Surroundings& around) {
  const std::string folder = "/var/lib/systemd/timers";  // Persistent= in systemd.timer(5)
  for (const auto& path : around.listed) {
    if (!path.ends_with(".timer") || path.find("/systemd/system/") == std::string::npos) continue;
    const std::string stamp = folder + "/stamp-" + path.substr(path.rfind('/') + 1);
    if (find(around.before.tree, stamp) != nullptr) continue;
    if (::unlink(stamp.c_str()) != 0 && errno != ENOENT && errno != ENOTDIR)
      return failure(stamp, "cannot be removed", std::strerror(errno));
  }
  // Those of other timers keep it.
  if (find(around.before.tree, folder) == nullptr) (void)::rmdir(folder.c_str());
  return {};
}

}  // namespace wright::agent::packages
