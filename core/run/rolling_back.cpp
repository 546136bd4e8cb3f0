#include "run/rolling_back.hpp"

#include <algorithm>
#include <optional>

#include "base/nearest.hpp"
#include "run/coordination.hpp"
#include "run/inspecting.hpp"

namespace wright {
namespace {

constexpr std::int64_t looked_through = 200;  // transactions of a host, when the last run is looked for

using Histories = std::vector<std::vector<TransactionInfo>>;

bool can_be_undone(const TransactionInfo& t) { return t.kind == "apply" && t.state == "committed"; }

bool has(const std::vector<TransactionInfo>& history, const std::function<bool(const TransactionInfo&)>& wanted) {
  return std::any_of(history.begin(), history.end(), wanted);
}

/// The newest that can be undone of one host; histories are newest first, by number.
const TransactionInfo* newest(const std::vector<TransactionInfo>& history) {
  const auto found = std::find_if(history.begin(), history.end(), can_be_undone);
  return found == history.end() ? nullptr : &*found;
}

/// The run that changed any of the hosts last: one that no host has a later one than. Clocks, each host's own, decide
/// only between runs that have no host in common.
std::optional<std::string> last_run(const Histories& histories) {
  const TransactionInfo* last = nullptr;
  for (const auto& history : histories) {
    const auto* one = newest(history);
    if (one == nullptr || (last != nullptr && one->started <= last->started)) continue;
    const bool overtaken = std::any_of(histories.begin(), histories.end(), [&](const auto& other) {
      return has(other, [&](const TransactionInfo& t) { return can_be_undone(t) && t.run == one->run; }) &&
             newest(other)->run != one->run;
    });
    if (!overtaken) last = one;
  }
  if (last == nullptr) return std::nullopt;
  return last->run;
}

struct Question {
  Session* session = nullptr;
  RollbackRequest request;
};

/// What to ask of which host. Hosts that have nothing to undo are left out.
Result<std::vector<Question>> questions_for(const Run& run, const RollbackSettings& settings,
                                            const std::vector<Session*>& hosts, const std::vector<Outcome>& recovered) {
  std::vector<Question> questions;
  if (!run.words.empty()) {
    for (auto* session : hosts) {
      RollbackRequest request;
      for (const auto& word : run.words) {
        const auto* component = run.site.component(word);
        // A component that left the site file may be anywhere.
        if (component == nullptr ||
            std::find(component->hosts.begin(), component->hosts.end(), session->host->name) != component->hosts.end())
          request.components.push_back(word);
      }
      if (!request.components.empty()) questions.push_back({session, std::move(request)});
    }
    return questions;
  }
  auto histories = histories_of(hosts, looked_through);
  if (!histories) return failure(histories.error());
  std::optional<std::string> wanted;
  for (const auto& outcome : recovered)
    for (auto* session : hosts)
      if (session->host->name == outcome.host) wanted = session->welcome.interrupted.front().run;
  if (!wanted) wanted = last_run(*histories);
  for (std::size_t i = 0; i < hosts.size(); ++i) {
    RollbackRequest request;
    if (!settings.to.empty()) {
      if (!has((*histories)[i], [&](const TransactionInfo& t) { return t.id == settings.to; })) continue;
      request.to = settings.to;
    } else {
      if (!wanted ||
          !has((*histories)[i], [&](const TransactionInfo& t) { return can_be_undone(t) && t.run == *wanted; }))
        continue;
      request.run = *wanted;
    }
    questions.push_back({hosts[i], std::move(request)});
  }
  if (questions.empty() && !settings.to.empty())
    return failure({Severity::error,
                    Fault::usage,
                    "--to",
                    "no host has a transaction \"" + settings.to + "\"",
                    {},
                    "wright history"});
  return questions;
}

Result<std::vector<Plan>> plans_of(const std::vector<Question>& questions) {
  std::vector<Result<Plan>> answers(questions.size(), Plan());
  in_parallel(questions.size(), questions.size(), [&](std::size_t i) {
    auto answer = ask(*questions[i].session, to_message(questions[i].request, "plan_rollback"), "plan",
                      looking_deadline, [](const Event&) {});
    answers[i] = answer ? plan_in(*answer) : failure(answer.error());
    if (answers[i]) answers[i]->host = questions[i].session->host->name;
  });
  std::vector<Plan> plans;
  Diagnostics problems;
  for (auto& answer : answers) {
    if (answer)
      plans.push_back(std::move(*answer));
    else
      problems.add(answer.error());
  }
  if (problems.has_errors()) return failure(problems);
  return plans;
}

/// Words that name no component of the site file, and nothing that any host has of one that left it.
Diagnostics unknown_words(const Run& run, const std::vector<Plan>& plans) {
  Diagnostics unknown;
  std::vector<std::string> names;
  for (const auto& component : run.site.components) names.push_back(component.name);
  for (const auto& word : run.words) {
    if (run.site.component(word) != nullptr) continue;
    const bool somewhere = std::any_of(plans.begin(), plans.end(), [&](const Plan& plan) {
      return std::any_of(plan.changes.begin(), plan.changes.end(), [&](const Change& change) {
        return std::find(change.components.begin(), change.components.end(), word) != change.components.end();
      });
    });
    if (somewhere) continue;
    unknown.add({Severity::error,
                 Fault::usage,
                 {},
                 "no component \"" + word + "\" in the site file, and no host has anything of one",
                 {},
                 suggestion(word, names)});
  }
  return unknown;
}

/// Components that stay although what they require is taken off.
Diagnostics left_without(const Run& run) {
  Diagnostics warnings;
  const auto goes = [&](const std::string& name) {
    return std::find(run.words.begin(), run.words.end(), name) != run.words.end();
  };
  for (const auto& component : run.site.components)
    for (const auto& required : component.requires_)
      if (goes(required) && !goes(component.name))
        warnings.add({Severity::warning,
                      Fault::failed,
                      component.name,
                      "requires \"" + required + "\", which is taken off, and stays itself",
                      {},
                      "to take it off too: wright rollback " + required + " " + component.name});
  return warnings;
}

}  // namespace

Result<Changed> rollback(const Run& run, const RollbackSettings& settings, const Decide& decide) {
  auto contact = contact_hosts(run, {.lock = true, .facts = {}});
  if (!contact) return failure(contact.error());
  Changed changed;
  auto recovered = recover(run, contact->hosts);
  if (!recovered) return failure(recovered.error());
  changed.outcomes = *recovered;
  if (std::any_of(recovered->begin(), recovered->end(), [](const Outcome& o) { return o.state == "incomplete"; }))
    return changed;

  auto questions = questions_for(run, settings, contact->hosts, *recovered);
  if (!questions) return failure(questions.error());
  auto plans = plans_of(*questions);
  if (!plans) return failure(plans.error());
  if (const auto unknown = unknown_words(run, *plans); unknown.has_errors()) return failure(unknown);
  if (plans->empty() && !recovered->empty()) return changed;
  Diagnostics warnings = contact->warnings;
  warnings.add(left_without(run));
  auto go_on = decide(*plans, warnings);
  if (!go_on) return failure(go_on.error());
  if (plans->empty()) return changed;
  if (!*go_on) {
    changed.declined = true;
    return changed;
  }

  const auto levels = host_levels(run.site);
  std::vector<Part> parts;
  for (std::size_t i = 0; i < questions->size(); ++i) {
    Question& question = (*questions)[i];
    question.request.digest = (*plans)[i].digest;
    Part part;
    part.session = question.session;
    part.request = to_message(question.request, "rollback");
    part.level = levels.find(question.session->host->name)->second;
    part.stage = run.site.hosts.size() - part.level;
    parts.push_back(std::move(part));
  }
  Coordination coordination(run, std::move(parts), Manner::roll_back);
  auto outcomes = coordination.carry_out([] { return Diagnostics(); });
  for (auto& outcome : outcomes) {
    std::erase_if(changed.outcomes, [&](const Outcome& o) { return o.host == outcome.host; });
    changed.outcomes.push_back(std::move(outcome));
  }
  return changed;
}

}  // namespace wright
