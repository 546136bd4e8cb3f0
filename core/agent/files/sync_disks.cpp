#include "agent/files/sync_disks.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <fstream>
#include <iterator>
#include <set>
#include <sstream>
#include <vector>

#include "agent/files/place.hpp"

namespace wright::agent {
namespace {

struct Mount {
  std::uint64_t id = 0;
  std::string device;  ///< "253:1"
  std::string point;
};

/// White space and backslashes are written as three octal digits.
std::string unescaped(const std::string& text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '\\' && i + 3 < text.size()) {
      out += static_cast<char>(std::stoi(text.substr(i + 1, 3), nullptr, 8));
      i += 3;
    } else {
      out += text[i];
    }
  }
  return out;
}

bool is_disk(const std::string& kind, const std::string& source) {
  if (kind.starts_with("fuse")) return false;
  return source.starts_with("/dev/") || kind == "overlay" || kind == "btrfs" || kind == "zfs";
}

std::vector<Mount> mounts_in(const std::string& path) {
  std::vector<Mount> found;
  std::ifstream table(path);
  for (std::string line; std::getline(table, line);) {
    std::istringstream words(line);
    const std::vector<std::string> fields(std::istream_iterator<std::string>(words), {});
    const auto bar = std::find(fields.begin(), fields.end(), "-");
    if (fields.size() < 6 || std::distance(bar, fields.end()) < 3) continue;
    const bool read_only = fields[5] == "ro" || fields[5].starts_with("ro,");
    if (!read_only && is_disk(bar[1], bar[2]))
      found.push_back({std::strtoull(fields[0].c_str(), nullptr, 10), fields[2], unescaped(fields[4])});
  }
  return found;
}

/// What packages and the agent itself write to. On any other disk, which may be broken or gone, only some commands do.
bool is_of_the_system(const std::string& point) {
  for (std::string_view folder : {"/boot", "/etc", "/home", "/opt", "/root", "/srv", "/usr", "/var"})
    if (point == folder || (point.starts_with(folder) && point[folder.size()] == '/')) return true;
  return point == "/";
}

/// False when something else is mounted over it.
bool is_of_mount(int fd, std::uint64_t id) {
  struct statx seen {};
  if (::statx(fd, "", AT_EMPTY_PATH, STATX_MNT_ID, &seen) != 0 || (seen.stx_mask & STATX_MNT_ID) == 0) return true;
  return seen.stx_mnt_id == id;
}

}  // namespace

Result<> sync_disks(const std::string& mounts, const std::function<int(int, const std::string&)>& sync) {
  std::set<std::string> done;
  Result<> result;
  for (const auto& [id, device, point] : mounts_in(mounts)) {
    if (done.contains(device)) continue;
    const Descriptor open(::open(point.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
    int error = open.valid() ? 0 : errno;
    if (open.valid() && !is_of_mount(open.get(), id)) continue;
    if (error == ENOENT || error == ENOTDIR) continue;  // something else is mounted over the way to it
    if (error == 0) error = sync(open.get(), point);
    if (error == 0)
      done.insert(device);
    else if (result && is_of_the_system(point))
      result = system_failure(point, "write everything to its disk", error);
  }
  return result;
}

Result<> sync_disks() {
  return sync_disks("/proc/self/mountinfo", [](int fd, const std::string&) { return ::syncfs(fd) == 0 ? 0 : errno; });
}

}  // namespace wright::agent
