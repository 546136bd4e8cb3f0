#pragma once

#include <set>
#include <vector>

#include "agent/plan/ownership.hpp"
#include "model/catalog.hpp"

namespace wright::agent {

/// One resource that goes back to its origin: it is in the journal, but no component asks for it any more.
struct Prune {
  Owned owned;
  std::vector<Reversal> reverses;  ///< newest first
  Change change;
  /// Goes when its component is brought about: until then a server may run in that folder or under that account.
  bool late = false;
};

/// What a catalog no longer asks for: resources whose every component is in the catalog without them or, when nothing
/// was left out of the catalog, has left the site file. In the order to take them back in: what needs others before
/// them.
std::vector<Prune> prunes_for(const Catalog& catalog, const Ownership& owned);

/// What belongs to these components alone.
std::vector<Prune> prunes_of(const std::set<std::string>& components, const Ownership& owned);

/// The changes that these prunes of one kind take back, each once, newest first.
std::vector<Reversal> reversals_of(const std::vector<const Prune*>& prunes);

/// Components that leave the host with everything they have.
std::vector<std::string> leaving_components(const Catalog& catalog, const std::vector<Prune>& prunes);

/// Resources that hold and are owned, but by other components than the journal says.
std::vector<Touched> bookkeeping_for(const Catalog& catalog, const Ownership& owned);

/// The change that takes `made` back, its attributes and diffs the other way round.
Change reversed(const Change& made);

}  // namespace wright::agent
