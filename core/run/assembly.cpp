#include "run/assembly.hpp"

#include <algorithm>

#include "run/keys.hpp"
#include "run/remembered_facts.hpp"
#include "site/secrets.hpp"

namespace wright {
namespace {

AskFacts asker(const Fleet& fleet) {
  return [&fleet](const std::map<std::string, std::set<std::string>>& wanted, FactsByHost& facts) -> Result<> {
    std::vector<std::pair<Session*, std::vector<std::string>>> questions;
    for (const auto& [host, names] : wanted)
      questions.emplace_back(fleet.find(host), std::vector<std::string>(names.begin(), names.end()));
    std::vector<Result<Value>> answers(questions.size(), Value());
    in_parallel(questions.size(), questions.size(), [&](std::size_t i) {
      answers[i] =
          ask(*questions[i].first, facts_request(questions[i].second), "facts", looking_deadline, [](const Event&) {});
    });
    Diagnostics problems;
    for (std::size_t i = 0; i < questions.size(); ++i) {
      if (!answers[i]) {
        problems.add(answers[i].error());
        continue;
      }
      Value::Map& known = facts[questions[i].first->host->name];
      const Value& reply = (*answers[i])["facts"];
      for (const auto& name : questions[i].second) known[name] = reply[name];
    }
    if (problems.has_errors()) return failure(problems);
    return {};
  };
}

std::vector<Fleet::Wanted> wanted_hosts(const Needs& needs, const Selection& selection, bool lock,
                                        const RememberedFacts& remembered) {
  std::vector<Fleet::Wanted> wanted;
  auto names = remembered.names(needs.instances);
  for (const auto* host : needs.hosts) {
    const bool takes_part = std::find(selection.hosts.begin(), selection.hosts.end(), host) != selection.hosts.end();
    wanted.push_back({host, lock && takes_part, std::move(names[host->name])});
  }
  return wanted;
}

std::vector<const SiteComponent*> components_of(const Needs& needs) {
  std::vector<const SiteComponent*> components;
  for (const auto& instance : needs.instances)
    if (components.empty() || components.back() != instance.component) components.push_back(instance.component);
  return components;
}

}  // namespace

Result<std::vector<Outcome>> recover(const Run& run, const std::vector<Session*>& hosts) {
  std::vector<Session*> open;
  for (auto* session : hosts)
    if (!session->welcome.interrupted.empty()) open.push_back(session);
  std::vector<Result<Outcome>> answers(open.size(), Outcome());
  const Interruption::Changing changing(run.interruption, [open] {
    for (auto* session : open) session->connection->close();
  });
  in_parallel(open.size(), open.size(), [&](std::size_t i) {
    Event event;
    event.host = open[i]->host->name;
    event.event = "note";
    event.text =
        "rolling back transaction " + open[i]->welcome.interrupted.front().id + ", which an earlier run left open";
    run.on_event(event);
    auto answer = ask(*open[i], plain_message("recover"), "outcome", changing_deadline, run.on_event);
    answers[i] = answer ? outcome_in(*answer) : failure(answer.error());
  });
  std::vector<Outcome> outcomes;
  Diagnostics problems;
  for (std::size_t i = 0; i < open.size(); ++i) {
    if (!answers[i]) {
      problems.add(answers[i].error());
      continue;
    }
    answers[i]->host = open[i]->host->name;
    outcomes.push_back(std::move(*answers[i]));
  }
  if (problems.has_errors()) return failure(problems);
  return outcomes;
}

Result<Assembly> assemble(const Run& run, const Purpose& purpose) {
  Assembly out;
  auto selection = select(run.site, run.words, run.limits, purpose.requirements);
  if (!selection) return failure(selection.error());
  out.selection = std::move(*selection);
  auto needs = needs_of(run.site, out.selection);
  if (!needs) return failure(needs.error());

  auto secrets = needed_secrets(run.site);
  if (!secrets) return failure(secrets.error());

  // The worker starts while hosts are connected to, and judges the options meanwhile.
  auto plugins = run.ports.start_plugins();
  if (!plugins) return failure(plugins.error());
  out.run_id = new_run_id();
  RememberedFacts remembered(run.site.folder);
  out.fleet.emplace(run, wanted_hosts(*needs, out.selection, purpose.lock, remembered), out.run_id);
  auto descriptions = describe_and_check(run.site, components_of(*needs), run.plugin_files, **plugins, out.warnings);
  if (!descriptions) return failure(descriptions.error());
  auto key = site_key(run.site.folder);
  if (!key) return failure(key.error());
  out.unreached = out.fleet->greet(*key, run.skip_unreachable, out.warnings);
  if (out.unreached.has_errors() && (!purpose.partial || out.fleet->ready().empty())) return failure(out.unreached);

  std::vector<std::string> reached;
  for (auto* session : out.fleet->ready())
    if (std::find(out.selection.hosts.begin(), out.selection.hosts.end(), session->host) != out.selection.hosts.end()) {
      out.hosts.push_back(session);
      reached.push_back(session->host->name);
    }
  if (purpose.lock) {
    auto recovered = recover(run, out.hosts);
    if (!recovered) return failure(recovered.error());
    out.recovered = std::move(*recovered);
  }

  Sources sources;
  for (auto* session : out.fleet->ready()) {
    // Not of a host that was put back after it had answered.
    const bool put_back = purpose.lock && !session->welcome.interrupted.empty();
    for (const auto& name : session->facts) {
      const auto answer = session->welcome.facts.find(name);
      if (answer == session->welcome.facts.end()) continue;
      if (!put_back) sources.early[session->host->name][name] = std::move(answer->second);
      session->welcome.facts.erase(answer);
    }
    sources.facts[session->host->name] = facts_of(*session->host, session->welcome.facts);
  }
  sources.ask = asker(*out.fleet);
  sources.lacked = [&](const Instance& instance, const auto& names) { remembered.learn(instance, names); };
  sources.secrets = std::move(*secrets);
  auto evaluated = evaluate(run.site, needs->instances, *descriptions, **plugins, sources, out.warnings);
  if (!evaluated) {
    Diagnostics problems = out.unreached;
    problems.add(evaluated.error());
    return failure(problems);
  }
  remembered.save(run.site, *evaluated);
  auto catalogs = build_catalogs(run.site, out.selection, reached, *evaluated);
  if (!catalogs) return failure(catalogs.error());
  out.catalogs = std::move(*catalogs);
  return out;
}

}  // namespace wright
