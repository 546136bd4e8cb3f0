#include "agent/plan/reversal_plan.hpp"

#include <algorithm>
#include <set>

#include "agent/plan/belonging.hpp"
#include "agent/plan/looking.hpp"
#include "agent/plan/planner.hpp"
#include "agent/plan/returning.hpp"

namespace wright::agent {
namespace {

bool can_be_undone(const Transaction& t) { return t.info.kind == "apply" && t.info.state == "committed"; }

tl::unexpected<Diagnostics> not_possible(std::string what, std::string next = "wright history") {
  return failure({Severity::error, Fault::usage, {}, std::move(what), {}, std::move(next)});
}

std::string why_not(const std::string& id, const std::vector<Transaction>& all) {
  const auto known = std::find_if(all.begin(), all.end(), [&](const Transaction& t) { return t.info.id == id; });
  if (known == all.end()) return "there is no transaction \"" + id + "\"";
  if (known->info.kind != "apply") return "\"" + id + "\" is a " + known->info.kind + ", which cannot be undone";
  if (known->info.state == "rolled_back") return "\"" + id + "\" is undone already";
  return "\"" + id + "\" cannot be undone: its state is " + known->info.state;
}

/// The transactions to undo, newest first.
Result<std::vector<Transaction>> chosen(const RollbackRequest& request, const std::vector<Transaction>& all) {
  std::vector<Transaction> candidates;
  for (auto t = all.rbegin(); t != all.rend(); ++t)
    if (can_be_undone(*t)) candidates.push_back(*t);
  if (!request.to.empty()) {
    const auto last = std::find_if(candidates.begin(), candidates.end(),
                                   [&](const Transaction& t) { return t.info.id == request.to; });
    if (last == candidates.end()) return not_possible(why_not(request.to, all));
    candidates.erase(last + 1, candidates.end());
    return candidates;
  }
  if (candidates.empty()) return candidates;
  if (!request.run.empty() && candidates.front().info.run != request.run) {
    const auto other = std::find_if(candidates.begin(), candidates.end(),
                                    [&](const Transaction& t) { return t.info.run == request.run; });
    if (other == candidates.end()) return std::vector<Transaction>();
    return not_possible("the run " + request.run + " is not the last one that changed this host: " +
                            candidates.front().info.run + " came after it",
                        "wright rollback --to " + other->info.id + ", which undoes the later ones too");
  }
  candidates.resize(1);
  return candidates;
}

using Undone = std::set<std::pair<StepId, ResourceId>>;

/// What rollbacks of single components have taken back already of transactions that are still committed.
Undone undone_by_rollbacks(const std::vector<Step>& outline, const std::vector<Transaction>& all) {
  std::set<std::string> rollbacks;
  for (const auto& t : all)
    if (t.info.kind == "rollback") rollbacks.insert(t.info.id);
  Undone undone;
  for (const auto& step : outline) {
    if (!rollbacks.contains(step.at.transaction)) continue;
    for (const auto& reversal : step.reverses)
      for (const auto& id : reversal.ids) undone.insert({reversal.step, id});
  }
  return undone;
}

class Reversing {
 public:
  Reversing(Journal& journal, const Means& means, Context& context)
      : journal_(journal), means_(means), context_(context) {}

  Result<ReversalBlueprint> of_transactions(const RollbackRequest& request) {
    auto all = journal_.transactions();
    if (!all) return failure(all.error());
    auto targets = chosen(request, *all);
    if (!targets) return failure(targets.error());
    auto outline = journal_.outline();
    if (!outline) return failure(outline.error());
    const auto gone = undone_by_rollbacks(*outline, *all);
    std::set<std::string> components;
    for (const auto& target : *targets) {
      auto steps = journal_.steps(target.info.id);
      if (!steps) return failure(steps.error());
      for (auto step = steps->rbegin(); step != steps->rend(); ++step) {
        if (only_bookkeeping(*step) || step->phase == StepPhase::undone) continue;
        std::vector<ResourceId> left_to_undo = ids_of(*step);
        std::erase_if(left_to_undo, [&](const ResourceId& id) { return gone.contains({step->at, id}); });
        if (left_to_undo.empty()) continue;
        Step reversal;
        reversal.kind = step->kind;
        reversal.reverses.push_back({step->at, left_to_undo});
        for (const auto& made : step->touched) {
          if (gone.contains({step->at, made.resource.id})) continue;
          Touched touched = made;
          touched.change = reversed(made.change);
          touched.notices.clear();
          const auto left = step->left.find(to_string(made.resource.id));
          newest_.emplace(made.resource.id, left == step->left.end() ? "" : left->second.text_or(""));
          reversal.touched.push_back(std::move(touched));
        }
        out_.steps.push_back(std::move(reversal));
      }
      out_.transactions.push_back(target.info.id);
      out_.plan.undoes.push_back(target.info);
      components.insert(target.info.components.begin(), target.info.components.end());
    }
    out_.components.assign(components.begin(), components.end());
    return finish();
  }

