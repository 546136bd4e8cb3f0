#pragma once

#include <string>
#include <vector>

#include "site/document.hpp"
#include "site/fields.hpp"
#include "site/reference.hpp"

namespace wright {

struct ReferenceAt {
  Reference reference;
  Position position;
};

/// A component as its table says it, before its names are looked up.
struct ComponentTable {
  SiteComponent component;  ///< name, plugin, options and positions; the rest is empty
  Position position;
  bool names_hosts = false;
  std::vector<NameAt> hosts;  ///< host or group names
  std::vector<NameAt> requires_;
  std::vector<NameAt> after;
  std::vector<ReferenceAt> references;  ///< every one in its options
};

/// The [components] table, in the order of the file. A component with problems is in the result too, so that what names
/// it is not called unknown. Plugin names are checked when `known_plugins` has any.
std::vector<ComponentTable> read_components(const Node& table, const std::vector<std::string>& known_plugins,
                                            Problems& problems);

}  // namespace wright
