#pragma once

#include <map>
#include <string>
#include <vector>

#include "agent/context.hpp"
#include "agent/process/process.hpp"
#include "base/result.hpp"

namespace wright::agent::packages {

/// apt with its lists, caches and archives under STATE/apt, so that nothing of the host's own changes. It reads the
/// host's lists as long as they are there and not older than its own.
class Apt {
 public:
  explicit Apt(Context& context);

  /// apt-get or apt-cache with the private folders; a failing program is a Finished.
  Result<Finished> get(const std::vector<std::string>& arguments) const;
  Result<Finished> cache(const std::vector<std::string>& arguments) const;
  /// The same as get(), but runs to its end when the run is cancelled and takes dpkg's lock. `environment`: variables
  /// for the scripts of packages, none of them apt's own.
  Result<Finished> change(const std::vector<std::string>& arguments,
                          const std::map<std::string, std::string>& environment) const;
  /// Downloads package files into archives().
  Result<Finished> download(const std::vector<std::string>& arguments) const;

  /// True when there are lists, as new as the sources and of the last day.
  [[nodiscard]] bool has_lists() const;
  /// True when there are no such lists, and nobody tried in vain to fetch them in the last quarter of an hour.
  [[nodiscard]] bool wants_update() const;
  /// Whether the lists are its own: they are there, and not older than the host's.
  [[nodiscard]] bool private_lists() const;
  /// Whether the host's lists are all there to be read as they are, rather than compressed.
  [[nodiscard]] bool host_lists_are_plain() const;
  /// Refreshes the private lists and reads these from now on; at most once in a request, and not when it was done in
  /// the last quarter of an hour. False when there was nothing to do.
  Result<bool> update();
  /// Where package files are, ending without "/".
  [[nodiscard]] std::string archives() const { return folder_ + "/cache/archives"; }
  [[nodiscard]] const std::string& folder() const { return folder_; }

 private:
  [[nodiscard]] Command command(const char* program, const std::vector<std::string>& arguments) const;
  Result<> make_folders() const;
  [[nodiscard]] std::string settings_path() const { return folder_ + "/apt.conf"; }

  Context& context_;
  std::string folder_;
};

/// The failure of a program, with its last lines as text that cannot harm a terminal.
tl::unexpected<Diagnostics> program_failure(const std::string& where, const std::string& what, const Finished& finished,
                                            const std::string& next);

}  // namespace wright::agent::packages
