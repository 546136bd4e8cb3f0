#pragma once

#include <vector>

#include "agent/plan/means.hpp"

namespace wright::agent {

/// Looks at many resources, once for each kind, and compares; in the order given. Resources must outlive the items.
/// Every problem of all kinds at once. `in_turn`: they are about to be changed (Kind::look_in_turn).
Result<std::vector<Item>> look_at_all(const std::vector<const Resource*>& resources, const Means& means,
                                      Context& context, bool in_turn = false);

/// Digest of what was seen, for the journal; it never leaves the host.
std::string digest_for_the_journal(const Observed& observed);
/// The same for plans, keyed with the site's key.
std::string digest_for_the_plan(const Observed& observed, const Context& context);

/// An attribute of a service that changes by starting or stopping it.
bool starts_or_stops(const Item& service);

}  // namespace wright::agent
