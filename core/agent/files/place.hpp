#pragma once

#include <string>
#include <string_view>
#include <utility>

#include "base/result.hpp"

namespace wright::agent {

/// A file descriptor that is closed when this goes.
class Descriptor {
 public:
  Descriptor() = default;
  explicit Descriptor(int fd) : fd_(fd) {}
  Descriptor(Descriptor&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
  Descriptor& operator=(Descriptor&& other) noexcept {
    std::swap(fd_, other.fd_);
    return *this;
  }
  ~Descriptor();
  [[nodiscard]] int get() const { return fd_; }
  [[nodiscard]] bool valid() const { return fd_ >= 0; }

 private:
  int fd_ = -1;
};

/// Where a path's last component is: its folder, open, and its name in there ("." for the root folder).
struct Place {
  Descriptor folder;
  std::string name;
};

/// Opens the folder of an absolute path. A symlink on the way is followed only when root owns it and only root can
/// change the folder that it is in; any other is ELOOP. The error is an errno.
tl::expected<Place, int> find_place(const std::string& path);

/// The failure of a system call on a path, with the errno's own text.
tl::unexpected<Diagnostics> system_failure(const std::string& path, std::string_view what, int error);

/// The name that new content of `name` has until it is renamed; the same each time, so that what a killed agent left
/// there is found and removed by the next one.
std::string staging_name(std::string_view name);

}  // namespace wright::agent