  Result<ReversalBlueprint> of_components(const std::vector<std::string>& names) {
    auto outline = journal_.outline();
    if (!outline) return failure(outline.error());
    const auto prunes = prunes_of({names.begin(), names.end()}, owned_from(*outline));
    // Packages must go in one apt transaction for each of the steps that installed them, newest first.
    std::map<std::size_t, Step, std::greater<>> steps;
    for (const auto& prune : prunes) {
      newest_.emplace(prune.owned.resource.id, prune.owned.left);
      for (std::size_t i = 0; i < prune.owned.chain.size(); ++i) {
        Step& step = steps[prune.owned.places[i]];
        step.kind = prune.owned.resource.id.kind;
        step.pruned = true;
        if (step.reverses.empty()) step.reverses.push_back({prune.owned.chain[i], {}});
        step.reverses.front().ids.push_back(prune.owned.resource.id);
        Touched touched;
        touched.resource = prune.owned.resource;
        touched.change = prune.change;
        touched.change.pruned = false;  // the site file may well ask for it
        step.touched.push_back(std::move(touched));
      }
    }
    for (auto& [place, step] : steps) out_.steps.push_back(std::move(step));
    out_.components = names;
    out_.forget_components = true;
    return finish();
  }

 private:
  Result<ReversalBlueprint> finish() {
    std::vector<const Resource*> all;
    for (const auto& step : out_.steps)
      for (const auto& touched : step.touched) all.push_back(&touched.resource);
    auto items = look_at_all(all, means_, context_);
    if (!items) return failure(items.error());
    std::set<ResourceId> told;
    std::size_t n = 0;
    for (auto& step : out_.steps)
      for (auto& touched : step.touched) {
        const Item& item = (*items)[n++];
        const ResourceId& id = touched.resource.id;
        out_.plan.states[to_string(id)] = digest_for_the_plan(item.observed, context_);
        const bool newest = told.insert(id).second;
        if (!newest && step.pruned) continue;  // one line for each resource says that it goes back to its origin
        Change change = touched.change;
        if (newest) note_what_is_there(change, item, newest_[id], means_);
        if (auto noted = note_what_is_missing(change, step.reverses, journal_, means_, context_); !noted)
          return failure(noted.error());
        out_.plan.changes.push_back(std::move(change));
      }
    if (auto noted = note_besides(); !noted) return failure(noted.error());
    Value::Map what;
    what["transactions"] = out_.transactions;
    what["components"] = out_.components;
    out_.plan.digest = digest_of(Value(std::move(what)), out_.plan, context_);
    auto open = journal_.unfinished();
    if (!open) return failure(open.error());
    if (*open) out_.plan.interrupted.push_back((*open)->info);
    return std::move(out_);
  }

  Result<> note_besides() {
    std::map<std::string, std::vector<Reversal>> newest_first;
    for (const auto& step : out_.steps)
      for (const auto& reversal : step.reverses) newest_first[step.kind].push_back(reversal);
    std::map<std::string, std::vector<Change*>> changes;
    std::vector<Change*> every;
    for (auto& change : out_.plan.changes) {
      changes[change.id.kind].push_back(&change);
      every.push_back(&change);
    }
    if (auto noted = note_what_runs_before(every, out_.components, journal_); !noted) return noted;
    for (const auto& [kind, all] : changes)
      if (auto noted = note_what_goes_besides(all, newest_first[kind], false, journal_, means_, context_); !noted)
        return noted;
    return {};
  }

  Journal& journal_;
  const Means& means_;
  Context& context_;
  ReversalBlueprint out_;
  std::map<ResourceId, std::string> newest_;
};

}  // namespace

Result<ReversalBlueprint> plan_reversal(const RollbackRequest& request, Journal& journal, const Means& means,
                                        Context& context) {
  auto outline = journal.outline();
  if (!outline) return failure(outline.error());
  if (auto ours = check_site(journal, owned_from(*outline), context); !ours) return failure(ours.error());
  Reversing reversing(journal, means, context);
  return request.components.empty() ? reversing.of_transactions(request) : reversing.of_components(request.components);
}

}  // namespace wright::agent
