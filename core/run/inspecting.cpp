#include "run/inspecting.hpp"

#include "run/keys.hpp"

namespace wright {
namespace {

/// The same question to every host; problems of all of them together.
template <class T>
Result<std::vector<T>> ask_each(const std::vector<Session*>& hosts, const Value& request, std::string_view expected,
                                const std::function<Result<T>(const Value&)>& read) {
  std::vector<Result<T>> answers(hosts.size(), T());
  in_parallel(hosts.size(), hosts.size(), [&](std::size_t i) {
    auto answer = ask(*hosts[i], request, expected, looking_deadline, [](const Event&) {});
    answers[i] = answer ? read(*answer) : failure(answer.error());
  });
  std::vector<T> out;
  Diagnostics problems;
  for (std::size_t i = 0; i < answers.size(); ++i) {
    if (answers[i])
      out.push_back(std::move(*answers[i]));
    else
      problems.add(at_host(answers[i].error(), hosts[i]->host->name));
  }
  if (problems.has_errors()) return failure(problems);
  return out;
}

template <class T>
Inspected<T> with_names(Contact& contact, std::vector<T> values) {
  Inspected<T> out;
  for (std::size_t i = 0; i < values.size(); ++i)
    out.hosts.push_back({contact.hosts[i]->host->name, std::move(values[i])});
  out.warnings = std::move(contact.warnings);
  return out;
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
  for (const auto* host : selection->hosts) wanted.push_back({host, purpose.lock});
  contact.fleet.emplace(run, wanted, new_run_id(), purpose.facts);
  if (auto greeted = contact.fleet->greet(*key, run.skip_unreachable, contact.warnings); !greeted)
    return failure(greeted.error());
  contact.hosts = contact.fleet->ready();
  return contact;
}

Result<std::vector<std::vector<TransactionInfo>>> histories_of(const std::vector<Session*>& hosts, std::int64_t limit) {
  return ask_each<std::vector<TransactionInfo>>(hosts, history_request(limit), "history", history_in);
}

Result<Inspected<StatusReport>> status(const Run& run) {
  auto contact = contact_hosts(run, {});
  if (!contact) return failure(contact.error());
  auto reports = ask_each<StatusReport>(contact->hosts, plain_message("status"), "status", status_report_from);
  if (!reports) return failure(reports.error());
  return with_names(*contact, std::move(*reports));
}

Result<Inspected<std::vector<TransactionInfo>>> history(const Run& run, std::int64_t limit) {
  auto contact = contact_hosts(run, {});
  if (!contact) return failure(contact.error());
  auto histories = histories_of(contact->hosts, limit);
  if (!histories) return failure(histories.error());
  return with_names(*contact, std::move(*histories));
}

Result<Inspected<Value::Map>> facts(const Run& run, const std::vector<std::string>& asked) {
  auto contact = contact_hosts(run, {.lock = false, .facts = asked});
  if (!contact) return failure(contact.error());
  std::vector<Value::Map> facts;
  for (const auto* session : contact->hosts) facts.push_back(facts_of(*session->host, session->welcome.facts));
  return with_names(*contact, std::move(facts));
}

}  // namespace wright
