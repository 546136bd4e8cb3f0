#include "agent/transaction/asking.hpp"

#include <algorithm>
#include <map>
#include <thread>

#include "agent/baton.hpp"

namespace wright::agent {
namespace {

constexpr std::size_t most_at_once = 8;
constexpr std::int64_t impatient_ms = 1000;
/// Of components that may need one that is stopped: long for what only works, short for who waits for the answer.
constexpr std::int64_t doubtful_ms = 20000;
/// Of what a component is asked after its first probe failed: nothing waits for a start any more.
constexpr std::int64_t after_failure_ms = 5000;

Result<> patiently(const Probe& probe, const Means& means, Context& context) {
  const Aside aside(context);
  return means.probe(probe, context);
}

std::vector<std::vector<std::size_t>> by_component(const std::vector<Probe>& probes) {
  std::vector<std::vector<std::size_t>> out;
  std::map<std::string, std::size_t> places;
  for (std::size_t i = 0; i < probes.size(); ++i) {
    if (probes[i].from != "host") continue;
    const auto [place, is_new] = places.emplace(probes[i].component, out.size());
    if (is_new) out.emplace_back();
    out[place->second].push_back(i);
  }
  return out;
}

/// What does not run, by component; told as a probe that failed.
std::multimap<std::string, Diagnostic> find_stopped(const VerifyRequest& request, const Means& means,
                                                    const Context& context, Diagnostics& problems) {
  std::multimap<std::string, Diagnostic> out;
  std::vector<std::string> names;
  std::map<std::string, std::string> component_of;
  for (const auto& [component, units] : request.units)
    for (const auto& unit : units)
      if (component_of.emplace("service:" + unit, component).second) names.push_back(unit);
  auto stopped = means.stopped(names, context);
  if (!stopped) {
    problems.add(stopped.error());
    return out;
  }
  for (auto& one : *stopped) {
    const std::string& component = component_of[one.where];
    Event event;
    event.event = "probe";
    event.state = "failed";
    event.component = component;
    event.subject = one.where + " runs";
    event.text = one.what;
    context.emit(event);
    one.where = component + "/" + one.where;
    out.emplace(component, std::move(one));
  }
  return out;
}

}  // namespace

Diagnostics ask_one(const Probe& probe, const Means& means, Context& context) {
  Event event;
  event.event = "probe";
  event.component = probe.component;
  event.subject = probe.name;
  Telling telling(context, event);
  auto answer = patiently(probe, means, context);
  telling.done(answer ? "done" : "failed", answer ? "" : to_text(answer.error()));
  Diagnostics problems;
  if (answer) return problems;
  for (Diagnostic one : answer.error().items()) {
    if (one.where.empty()) one.where = probe.component + "/" + probe.name;
    problems.add(std::move(one));
  }
  return problems;
}

Diagnostics verify(const VerifyRequest& request, const Means& means, Context& context) {
  Diagnostics problems;
  const auto stopped = find_stopped(request, means, context, problems);
  auto probes = request.probes;
  for (auto& probe : probes)
    if (!stopped.empty())
      probe.deadline_ms = std::min(probe.deadline_ms, stopped.contains(probe.component) ? impatient_ms : doubtful_ms);
  for (const auto& [component, problem] : stopped) problems.add(problem);
  problems.add(ask_side_by_side(probes, means, context));
  return problems;
}

Diagnostics ask_side_by_side(const std::vector<Probe>& probes, const Means& means, Context& context) {
  const auto components = by_component(probes);
  std::vector<Diagnostics> found(probes.size());
  Baton baton;
  std::size_t next = 0;
  const auto work = [&] {
    Context own = context;
    own.baton = &baton;
    const Turn turn(baton);
    while (next < components.size()) {
      bool failed = false;
      for (const std::size_t place : components[next++]) {
        if (own.cancelled()) return;
        Probe probe = probes[place];
        if (failed) probe.deadline_ms = std::min(probe.deadline_ms, after_failure_ms);
        found[place] = ask_one(probe, means, own);
        failed = failed || found[place].has_errors();
      }
    }
  };
  std::vector<std::thread> threads;
  for (std::size_t i = 0; i < std::min(most_at_once, components.size()); ++i) threads.emplace_back(work);
  for (auto& thread : threads) thread.join();
  Diagnostics problems;
  for (const auto& one : found) problems.add(one);
  return problems;
}

}  // namespace wright::agent
