#pragma once

#include <vector>

#include "agent/journal/journal.hpp"
#include "agent/plan/means.hpp"
#include "model/plan.hpp"

namespace wright::agent {

/// Notes on a change that brings something back what of it cannot come back any more.
Result<> note_what_is_missing(Change& change, const std::vector<Reversal>& reverses, Journal& journal,
                              const Means& means, Context& context);

/// Notes on a change that takes something back what is in its place now; `left` is the digest of what wright left,
/// empty when that is not known.
void note_what_is_there(Change& change, const Item& item, const std::string& left, const Means& means);

/// What a kind is given to take these changes back, in their order and without what was edited since.
Result<std::vector<UndoRecord>> records_of(const std::vector<Reversal>& reversals, Journal& journal);

/// Notes on the first change of each of these components which of its commands run before it is undone.
Result<> note_what_runs_before(const std::vector<Change*>& changes, const std::vector<std::string>& components,
                               Journal& journal);

/// Notes on these changes, all of one kind, what taking back `newest_first` does besides.
Result<> note_what_goes_besides(const std::vector<Change*>& changes, const std::vector<Reversal>& newest_first,
                                bool prune, Journal& journal, const Means& means, Context& context);

}  // namespace wright::agent
