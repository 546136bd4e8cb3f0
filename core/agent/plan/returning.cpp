#include "agent/plan/returning.hpp"

#include <algorithm>
#include <iterator>

#include "agent/plan/looking.hpp"

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

void note_what_is_there(Change& change, const Item& item, const std::string& left, const Means& means) {
  change.unseen = item.difference.unseen;
  const bool known = item.difference.unseen.empty() && !left.empty();
  if (!known || left == digest_for_the_journal(item.observed)) return;
  const Kind* kind = means.kind(change.id.kind);
  std::string note = "was changed by somebody else since";
  if (kind != nullptr && kind->keeping() == Keeping::copy) note += "; a copy of what is there now is kept";
  if (kind != nullptr && kind->keeping() == Keeping::state) note += "; its state now is written down";
  change.notes.push_back(std::move(note));
}

Result<std::vector<UndoRecord>> records_of(const std::vector<Reversal>& reversals, Journal& journal) {
  std::vector<UndoRecord> records;
  for (const auto& reversal : reversals) {
    auto step = journal.step(reversal.step);
    if (!step) return failure(step.error());
    records.push_back({reversal.ids, std::move(step->undo), std::move(step->done), {}});
  }
  return records;
}

Result<> note_what_runs_before(const std::vector<Change*>& changes, const std::vector<std::string>& components,
                               Journal& journal) {
  const auto commands = journal.rollback_commands();
  if (!commands) return failure(commands.error());
  for (const auto& component : components) {
    const auto its = commands->find(component);
    const auto first = std::find_if(changes.begin(), changes.end(), [&component](const Change* change) {
      return std::find(change->components.begin(), change->components.end(), component) != change->components.end();
    });
    if (its == commands->end() || first == changes.end()) continue;
    for (const auto& resource : its->second)
      (*first)->notes.push_back("before " + component + " goes: " + to_string(resource.id));
  }
  return {};
}

Result<> note_what_goes_besides(const std::vector<Change*>& changes, const std::vector<Reversal>& newest_first,
                                bool prune, Journal& journal, const Means& means, Context& context) {
  Kind* kind = changes.empty() ? nullptr : means.kind(changes.front()->id.kind);
  if (kind == nullptr) return {};
  const auto records = records_of(newest_first, journal);
  auto notes = records ? kind->besides(*records, prune, context) : failure(records.error());
  if (!notes && prune) return failure(notes.error());
  if (!notes) {
    // The rest can still be taken back; the undo itself says what is wrong.
    const auto& items = notes.error().items();
    changes.front()->notes.push_back("what else goes is not known" + (items.empty() ? "" : ": " + items.front().what));
    return {};
  }
  for (auto& [of, lines] : *notes) {
    const ResourceId& id = of;
    const auto its = std::find_if(changes.begin(), changes.end(), [&id](const Change* one) { return one->id == id; });
    auto& to = (its == changes.end() ? changes.front() : *its)->notes;
    std::move(lines.begin(), lines.end(), std::back_inserter(to));
  }
  return {};
}

}  // namespace wright::agent
