#include "agent/plan/returning.hpp"

#include <algorithm>
#include <iterator>

namespace wright::agent {

Result<> note_what_is_missing(Change& change, const std::vector<Reversal>& reverses, Journal& journal,
                              const Means& means, Context& context) {
  // Only what was removed has to be kept elsewhere; records are read for nothing else.
  if (change.action != Action::create) return {};
  Kind* kind = means.kind(change.id.kind);
  for (const auto& reversal : reverses) {
    if (kind == nullptr || std::find(reversal.ids.begin(), reversal.ids.end(), change.id) == reversal.ids.end())
      continue;
    const auto step = journal.step(reversal.step);
    if (!step) return failure(step.error());
    auto missing = kind->missing({{change.id}, step->undo, step->done, {}}, context);
    if (!missing) return failure(missing.error());
    std::move(missing->begin(), missing->end(), std::back_inserter(change.notes));
  }
  return {};
}

}  // namespace wright::agent
