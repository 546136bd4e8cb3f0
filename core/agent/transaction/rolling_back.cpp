#include "agent/transaction/rolling_back.hpp"

#include <set>

#include "agent/failpoint.hpp"
#include "agent/journal/reserve.hpp"
#include "agent/plan/looking.hpp"
#include "agent/plan/planner.hpp"
#include "agent/plan/reversal_plan.hpp"
#include "agent/transaction/conversation.hpp"
#include "agent/transaction/taking_back.hpp"
#include "model/kinds.hpp"
#include "model/stale_plan.hpp"

namespace wright::agent {
namespace {

Outcome refused(Diagnostics problems) {
  Outcome outcome;
  outcome.state = "refused";
  outcome.diagnostics = std::move(problems);
  return outcome;
}

std::string first_line(const Diagnostics& problems) {
  for (const auto& one : problems.items())
    if (one.severity == Severity::error) return one.where.empty() ? one.what : one.where + ": " + one.what;
  return {};
}

/// Services that are no longer wright's, so that no restart is owed to them.
std::vector<std::string> services_given_back(const std::string& rollback, Journal& journal) {
  std::vector<std::string> units;
  const auto steps = journal.steps(rollback);
  if (!steps) return units;
  for (const auto& step : *steps)
    for (const auto& touched : step.touched)
      if (step.pruned && is_running_kind(touched.resource.id.kind)) units.push_back(to_string(touched.resource.id));
  return units;
}

void append(std::vector<std::string>& to, const std::vector<std::string>& more) {
  to.insert(to.end(), more.begin(), more.end());
}

}  // namespace

Outcome bring_to_an_end(const Transaction& transaction, const std::string& why, Journal& journal, const Means& means,
                        const Context& context) {
  Outcome outcome;
  outcome.transaction = transaction.info.id;
  // Whoever cancelled the run wants just this, so nothing here may be cancelled.
  Cancellation never;
  Context mine = context;
  mine.transaction = transaction.info.id;
  mine.cancellation = &never;
  mine.request.clear();
  release_space(context.state_folder);
  if (auto claimed = journal.claim(); !claimed) {
    outcome.state = "incomplete";
    outcome.diagnostics = claimed.error();
    return outcome;
  }
  TakingBack taking_back(journal, means, mine);
  const bool is_rollback = transaction.info.kind == "rollback";
  if (is_rollback)
    taking_back.forward(transaction.info.id);
  else
    taking_back.steps_of(transaction.info.id);

  outcome.changed = taking_back.count();
  outcome.quarantined = mine.quarantined;
  outcome.kept = mine.kept;
  outcome.diagnostics = taking_back.problems();
  if (auto synced = means.sync(); !synced) outcome.diagnostics.add(synced.error());
  const bool complete = !outcome.diagnostics.has_errors();
  Ending ending;
  ending.transaction = transaction.info.id;
  ending.state = !complete ? "incomplete" : is_rollback ? "committed" : "rolled_back";
  ending.note = complete ? why : why + (why.empty() ? "" : "; ") + "incomplete: " + first_line(outcome.diagnostics);
  ending.forget_restarts = complete;
  if (complete) ending.forget_components = transaction.forgets;
  if (complete && is_rollback) ending.restarted = services_given_back(transaction.info.id, journal);
  if (auto ended = journal.end(ending); !ended) outcome.diagnostics.add(ended.error());
  // For the rollback of what was committed before. Where there is no space now, the next apply says so.
  (void)reserve_space(context.state_folder);
  outcome.state = outcome.diagnostics.has_errors() ? "incomplete" : "rolled_back";
  return outcome;
}

Outcome recover(Journal& journal, const Means& means, const Context& context) {
  auto open = journal.unfinished();
  if (!open) return refused(open.error());
  if (!*open) {
    Outcome outcome;
    outcome.state = "unchanged";
    return outcome;
  }
  return bring_to_an_end(**open, (*open)->info.kind == "rollback" ? "" : "it was interrupted", journal, means, context);
}

Outcome give_up(Journal& journal) {
  auto open = journal.unfinished();
  if (!open) return refused(open.error());
  Outcome outcome;
  outcome.state = "unchanged";
  if (!*open) return outcome;
  outcome.transaction = (*open)->info.id;
  outcome.state = "rolled_back";
  auto ended = journal.claim();
  Ending ending;
  ending.transaction = outcome.transaction;
  ending.state = "rolled_back";
  ending.note = "given up: " + (*open)->info.note;
  ending.forget_restarts = true;
  if (ended) ended = journal.end(ending);
  if (!ended) return refused(ended.error());
  return outcome;
}

Diagnostics run_rollback_commands(const std::vector<std::string>& components, Journal& journal, const Means& means,
                                  Context& context) {
  Diagnostics warnings;
  auto warn = [&](const std::string& component, const Diagnostics& problems) {
    for (Diagnostic one : problems.items()) {
      one.severity = Severity::warning;
      if (one.where.empty()) one.where = component;
      warnings.add(std::move(one));
    }
  };
  auto commands = journal.rollback_commands();
  if (!commands) {
    warn("", commands.error());
    return warnings;
  }
  for (const auto& component : components) {
    const auto known = commands->find(component);
    if (known == commands->end()) continue;
    for (const auto& resource : known->second) {
      auto items = look_at_all({&resource}, means, context);
      if (!items) {
        warn(component, items.error());
        continue;
      }
      if (items->front().difference.action == Action::none) continue;
      Event event;
      event.event = "step";
      event.component = component;
      event.subject = to_string(resource.id);
      event.action = "run";
      Telling telling(context, event);
      Kind* kind = means.kind(resource.id.kind);
      auto undo = kind->prepare(*items, context);
      auto done = undo ? kind->change(*items, *undo, context) : undo;
      telling.done(done ? "done" : "failed", done ? "" : to_text(done.error()));
      if (!done) warn(component, done.error());
    }
  }
  return warnings;
}

Outcome roll_back(const RollbackRequest& request, const Requester& requester, Journal& journal, const Means& means,
                  Context& context) {
  auto open = journal.unfinished();
  if (!open) return refused(open.error());
  if (*open)
    return refused(Diagnostics({Severity::error,
                                Fault::failed,
                                {},
                                "transaction " + (*open)->info.id + " is not finished",
                                {},
                                "wright rollback again: it finishes that one first"}));
  auto blueprint = plan_reversal(request, journal, means, context);
  if (!blueprint) return refused(blueprint.error());
  if (blueprint->plan.digest != request.digest) return refused(Diagnostics(stale_plan({}, blueprint->plan)));
  if (blueprint->steps.empty() && blueprint->transactions.empty()) {
    Outcome outcome;
    outcome.state = "unchanged";
    return outcome;
  }
  Transaction transaction;
  transaction.info.id = new_transaction_id();
  transaction.info.run = requester.run;
  transaction.info.state = "open";
  transaction.info.kind = "rollback";
  transaction.info.started = utc_now();
  transaction.info.components = blueprint->components;
  transaction.controller = requester.controller;
  transaction.site = requester.site;
  transaction.undoes = blueprint->transactions;
  if (blueprint->forget_components) transaction.forgets = blueprint->components;
  context.transaction = transaction.info.id;
  const Diagnostics warnings = run_rollback_commands(blueprint->components, journal, means, context);
  for (std::size_t i = 0; i < blueprint->steps.size(); ++i)
    blueprint->steps[i].at = {transaction.info.id, static_cast<std::int64_t>(i)};
  release_space(context.state_folder);
  if (auto begun = journal.begin(transaction, blueprint->steps); !begun) {
    (void)reserve_space(context.state_folder);
    Diagnostics all = warnings;
    all.add(begun.error());
    return refused(std::move(all));
  }
  std::string note;
  for (const auto& id : transaction.undoes) note += (note.empty() ? "undid " : ", ") + id;
  Outcome outcome = bring_to_an_end(transaction, note, journal, means, context);
  append(outcome.quarantined, context.quarantined);
  append(outcome.kept, context.kept);
  outcome.diagnostics.add(warnings);
  return outcome;
}

}  // namespace wright::agent
