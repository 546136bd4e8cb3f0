#include "agent/transaction/applying.hpp"

#include <algorithm>
#include <set>

#include "agent/failpoint.hpp"
#include "agent/journal/reserve.hpp"
#include "agent/transaction/execution.hpp"
#include "model/stale_plan.hpp"

namespace wright::agent {
namespace {

Outcome refused(const Diagnostics& problems) {
  Outcome outcome;
  outcome.state = "refused";
  outcome.diagnostics = problems;
  return outcome;
}

Transaction transaction_for(const Blueprint& blueprint, const Requester& requester) {
  std::set<std::string> components;
  for (const auto& change : blueprint.plan.changes)
    components.insert(change.components.begin(), change.components.end());
  Transaction transaction;
  transaction.info.id = new_transaction_id();
  transaction.info.run = requester.run;
  transaction.info.state = "open";
  transaction.info.kind = "apply";
  transaction.info.started = utc_now();
  transaction.info.components.assign(components.begin(), components.end());
  transaction.controller = requester.controller;
  transaction.site = requester.site;
  return transaction;
}

/// What a component wants done before it is undone is known from now on; of those that left, nothing is.
void remember_components(const Catalog& catalog, Journal& journal, Ending& ending) {
  for (const auto& component : catalog.components) ending.rollback_commands[component.name] = component.rollback;
  if (!catalog.everything) return;
  auto known = journal.rollback_commands();
  if (!known) return;
  for (const auto& [name, commands] : *known)
    if (std::find(catalog.known_components.begin(), catalog.known_components.end(), name) ==
        catalog.known_components.end())
      ending.forget_components.push_back(name);
}

std::string first_error(const Diagnostics& problems) {
  for (const auto& one : problems.items())
    if (one.severity == Severity::error) return one.where.empty() ? one.what : one.where + ": " + one.what;
  return "it failed";
}

/// The failure comes first, then what the rollback has to say.
Outcome taken_back(const Transaction& transaction, const Diagnostics& why, Journal& journal, const Means& means,
                   const Context& context) {
  Outcome outcome = bring_to_an_end(transaction, first_error(why), journal, means, context);
  Diagnostics all = why;
  all.add(outcome.diagnostics);
  outcome.diagnostics = std::move(all);
  return outcome;
}

Outcome stopped(const Transaction& transaction, const Catalog& catalog, Execution& execution, const Diagnostics& why,
                Journal& journal, const Means& means) {
  Outcome outcome;
  outcome.state = "stopped";
  outcome.transaction = transaction.info.id;
  outcome.changed = execution.changed();
  outcome.diagnostics = why;
  Ending ending;
  ending.transaction = transaction.info.id;
  Result<> written;
  if (execution.made_nothing()) {
    ending.state = "rolled_back";
    ending.note = "stopped before anything was changed: " + first_error(why);
  } else {
    // What is made stays and counts, so that it can be rolled back and the next apply makes the rest.
    written = execution.write_down_what_is_left(true);
    if (written) written = means.sync();
    ending.state = "committed";
    ending.note = "stopped: " + first_error(why);
    ending.restarted = execution.restarted();
    remember_components(catalog, journal, ending);
  }
  if (written) written = journal.end(ending);
  if (!written) outcome.diagnostics.add(written.error());
  return outcome;
}

}  // namespace

Outcome apply(const ApplyRequest& request, const Requester& requester, Journal& journal, const Means& means,
              Context& context, Conversation& conversation) {
  auto open = journal.unfinished();
  if (!open) return refused(open.error());
  if (*open)
    return refused(Diagnostics({Severity::error,
                                Fault::failed,
                                {},
                                "transaction " + (*open)->info.id + " of " + (*open)->info.started + " is not finished",
                                (*open)->info.note,
                                "recover it first: wright rollback does, and so does a new wright apply"}));
  auto blueprint = make_plan(request.catalog, journal, means, context);
  if (!blueprint) return refused(blueprint.error());
  if (blueprint->plan.digest != request.digest)
    return refused(Diagnostics(stale_plan(request.states, blueprint->plan)));
  Outcome outcome;
  outcome.unchanged = blueprint->plan.unchanged;
  if (blueprint->plan.changes.empty()) {
    outcome.state = "unchanged";
    return outcome;
  }
  if (context.cancelled()) return refused(Diagnostics(interruption("the run was interrupted")));

  const Transaction transaction = transaction_for(*blueprint, requester);
  auto begun = journal.begin(transaction, {});
  if (begun) begun = reserve_space(context.state_folder);
  if (!begun) {
    Ending ending;
    ending.transaction = transaction.info.id;
    ending.state = "rolled_back";
    ending.note = first_error(begun.error());
    (void)journal.end(
        ending);  // nothing was changed; if not even this can be written the next contact finds an empty one
    return refused(begun.error());
  }
  context.transaction = transaction.info.id;
  Execution execution(request.catalog, *blueprint, journal, means, context, conversation);
  auto result = execution.carry_out();
  if (result) result = means.sync();
  if (result) {
    Ending ending;
    ending.transaction = transaction.info.id;
    ending.state = "prepared";
    ending.restarted = execution.restarted();
    result = journal.end(ending);
  }
  if (!result) {
    if (request.on_failure == "stop" && !context.cancelled())
      outcome = stopped(transaction, request.catalog, execution, result.error(), journal, means);
    else
      outcome = taken_back(transaction, result.error(), journal, means, context);
    outcome.unchanged = blueprint->plan.unchanged;
    outcome.diagnostics.add(execution.warnings());
    return outcome;
  }
  outcome.state = "prepared";
  outcome.transaction = transaction.info.id;
  outcome.changed = execution.changed();
  outcome.quarantined = context.quarantined;
  outcome.kept = context.kept;
  outcome.diagnostics = execution.warnings();
  return outcome;
}

Outcome decide(const ApplyRequest& request, Outcome prepared, Journal& journal, const Means& means, Context& context,
               Conversation& conversation) {
  const auto decision = conversation.await_decision();
  if (decision && *decision) {
    Ending ending;
    ending.transaction = prepared.transaction;
    ending.state = "committed";
    remember_components(request.catalog, journal, ending);
    auto committed = fail_point("before_commit");
    if (committed) committed = journal.end(ending);
    if (committed) {
      prepared.state = "committed";
      return prepared;
    }
    prepared.diagnostics.add(committed.error());
  } else if (!decision) {
    prepared.diagnostics.add(interruption("the controller was gone before it decided"));
  }
  auto open = journal.unfinished();
  if (!open || !*open || (*open)->info.id != prepared.transaction) {
    prepared.state = "incomplete";
    if (!open) prepared.diagnostics.add(open.error());
    return prepared;
  }
  const std::string why = decision ? "the run was rolled back" : "the controller was gone before it decided";
  Outcome outcome = bring_to_an_end(**open, why, journal, means, context);
  Diagnostics all = prepared.diagnostics;
  all.add(outcome.diagnostics);
  outcome.diagnostics = std::move(all);
  outcome.unchanged = prepared.unchanged;
  return outcome;
}

}  // namespace wright::agent
