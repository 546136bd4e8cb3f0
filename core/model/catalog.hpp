#pragma once

#include <map>
#include <string>
#include <vector>

#include "model/resource.hpp"

namespace wright {

/// One component as a host's catalog carries it.
struct CatalogComponent {
  std::string name;
  std::string plugin;
  std::vector<std::string> requires_;  ///< components on this host that must be ready before
  std::vector<std::string>
      waits_for;  ///< "component@host" on other hosts; the controller releases each when it is ready
  std::vector<Resource>
      rollback;  ///< commands to run before the component is undone (drain, dump); kept in the journal
  friend bool operator==(const CatalogComponent&, const CatalogComponent&) = default;
};

/// All that must hold on one host. Components stand in dependency order; resources in the order they were declared.
struct Catalog {
  std::string site;
  std::string host;
  std::vector<CatalogComponent> components;
  /// Every component the site file has on this host, also those this run leaves out: what is in the journal but not
  /// here is pruned.
  std::vector<std::string> known_components;
  bool everything = true;  ///< no component was chosen: what left the site file is pruned too
  std::vector<Resource> resources;
  std::vector<Probe> probes;
  /// Resources that join what another host makes, or gather those that do: by "kind:name", tokens "kind:name@host" of
  /// those that must be made, or have come so far, before; the controller releases each.
  std::map<std::string, std::vector<std::string>, std::less<>> joining;
  /// "kind:name" of the resources here that those of other hosts wait for.
  std::vector<std::string> joined;
  friend bool operator==(const Catalog&, const Catalog&) = default;
};

Value to_value(const CatalogComponent& component);
Result<CatalogComponent> catalog_component_from(const Value& value);
Value to_value(const Catalog& catalog);
Result<Catalog> catalog_from(const Value& value);

}  // namespace wright
