#include <algorithm>

#include "agent/failpoint.hpp"
#include "agent/plan/looking.hpp"
#include "agent/plan/returning.hpp"
#include "agent/transaction/execution.hpp"
#include "agent/transaction/rolling_back.hpp"
#include "agent/transaction/taking_back.hpp"

namespace wright::agent {
namespace {

/// When the removals are over, however that came: what they left for later must not be done in the middle of a
/// rollback.
template <class Groups>
class Forgetting {
 public:
  Forgetting(const Means& means, const Groups& groups) : means_(means), groups_(groups) {}
  ~Forgetting() {
    for (const auto& [kind, members] : groups_) means_.kind(kind)->forget();
  }
  Forgetting(const Forgetting&) = delete;
  Forgetting& operator=(const Forgetting&) = delete;

 private:
  const Means& means_;
  const Groups& groups_;
};

/// What a service that stays is told when the configuration goes that it was told of, it must be told again when that
/// comes back.
Action prepared_for(const Prune& prune) {
  const Action action = prune.change.action;
  const bool stays = action == Action::update || action == Action::restart;
  return stays && prune.owned.told != Action::none ? prune.owned.told : action;
}

}  // namespace

Result<> Execution::prune(bool late) {
  std::vector<const Prune*> all;
  for (const auto& prune : blueprint_.prunes)
    if (prune.late == late) all.push_back(&prune);
  if (all.empty()) return {};
  Event event;
  event.event = "phase";
  event.subject = "prune";
  Telling telling(context_, event);
  if (!late)
    warnings_.add(run_rollback_commands(leaving_components(catalog_, blueprint_.prunes), journal_, means_, context_));
  // What goes together goes where the oldest of it would.
  std::vector<std::pair<std::string, std::vector<const Prune*>>> groups;
  for (const auto* prune : all) {
    const std::string& name = prune->owned.resource.id.kind;
    const Kind* kind = means_.kind(name);
    if (kind == nullptr) return failure(to_string(prune->owned.resource.id), "this agent knows no such kind");
    if (kind->together()) {
      const auto known = std::find_if(groups.begin(), groups.end(), [&](const auto& g) { return g.first == name; });
      if (known != groups.end()) {
        auto members = std::move(known->second);
        members.push_back(prune);
        groups.erase(known);
        groups.emplace_back(name, std::move(members));
        continue;
      }
    }
    groups.push_back({name, {prune}});
  }
  const Forgetting forgetting(means_, groups);
  for (const auto& [kind, members] : groups)
    if (auto made = make_prunes(kind, members); !made) {
      telling.done("failed");
      return made;
    }
  for (auto prune = all.rbegin(); prune != all.rend(); ++prune)
    for (auto reversal = (*prune)->reverses.rbegin(); reversal != (*prune)->reverses.rend(); ++reversal) {
      auto original = journal_.step(reversal->step);
      if (!original) return failure(original.error());
      auto settled = means_.kind(original->kind)->settle({reversal->ids, original->undo, original->done, {}}, context_);
      if (!settled) return settled;
    }
  context_.request.clear();
  telling.done("done");
  return {};
}

/// Taking something back to its origin is a change like any other: what is there now is prepared for, so that this can
/// be taken back too.
Result<> Execution::make_prunes(const std::string& kind_name, const std::vector<const Prune*>& prunes) {
  if (context_.cancelled()) return failure(interruption("the run was interrupted"));
  Kind* kind = means_.kind(kind_name);
  std::vector<const Resource*> resources;
  for (const auto* prune : prunes) resources.push_back(&prune->owned.resource);
  auto items = look_at_all(resources, means_, context_);
  if (!items) return failure(items.error());
  for (std::size_t i = 0; i < prunes.size(); ++i) {
    (*items)[i].difference = {};
    (*items)[i].difference.action = prepared_for(*prunes[i]);
  }
  const auto reversals = reversals_of(prunes);
  auto records = records_of(reversals, journal_);
  if (!records) return failure(records.error());
  auto undo = kind->prepare_prune(*items, *records, context_);
  if (!undo) return failure(undo.error());
  Step step = step_for(*items, *undo);
  step.pruned = true;
  std::vector<PendingRestart> restarts;
  for (std::size_t i = 0; i < prunes.size(); ++i) {
    step.touched[i].change = prunes[i]->change;
    step.touched[i].notices = prunes[i]->owned.notices;
    for (const auto& notice : prunes[i]->owned.notices)
      restarts.push_back({to_string(notice.service), notice.action, context_.transaction});
  }
  step.reverses = reversals;
  if (auto intended = journal_.intend({step}, restarts); !intended) {
    --next_;
    return intended;
  }
  step.undo = Value();
  made_.push_back(step);

  Event event;
  event.event = "step";
  event.component = first_of(prunes.front()->owned.components);
  event.subject = to_string(prunes.front()->owned.resource.id);
  if (prunes.size() > 1) event.subject += " and " + std::to_string(prunes.size() - 1) + " more";
  event.action = name_of(prunes.front()->change.action);
  Telling telling(context_, event);
  for (const auto& reversal : step.reverses) {
    auto original = journal_.step(reversal.step);
    context_.request.clear();
    Result<> undone = original ? Result<>() : failure(original.error());
    if (original) {
      auto record = record_of(*original, reversal.ids, means_, context_);
      if (record) record->prune = *undo;
      undone = record ? kind->undo(*record, context_) : failure(record.error());
    }
    if (undone) undone = fail_point("mid_change");
    if (undone) continue;
    telling.done("failed", to_text(undone.error()));
    return failure(undone.error());
  }
  context_.request.clear();
  auto done = kind->pruned(*undo, context_);
  if (!done) {
    telling.done("failed", to_text(done.error()));
    return failure(done.error());
  }
  for (const auto* prune : prunes) {
    ++changed_;
    for (const auto& notice : prune->owned.notices) notices_.expect(notice);
  }
  telling.done("done");
  return complete(context_, {step}, {{step.at.sequence, std::move(*done), {}}});
}

}  // namespace wright::agent
