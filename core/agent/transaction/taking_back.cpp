#include "agent/transaction/taking_back.hpp"

#include <algorithm>
#include <utility>

#include "agent/failpoint.hpp"
#include "agent/plan/looking.hpp"
#include "agent/transaction/conversation.hpp"

namespace wright::agent {
namespace {

constexpr std::size_t undone_at_once = 256;

/// Those of a step's resources that are neither as the step left them nor as it found them: somebody changed them
/// since. Those of a step that was interrupted are never among them: nobody knows what it left.
std::vector<Item> edited_since(const Step& step, const std::vector<ResourceId>& ids, const Means& means,
                               Context& context) {
  std::vector<const Touched*> known;
  std::vector<const Resource*> resources;
  for (const auto& touched : step.touched) {
    if (std::find(ids.begin(), ids.end(), touched.resource.id) == ids.end()) continue;
    if (!step.left.contains(to_string(touched.resource.id))) continue;
    known.push_back(&touched);
    resources.push_back(&touched.resource);
  }
  auto items = look_at_all(resources, means, context);
  if (!items) return {};  // what cannot be seen cannot be told from what was left; the undo itself will say why
  std::vector<Item> edited;
  for (std::size_t i = 0; i < known.size(); ++i) {
    const std::string now = digest_for_the_journal((*items)[i].observed);
    const std::string left = step.left.find(to_string(known[i]->resource.id))->second.text_or("");
    if (now != left && now != known[i]->before) edited.push_back(std::move((*items)[i]));
  }
  return edited;
}

}  // namespace

Result<UndoRecord> record_of(const Step& step, const std::vector<ResourceId>& ids, const Means& means,
                             Context& context) {
  UndoRecord record{ids, step.undo, step.done, {}};
  const Kind* kind = means.kind(step.kind);
  for (const auto& item : edited_since(step, ids, means, context)) {
    const ResourceId& id = item.resource->id;
    record.edited.push_back(id);
    if (kind == nullptr || kind->keeping() != Keeping::state || !item.observed.exists) continue;
    if (auto kept = context.keep_state(to_string(id), Value(item.observed.state)); !kept) return failure(kept.error());
  }
  return record;
}

void TakingBack::note(const Diagnostics& problems, const Step& step) {
  for (Diagnostic one : problems.items()) {
    if (one.where.empty() && !step.touched.empty()) one.where = to_string(step.touched.front().resource.id);
    problems_.add(std::move(one));
  }
}

bool TakingBack::take_back(const Step& step, const std::vector<ResourceId>& ids) {
  Kind* kind = means_.kind(step.kind);
  if (kind == nullptr) {
    note(Diagnostics({Severity::error,
                      Fault::failed,
                      {},
                      "this agent knows no kind \"" + step.kind + "\", so it cannot be taken back",
                      {},
                      "use the version of wright that made the change"}),
         step);
    return false;
  }
  context_.request.clear();
  context_.postponed = false;
  Event event;
  event.event = "step";
  event.component = step.touched.empty() ? "" : first_of(step.touched.front().change.components);
  event.subject = ids.empty() ? step.kind : to_string(ids.front());
  if (ids.size() > 1) event.subject += " and " + std::to_string(ids.size() - 1) + " more";
  event.action = "undo";
  Telling telling(context_, event);
  auto undone = fail_point("during_undo");
  if (undone) {
    const auto record = record_of(step, ids, means_, context_);
    undone = record ? kind->undo(*record, context_) : failure(record.error());
  }
  context_.request.clear();
  if (!undone) {
    telling.done("failed", to_text(undone.error()));
    note(undone.error(), step);
    return false;
  }
  telling.done("undone");
  if (context_.postponed) postponing_.insert(step.kind);
  taken_back_.insert(ids.begin(), ids.end());
  return true;
}

bool TakingBack::settle(std::vector<TakenBack> oldest_first) {
  bool good = true;
  // Those of a prune were made dependents first.
  for (auto from = oldest_first.begin(); from != oldest_first.end();) {
    const auto to =
        std::find_if(from, oldest_first.end(), [&](const auto& one) { return one.first.pruned != from->first.pruned; });
    if (from->first.pruned) std::reverse(from, to);
    from = to;
  }
  put_services_in_order(oldest_first);
  std::stable_partition(oldest_first.begin(), oldest_first.end(),
                        [&](const auto& one) { return !postponing_.contains(one.first.kind); });
  for (const auto& [step, ids] : oldest_first) {
    Kind* kind = means_.kind(step.kind);
    if (kind == nullptr) continue;
    auto settled = kind->settle({ids, step.undo, step.done, {}}, context_);
    if (settled) continue;
    note(settled.error(), step);
    good = false;
  }
  return good;
}

bool TakingBack::is_on_disk(bool unsynced) {
  if (!unsynced) return true;
  const auto synced = means_.sync();
  if (!synced) problems_.add(synced.error());
  return synced.has_value();
}

void TakingBack::steps_of(const std::string& transaction) {
  auto steps = journal_.steps(transaction);
  if (!steps) return problems_.add(steps.error());
  std::vector<std::int64_t> undone;
  std::vector<std::int64_t> postponed;
  bool unsynced = false;
  auto write_down = [&] {
    if (undone.empty()) return;
    if (is_on_disk(std::exchange(unsynced, false)))
      if (auto written = journal_.undone(transaction, undone); !written) problems_.add(written.error());
    undone.clear();
  };
  for (auto step = steps->rbegin(); step != steps->rend(); ++step) {
    if (step->phase == StepPhase::undone || only_bookkeeping(*step)) continue;
    if (!take_back(*step, ids_of(*step))) continue;
    if (context_.postponed) {
      postponed.push_back(step->at.sequence);
      continue;
    }
    undone.push_back(step->at.sequence);
    unsynced = unsynced || writes_unsynced(step->kind);
    if (!is_cheap(step->kind) || undone.size() >= undone_at_once) write_down();
  }
  write_down();
  std::vector<TakenBack> oldest_first;
  for (auto& step : *steps) {
    if (only_bookkeeping(step)) continue;
    auto ids = ids_of(step);
    oldest_first.emplace_back(std::move(step), std::move(ids));
  }
  if (!settle(std::move(oldest_first))) return;
  undone = std::move(postponed);
  write_down();
}

void TakingBack::forward(const std::string& transaction) {
  auto steps = journal_.steps(transaction);
  if (!steps) return problems_.add(steps.error());
  std::vector<TakenBack> newest_first;
  std::vector<Completion> made;
  std::vector<Completion> postponed;
  bool unsynced = false;
  auto write_down = [&] {
    if (made.empty()) return;
    if (is_on_disk(std::exchange(unsynced, false)))
      if (auto written = journal_.complete(transaction, made, {}); !written) problems_.add(written.error());
    made.clear();
  };
  for (const auto& step : *steps) {
    bool good = true;
    bool waits = false;
    for (const auto& reversal : step.reverses) {
      auto original = journal_.step(reversal.step);
      if (!original) {
        problems_.add(original.error());
        good = false;
        break;
      }
      if (step.phase == StepPhase::intent) {
        good = take_back(*original, reversal.ids) && good;
        waits = waits || context_.postponed;
      }
      newest_first.emplace_back(std::move(*original), reversal.ids);
    }
    if (!good || step.phase != StepPhase::intent) continue;
    (waits ? postponed : made).push_back({step.at.sequence, std::nullopt, {}});
    unsynced = unsynced || writes_unsynced(step.kind);
    if (!is_cheap(step.kind) || made.size() >= undone_at_once) write_down();
  }
  write_down();
  std::reverse(newest_first.begin(), newest_first.end());
  if (!settle(std::move(newest_first))) return;
  made = std::move(postponed);
  write_down();
}

}  // namespace wright::agent
