#pragma once

#include <map>
#include <string>
#include <vector>

#include "model/catalog.hpp"
#include "run/evaluation.hpp"

namespace wright {

/// The catalogs of the chosen hosts, in the site's order, and what is asked from the controller's side.
struct Catalogs {
  std::map<std::string, Catalog, std::less<>> by_host;
  std::map<std::string, std::vector<Probe>, std::less<>> from_controller;
};

/// What "component@host" a component releases when it is ready there, and "kind:name@host" a resource when it is made.
std::string release_token(const std::string& component, const std::string& host);

/// Puts together what each host must hold. Components that declare the same resource share it; when they declare it
/// differently, that is an error at both places of the site file. What a plugin declared that no agent understands is
/// an error too. Every problem at once. `reached` are the hosts of this run that take part.
Result<Catalogs> build_catalogs(const Site& site, const Selection& selection, const std::vector<std::string>& reached,
                                const std::vector<Evaluated>& evaluated);

/// Hosts by who waits for whom: level 0 waits for none, level n for one of level n - 1. Hosts that wait for each other
/// are somewhere among them.
std::map<std::string, std::size_t, std::less<>> host_levels(
    const std::map<std::string, Catalog, std::less<>>& catalogs);
/// The same for a whole site, from what its components require.
std::map<std::string, std::size_t, std::less<>> host_levels(const Site& site);

}  // namespace wright
