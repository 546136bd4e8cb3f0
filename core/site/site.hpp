#pragma once

#include <map>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "model/value.hpp"

namespace wright {

/// Where something stands in the site file. Lines and columns count from 1.
struct Position {
  std::uint32_t line = 0;
  std::uint32_t column = 0;
};

struct SiteHost {
  std::string name;
  std::string address;  ///< a host name or numeric address by a strict grammar, or "local"
  std::uint16_t port = 22;
  std::string user = "root";
  std::string
      key;  ///< path of a private key, made absolute from the site file's folder; empty: the ssh agent, then ~/.ssh
  std::vector<std::string> groups;
  Position position;
};

struct SiteComponent {
  std::string name;
  std::string plugin;              ///< the component's name unless given
  std::vector<std::string> hosts;  ///< resolved to host names (groups expanded, duplicates gone)
  std::vector<std::string>
      requires_;                   ///< names of other components, from `requires` and from references in its options
  std::vector<std::string> after;  ///< order only
  Value::Map options;              ///< without the keys above; references still in their texts
  /// "sites[0].name" to where it stands, for every key below the component; "" is the component itself.
  std::map<std::string, Position, std::less<>> positions;
};

/// A site file that is right in itself: names known, no cycles, references well formed. Plugins were not asked yet.
struct Site {
  std::string path;    ///< as given
  std::string folder;  ///< absolute folder of the file
  std::string name;
  std::vector<std::string> formerly;  ///< names the site had before; hosts that belong to these are its own
  std::string secrets;                ///< absolute path of the file with the secrets; empty when the site names none
  std::vector<SiteHost> hosts;
  std::vector<SiteComponent> components;                  ///< in dependency order
  std::vector<std::string> secret_names;                  ///< named by ${secret.NAME} anywhere
  std::map<std::string, std::string, std::less<>> files;  ///< the text of each ${file.PATH}, by PATH

  [[nodiscard]] const SiteHost* host(std::string_view host_name) const;
  [[nodiscard]] const SiteComponent* component(std::string_view component_name) const;
  [[nodiscard]] std::vector<std::string> hosts_in_group(std::string_view group) const;
};

/// A site file as far as it could be read: what is wrong is left out of `site`.
struct SiteReading {
  Site site;
  Diagnostics errors;
  Diagnostics warnings;
};
SiteReading read_site(const std::string& path, const std::vector<std::string>& known_plugins);

/// Reads and checks a site file. Every problem of the file at once, each at "path:line:column", with the nearest known
/// name. `known_plugins` may be empty: then plugin names are not checked. Warnings do not make it fail; they are
/// appended to `warnings`.
Result<Site> load_site(const std::string& path, const std::vector<std::string>& known_plugins, Diagnostics& warnings);
/// The same from text in memory (tests, fuzzing); `path` is for messages and for the folder.
Result<Site> parse_site(const std::string& text, const std::string& path, const std::vector<std::string>& known_plugins,
                        Diagnostics& warnings);

/// "path:line:column" of a key of the component ("sites[0].name"), or of the nearest key above it that has a position.
std::string where_in(const Site& site, const SiteComponent& component, std::string_view key);

}  // namespace wright
