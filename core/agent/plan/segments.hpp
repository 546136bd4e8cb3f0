#pragma once

#include <set>
#include <string>
#include <vector>

#include "agent/plan/means.hpp"
#include "model/catalog.hpp"

namespace wright::agent {

/// A part of a catalog that is worked through as one: first everything to install, then one component after the other.
struct Segment {
  std::string component;  ///< empty for the install phase of all components
  std::vector<const Resource*> resources;
  std::set<std::string> needs;  ///< earlier components that share something with it, besides those it requires
};

/// The catalog in the order its resources must be made: by `after`, `restart_on` and `reload_on`; a path after the
/// directory above it; what belongs to a user or group after these; else as declared. Resources of a kind that goes
/// together stand together. The first segment is the install phase, then one for each component. Resources point into
/// the catalog.
Result<std::vector<Segment>> segments_of(const Catalog& catalog, const Means& means);

}  // namespace wright::agent
