#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace wright::agent {

/// Which packages the host's preferences of apt speak of (apt_preferences(5)). What they then decide, apt is asked.
class Pins {
 public:
  /// Reads ETC/apt/preferences and preferences.d, and whether ETC/apt's configuration names a default release, which is
  /// a preference for all packages.
  explicit Pins(const std::string& etc = "/etc");
  /// True as well where only apt can tell: for a regular expression, or a source package.
  [[nodiscard]] bool may_name(const std::string& package) const;

 private:
  void read(std::string_view preferences);

  bool all_ = false;
  std::vector<std::string> patterns_;
};

}  // namespace wright::agent
