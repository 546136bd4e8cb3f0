#include "run/verifying.hpp"

#include <chrono>
#include <set>
#include <thread>

namespace wright {
namespace {

constexpr std::size_t probes_at_once = 16;
constexpr std::chrono::milliseconds login_pause{200};

std::int64_t since(std::chrono::steady_clock::time_point start) {
  return std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::steady_clock::now() - start).count();
}

VerifyRequest request_for(const Catalog& catalog) {
  VerifyRequest request;
  request.probes = catalog.probes;
  for (const auto& resource : catalog.resources) {
    if (resource.id.kind != "service" || resource.components.empty()) continue;
    const auto running = resource.attributes.find("running");
    if (running != resource.attributes.end() && running->second.bool_or(false))
      request.units[resource.components.front()].push_back(resource.id.name);
  }
  return request;
}

/// Asks it in the controller's own process; a login is a second connection to the host.
Result<> ask_outside(const Run& run, const std::string& host, const Probe& probe) {
  if (probe.kind != "login") return run.ports.probe(probe);
  const auto* of_site = run.site.host(host);
  if (of_site == nullptr || of_site->address == "local") return {};
  const auto end = std::chrono::steady_clock::now() + std::chrono::milliseconds(probe.deadline_ms);
  while (true) {
    auto connection = run.ports.connect(target_of(run.site, *of_site));
    if (connection) {
      (*connection)->close();
      return {};
    }
    // A server that was just told to read its files anew does not listen for a moment.
    const auto& problems = connection.error().items();
    const bool away = !problems.empty() && problems.front().fault == Fault::unreachable;
    if (!away || std::chrono::steady_clock::now() >= end) return failure(connection.error());
    std::this_thread::sleep_for(login_pause);
  }
}

Result<Outcome> verify_host(const Run& run, Session& session, const Catalog& catalog) {
  auto answer = ask(session, to_message(request_for(catalog)), "outcome", looking_deadline, run.on_event);
  if (!answer) return failure(answer.error());
  auto outcome = outcome_in(*answer);
  if (!outcome) return failure(at_host(outcome.error(), session.host->name));
  outcome->host = session.host->name;
  outcome->diagnostics = at_host(outcome->diagnostics, session.host->name);
  return outcome;
}

/// The last problem of each component says what to do about all of them.
Diagnostics with_next_steps(const Diagnostics& problems) {
  std::vector<Diagnostic> all = problems.items();
  std::set<std::string> told;
  for (auto one = all.rbegin(); one != all.rend(); ++one) {
    const std::size_t host = one->where.find('/');
    if (one->severity != Severity::error || !one->next.empty() || host == std::string::npos) continue;
    const std::string component = one->where.substr(host + 1, one->where.find('/', host + 1) - host - 1);
    if (!told.insert(component).second) continue;
    one->next = "wright plan " + component + " shows what moved, and wright apply " + component +
                " mends it; if nothing did, ask the host: systemctl --failed, journalctl -p warning";
  }
  Diagnostics out;
  for (auto& one : all) out.add(std::move(one));
  return out;
}

/// Probes that fail, or pass by chance, are no riddle when it is known that a host is half way.
Diagnostics left_open(const std::vector<Session*>& hosts) {
  Diagnostics out;
  for (const auto* session : hosts)
    for (const auto& one : session->welcome.interrupted)
      out.add(
          {Severity::warning, Fault::failed, session->host->name,
           "transaction " + one.id + " of " + one.started +
               (one.held_by.empty() ? " was interrupted" : " is at work there: " + one.held_by),
           one.note,
           one.held_by.empty() ? "wright apply or wright rollback undoes it first" : "verify again when it has ended"});
  return out;
}

}  // namespace

Diagnostics probe_from_controller(const Run& run,
                                  const std::map<std::string, std::vector<Probe>, std::less<>>& probes) {
  std::vector<std::pair<std::string, Probe>> all;
  for (const auto& [host, of_host] : probes)
    for (const auto& probe : of_host) all.emplace_back(host, probe);
  std::vector<Diagnostics> found(all.size());
  in_parallel(all.size(), probes_at_once, [&](std::size_t i) {
    const auto& [host, probe] = all[i];
    const auto start = std::chrono::steady_clock::now();
    const auto answer = ask_outside(run, host, probe);
    Event event;
    event.host = host;
    event.event = "probe";
    event.component = probe.component;
    event.subject = probe.name;
    event.state = answer ? "done" : "failed";
    event.elapsed_ms = since(start);
    if (!answer) {
      for (Diagnostic one : answer.error().items()) {
        one.where = probe.component.empty() ? host : host + "/" + probe.component;
        one.what = probe.name + " (asked from the controller): " + one.what;
        event.text = one.what;
        found[i].add(std::move(one));
      }
    }
    run.on_event(event);
  });
  Diagnostics problems;
  for (const auto& one : found) problems.add(one);
  return problems;
}

Result<Verified> verify(const Run& run) {
  auto assembly = assemble(run, {.lock = false, .requirements = false, .partial = true});
  if (!assembly) return failure(assembly.error());
  const std::size_t hosts = assembly->hosts.size();
  std::vector<Result<Outcome>> answers(hosts, Outcome());
  Diagnostics outside;
  in_parallel(hosts + 1, hosts + 1, [&](std::size_t i) {
    if (i == hosts) {
      outside = probe_from_controller(run, assembly->catalogs.from_controller);
      return;
    }
    Session& session = *assembly->hosts[i];
    answers[i] = verify_host(run, session, assembly->catalogs.by_host.find(session.host->name)->second);
  });
  Verified verified;
  verified.missing = std::move(assembly->unreached);
  for (auto& answer : answers) {
    if (!answer) {
      verified.missing.add(answer.error());
      continue;
    }
    for (const auto& one : outside.items())
      if (one.where.starts_with(answer->host + "/")) {
        answer->diagnostics.add(one);
        answer->state = "verify_failed";
      }
    answer->diagnostics = with_next_steps(answer->diagnostics);
    verified.outcomes.push_back(std::move(*answer));
  }
  if (verified.outcomes.empty() && verified.missing.has_errors()) return failure(verified.missing);
  verified.warnings = std::move(assembly->warnings);
  verified.warnings.add(left_open(assembly->hosts));
  return verified;
}

}  // namespace wright
