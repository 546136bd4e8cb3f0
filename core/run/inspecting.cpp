#include "run/inspecting.hpp"

#include <algorithm>

#include "base/nearest.hpp"
#include "model/fact_kinds.hpp"
#include "run/keys.hpp"
#include "run/lookup.hpp"

namespace wright {
namespace {

/// The same question to every host.
template <class T>
std::vector<Result<T>> ask_each(const std::vector<Session*>& hosts, const Value& request, std::string_view expected,
                                const std::function<Result<T>(const Value&)>& read) {
  std::vector<Result<T>> answers(hosts.size(), T());
  in_parallel(hosts.size(), hosts.size(), [&](std::size_t i) {
    auto answer = ask(*hosts[i], request, expected, looking_deadline, [](const Event&) {});
    answers[i] = answer ? read(*answer) : failure(answer.error());
    if (!answers[i]) answers[i] = failure(at_host(answers[i].error(), hosts[i]->host->name));
  });
  return answers;
}

template <class T>
Result<Inspected<T>> inspected(Contact& contact, std::vector<Result<T>> answers) {
  Inspected<T> out;
  out.warnings = std::move(contact.warnings);
  out.missing = std::move(contact.unreached);
  for (std::size_t i = 0; i < answers.size(); ++i) {
    if (answers[i])
      out.hosts.push_back({contact.hosts[i]->host->name, std::move(*answers[i])});
    else
      out.missing.add(answers[i].error());
  }
  if (out.hosts.empty() && out.missing.has_errors()) return failure(out.missing);
  return out;
}

/// What was asked for and a host's greeting did not wait for, such as lists of packages that must be fetched first.
std::vector<Result<Value::Map>> late_facts(const std::vector<Session*>& hosts, const std::vector<std::string>& asked) {
  std::vector<std::string> late;
  for (const auto& name : asked)
    if (is_asked_fact(name) && std::any_of(hosts.begin(), hosts.end(),
                                           [&](const Session* host) { return !host->welcome.facts.contains(name); }))
      late.push_back(name);
  if (late.empty()) return std::vector<Result<Value::Map>>(hosts.size(), Value::Map());
  return ask_each<Value::Map>(hosts, facts_request(late), "facts", [](const Value& reply) -> Result<Value::Map> {
    const auto* facts = reply["facts"].as_map();
    return facts == nullptr ? Value::Map() : *facts;
  });
}

/// A name that no host knows was mistyped; one that only some know is a difference between the hosts.
Diagnostics unknown_facts(const std::vector<Value::Map>& hosts, const std::vector<std::string>& asked) {
  Diagnostics problems;
  for (const auto& name : asked) {
    const auto knows = [&](const Value::Map& facts) { return !at_path(facts, name).is_null(); };
    if (hosts.empty() || is_asked_fact(name) || std::any_of(hosts.begin(), hosts.end(), knows)) continue;
    std::vector<std::string> known = paths_of(hosts.front());
    std::erase_if(known, [&](const std::string& path) { return at_path(hosts.front(), path).is_null(); });
    for (const auto kind : asked_fact_kinds)
      known.push_back(std::string(kind) + (kind == path_fact || kind == disk_fact ? ":/" : ":"));
    problems.add({Severity::error, Fault::usage, {}, "there is no fact \"" + name + "\"", {}, suggestion(name, known)});
  }
  return problems;
}

}  // namespace

Result<Contact> contact_hosts(const Run& run, const ContactPurpose& purpose) {
  // The words of these commands need not be in the site file any more, so only the hosts are selected.
  auto selection = select(run.site, {}, run.limits, false);
  if (!selection) return failure(selection.error());
  auto key = site_key(run.site.folder);
  if (!key) return failure(key.error());
  Contact contact;
  std::vector<Fleet::Wanted> wanted;
  for (const auto* host : selection->hosts) wanted.push_back({host, purpose.lock, purpose.facts});
  contact.fleet.emplace(run, wanted, new_run_id());
  contact.unreached = contact.fleet->greet(*key, run.skip_unreachable, contact.warnings);
  contact.hosts = contact.fleet->ready();
  if (contact.unreached.has_errors() && (!purpose.partial || contact.hosts.empty())) return failure(contact.unreached);
  return contact;
}

Result<std::vector<std::vector<TransactionInfo>>> histories_of(const std::vector<Session*>& hosts, std::int64_t limit) {
  std::vector<std::vector<TransactionInfo>> out;
  Diagnostics problems;
  for (auto& answer : ask_each<std::vector<TransactionInfo>>(hosts, history_request(limit), "history", history_in)) {
    if (answer)
      out.push_back(std::move(*answer));
    else
      problems.add(answer.error());
  }
  if (problems.has_errors()) return failure(problems);
  return out;
}

Result<Inspected<StatusReport>> status(const Run& run) {
  auto contact = contact_hosts(run, {.lock = false, .partial = true, .facts = {}});
  if (!contact) return failure(contact.error());
  return inspected(*contact,
                   ask_each<StatusReport>(contact->hosts, plain_message("status"), "status", status_report_from));
}

Result<Inspected<std::vector<TransactionInfo>>> history(const Run& run, std::int64_t limit) {
  auto contact = contact_hosts(run, {.lock = false, .partial = true, .facts = {}});
  if (!contact) return failure(contact.error());
  return inspected(
      *contact, ask_each<std::vector<TransactionInfo>>(contact->hosts, history_request(limit), "history", history_in));
}

Result<Inspected<Value::Map>> facts(const Run& run, const std::vector<std::string>& asked) {
  auto contact = contact_hosts(run, {.lock = false, .partial = true, .facts = asked});
  if (!contact) return failure(contact.error());
  auto late = late_facts(contact->hosts, asked);
  std::vector<Value::Map> facts;
  for (std::size_t i = 0; i < late.size(); ++i) {
    if (!late[i]) continue;
    const Session& session = *contact->hosts[i];
    late[i]->insert(session.welcome.facts.begin(), session.welcome.facts.end());
    late[i] = facts_of(*session.host, *late[i]);
    facts.push_back(*late[i]);
  }
  if (auto unknown = unknown_facts(facts, asked); unknown.has_errors()) return failure(unknown);
  return inspected(*contact, std::move(late));
}

}  // namespace wright
