#include "agent/files/sync_disks.hpp"

#include <fcntl.h>
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
    if (!read_only && is_disk(bar[1], bar[2])) found.push_back({fields[2], unescaped(fields[4])});
  }
  return found;
}

}  // namespace

Result<> sync_disks(const std::string& mounts) {
  std::set<std::string> done;
  for (const auto& [device, point] : mounts_in(mounts)) {
    if (done.contains(device)) continue;
    const Descriptor open(::open(point.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
    if (!open.valid()) continue;  // something else is mounted over it
    if (::syncfs(open.get()) != 0) return system_failure(point, "write everything to its disk", errno);
    done.insert(device);
  }
  return {};
}

}  // namespace wright::agent
