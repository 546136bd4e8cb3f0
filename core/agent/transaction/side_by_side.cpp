#include <algorithm>
#include <memory>
#include <thread>

#include "agent/baton.hpp"
#include "agent/transaction/execution.hpp"

namespace wright::agent {
namespace {

constexpr std::size_t most_at_once = 4;
constexpr std::chrono::minutes longest_wait{30};  // for a component of another host

template <class T>
void append(std::vector<T>& to, const std::vector<T>& more) {
  to.insert(to.end(), more.begin(), more.end());
}

}  // namespace

/// A component that is being brought about in a thread of its own.
struct Execution::Running {
  Running(const CatalogComponent& which, const Context& like, Baton& baton)
      : component(which), context(like), lane{context, which.name} {
    context.baton = &baton;
    context.request.clear();
    context.quarantined.clear();
    context.kept.clear();
  }

  const CatalogComponent& component;
  Context context;
  Lane lane;
  Result<> result;
  bool began = false;
  bool ended = false;
  std::thread thread;
};

/// Everything that orders it after other components of this host.
bool Execution::may_begin(const CatalogComponent& component) const {
  const auto is_here = [&](const std::string& name) {
    return std::any_of(catalog_.components.begin(), catalog_.components.end(),
                       [&](const CatalogComponent& c) { return c.name == name; });
  };
  const auto is_done = [&](const std::string& name) { return finished_.contains(name) || !is_here(name); };
  const auto& needs = segment_of(component).needs;
  return std::all_of(component.requires_.begin(), component.requires_.end(), is_done) &&
         std::all_of(needs.begin(), needs.end(), is_done);
}

const Segment& Execution::segment_of(const CatalogComponent& component) const {
  return blueprint_.segments[static_cast<std::size_t>(&component - catalog_.components.data()) + 1];
}

void Execution::tell_waiting(const std::string& component, const std::string& token) const {
  Event event;
  event.event = "waiting";
  event.state = "started";
  event.component = component;
  event.subject = token;
  context_.emit(event);
}

const CatalogComponent* Execution::next_component(const std::vector<const CatalogComponent*>& left) {
  for (const auto* component : left) {
    if (!may_begin(*component)) continue;
    if (std::all_of(component->waits_for.begin(), component->waits_for.end(),
                    [&](const std::string& token) { return conversation_.released(token); }))
      return component;
    for (const auto& token : component->waits_for) {
      if (conversation_.released(token) || !told_waiting_.insert(component->name + "/" + token).second) continue;
      tell_waiting(component->name, token);
    }
  }
  return nullptr;
}

Result<> Execution::configure(Lane& lane, const CatalogComponent& component) {
  Event phase;
  phase.event = "phase";
  phase.subject = "configure";
  phase.component = component.name;
  Telling telling(lane.context, phase);
  auto configured = segment(lane, segment_of(component));
  if (configured && components_changed_.contains(component.name)) configured = await_readiness(lane);
  telling.done(configured ? "done" : "failed");
  if (!configured) return configured;
  Event ready;
  ready.event = "ready";
  ready.state = "done";
  ready.component = component.name;
  lane.context.emit(ready);
  return {};
}

std::unique_ptr<Execution::Running> Execution::begin(const CatalogComponent& component, Baton& baton) {
  auto running = std::make_unique<Running>(component, context_, baton);
  running->thread = std::thread([this, &baton, &one = *running] {
    const Turn turn(baton);
    one.began = true;
    baton.tell();
    one.result = configure(one.lane, one.component);
    if (!one.result) ending_ = true;
    one.ended = true;
    baton.tell();
  });
  return running;
}

/// What other hosts make, and this one joins; or those that join what is made here, which are told as soon as it is
/// their turn. Others work meanwhile.
Result<> Execution::await_makers(Lane& lane, const Resource& resource) {
  const auto tokens = catalog_.joining.find(to_string(resource.id));
  if (tokens == catalog_.joining.end()) return {};
  if (Value(resource.attributes)["joins"].bool_or(false)) tell_joiners(lane, resource);
  Baton* const baton = lane.context.baton;
  const auto deadline = std::chrono::steady_clock::now() + longest_wait;
  for (const auto& token : tokens->second)
    while (!conversation_.released(token)) {
      if (told_waiting_.insert(lane.component + "/" + token).second) tell_waiting(lane.component, token);
      if (lane.context.cancelled()) return failure(interruption("the run was interrupted"));
      if (ending_) {
        lane.gave_way = true;
        return failure(interruption("another component failed"));
      }
      bool may_come = std::chrono::steady_clock::now() < deadline;
      if (baton != nullptr)
        baton->wait_until_told();
      else
        may_come = conversation_.await_release(deadline);
      if (!may_come)
        return failure(to_string(resource.id),
                       "what it waits for on another host did not come in 30 minutes: " + token);
    }
  return {};
}

void Execution::tell_joiners(const Lane& lane, const Resource& resource) const {
  const std::string id = to_string(resource.id);
  if (std::find(catalog_.joined.begin(), catalog_.joined.end(), id) == catalog_.joined.end()) return;
  Event ready;
  ready.event = "ready";
  ready.state = "done";
  ready.component = lane.component;
  ready.subject = id;
  lane.context.emit(ready);
}

/// In the catalog's order as far as its components need each other. A component that waits for another host lets the
/// others pass, as hosts may wait for each other; and while one waits for a program, a service or an answer, the others
/// work.
Result<> Execution::components() {
  std::vector<const CatalogComponent*> left;
  for (const auto& component : catalog_.components) left.push_back(&component);
  std::vector<std::unique_ptr<Running>> running;
  Baton baton;
  const Turn turn(baton);
  auto deadline = std::chrono::steady_clock::now() + longest_wait;
  std::map<const CatalogComponent*, Diagnostics> failed;
  while (!left.empty() || !running.empty()) {
    const bool ends = ending_ || context_.cancelled();
    if (ends && running.empty()) break;
    const auto* next = ends || running.size() == most_at_once ? nullptr : next_component(left);
    if (next != nullptr) {
      std::erase(left, next);
      running.push_back(begin(*next, baton));
      // So that components of which none waits come in the catalog's order, each time the same.
      while (!running.back()->began) baton.wait_until_told();
      continue;
    }
    if (running.empty()) {
      if (conversation_.await_release(deadline)) continue;
      if (context_.cancelled()) break;
      return failure(left.front()->name, "what it waits for on other hosts did not become ready in 30 minutes");
    }
    baton.wait_until_told();
    for (const auto& one : running) {
      if (!one->ended) continue;
      one->thread.join();
      append(context_.quarantined, one->context.quarantined);
      append(context_.kept, one->context.kept);
      deadline = std::chrono::steady_clock::now() + longest_wait;
      if (one->result)
        finished_.insert(one->component.name);
      else if (!one->lane.gave_way)
        failed[&one->component] = one->result.error();
    }
    std::erase_if(running, [](const auto& one) { return one->ended; });
  }
  context_.request.clear();
  Diagnostics problems;
  for (const auto& [component, problem] : failed)
    for (const auto& one : problem.items())
      if (!context_.cancelled() || one.fault != Fault::interrupted) problems.add(one);
  if (problems.has_errors()) return failure(problems);
  if (context_.cancelled()) return failure(interruption("the run was interrupted"));
  Lane last{context_, {}};
  return notify_passed(last);
}

}  // namespace wright::agent
