#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"

namespace wright::agent::packages {

/// One package as dpkg's database has it. Texts are as in the file.
struct Package {
  std::string name;
  std::string architecture;
  std::string version;
  std::string want;     ///< "install", "hold", "deinstall", "purge", "unknown"
  std::string flag;     ///< "ok", or "reinstreq" when it must be installed again
  std::string status;   ///< "installed", "config-files", "half-configured", ...
  std::string depends;  ///< Pre-Depends and Depends, joined by a comma
  std::string provides;

  /// Unpacked and configured; triggers may wait.
  [[nodiscard]] bool whole() const;
  /// Anything of it but configuration files is on the host.
  [[nodiscard]] bool present() const { return status != "config-files" && status != "not-installed"; }
  friend bool operator==(const Package&, const Package&) = default;
};

/// What dpkg knows, by "name:architecture".
class Database {
 public:
  using Packages = std::map<std::string, Package, std::less<>>;

  /// Reads FOLDER/status, and what an interrupted dpkg left in FOLDER/updates. Starts no program.
  static Result<Database> read(const std::string& folder = "/var/lib/dpkg");
  /// What stands in one file of paragraphs, over what was known before. Paragraphs without a valid name, architecture
  /// and status are left out. `native` is the host's architecture; when empty it is that of the package dpkg.
  void merge(std::string_view paragraphs);
  /// As if dpkg had installed it, or purged it.
  void put(Package package) {
    std::string key = package.name + ":" + package.architecture;
    packages_.insert_or_assign(std::move(key), std::move(package));
  }
  void erase(const std::string& key) { packages_.erase(key); }
  void set_native(std::string architecture) { native_ = std::move(architecture); }

  [[nodiscard]] const Packages& packages() const { return packages_; }
  [[nodiscard]] const std::string& native() const { return native_; }
  /// By "name" (of the host's architecture or of all, else of the only one there is) or "name:architecture".
  [[nodiscard]] const Package* find(std::string_view name) const;
  /// Keys of packages that an interrupted dpkg left half way.
  [[nodiscard]] std::vector<std::string> broken() const;
  /// True when dpkg was ended before it could put its last changes into the status file.
  [[nodiscard]] bool journaled() const { return journaled_; }
  /// "name" for the host's architecture and for all, "name:architecture" for others: as apt and dpkg take it.
  [[nodiscard]] std::string shown(std::string_view key) const;

 private:
  Packages packages_;
  std::string native_;
  bool journaled_ = false;
};

/// Debian's grammar for names, with an optional ":architecture"; nothing that apt-get could take for an option, a
/// pattern or a "remove it" mark.
bool is_package_name(std::string_view text);
bool is_version(std::string_view text);

/// The names in a Depends or Provides field, without versions and architectures; alternatives are names of their own.
std::vector<std::string> names_in_relations(std::string_view field);

/// Every path that the package brought, from FOLDER/info; empty when there is no list.
std::vector<std::string> files_of(const Package& package, const std::string& folder = "/var/lib/dpkg");

}  // namespace wright::agent::packages
