#pragma once

#include <span>
#include <string>
#include <vector>

#include "agent/packages/record.hpp"
#include "agent/resources/kind.hpp"

namespace wright::agent::packages {

/// What taking earlier changes back does to the host.
struct ReversalEffect {
  Moves moves;
  std::vector<Data> data;    ///< what the packages that go made or keep data in, outermost first
  std::vector<Given> given;  ///< what comes back from the quarantine of older transactions
};

/// `newest_first`: what take_out() will be given, one after the other; `now`: what dpkg knows before the first of them.
/// Changes nothing.
Result<Moves> moves_of_reversal(std::span<const UndoRecord> newest_first, const Database& now, const Context& context);
/// The same with the data, for which the whole host is walked once.
Result<ReversalEffect> effect_of_reversal(std::span<const UndoRecord> newest_first, const Database& now,
                                          const Context& context);

/// What leads from one state of dpkg's database to another.
Moves moves_between(const Database& from, const Database& to);

}  // namespace wright::agent::packages
