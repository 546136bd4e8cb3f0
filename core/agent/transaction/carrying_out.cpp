#include <algorithm>

#include "agent/failpoint.hpp"
#include "agent/plan/looking.hpp"
#include "agent/transaction/execution.hpp"
#include "model/kinds.hpp"

namespace wright::agent {
namespace {

constexpr std::size_t made_at_once = 256;
constexpr std::chrono::minutes longest_wait{30};  // for a component of another host

Event phase_event(const std::string& phase, const std::string& component = {}) {
  Event event;
  event.event = "phase";
  event.subject = phase;
  event.component = component;
  return event;
}

bool has_validate(const Item& item) {
  return item.difference.action != Action::none && item.resource->attributes.contains("validate");
}

}  // namespace

Result<> Execution::carry_out() {
  if (!blueprint_.bookkeeping.empty()) {
    Step step;
    step.at = {context_.transaction, next_++};
    step.kind = "bookkeeping";
    step.touched = blueprint_.bookkeeping;
    if (auto intended = journal_.intend({step}, {}); !intended) return intended;
  }
  if (auto pruned = prune(); !pruned) return pruned;
  {
    Telling telling(context_, phase_event("install"));
    auto installed = segment(blueprint_.segments.front());
    telling.done(installed ? "done" : "failed");
    if (!installed) return installed;
  }
  if (auto configured = components(); !configured) return configured;
  if (context_.cancelled()) return failure(interruption("the run was interrupted"));
  if (auto written = write_down_what_is_left(false); !written) return written;
  Telling telling(context_, phase_event("verify"));
  auto verified = run_probes({}, true);
  telling.done(verified ? "done" : "failed");
  return verified;
}

const CatalogComponent* Execution::next_component(const std::vector<const CatalogComponent*>& left,
                                                  const std::set<std::string>& finished) {
  for (const auto* component : left) {
    const bool local =
        std::all_of(component->requires_.begin(), component->requires_.end(), [&](const std::string& name) {
          return finished.contains(name) || std::none_of(catalog_.components.begin(), catalog_.components.end(),
                                                         [&](const CatalogComponent& c) { return c.name == name; });
        });
    const bool far = std::all_of(component->waits_for.begin(), component->waits_for.end(),
                                 [&](const std::string& token) { return conversation_.released(token); });
    if (local && far) return component;
    if (!local || far) continue;
    for (const auto& token : component->waits_for) {
      if (conversation_.released(token) || !told_waiting_.insert(component->name + "/" + token).second) continue;
      Event event;
      event.event = "waiting";
      event.state = "started";
      event.component = component->name;
      event.subject = token;
      context_.emit(event);
    }
  }
  return nullptr;
}

/// In the catalog's order, but a component that waits for another host lets the others pass: hosts may wait for each
/// other.
Result<> Execution::components() {
  std::vector<const CatalogComponent*> left;
  for (const auto& component : catalog_.components) left.push_back(&component);
  std::set<std::string> finished;
  auto deadline = std::chrono::steady_clock::now() + longest_wait;
  while (!left.empty()) {
    if (context_.cancelled()) return failure(interruption("the run was interrupted"));
    const CatalogComponent* component = next_component(left, finished);
    if (component == nullptr) {
      if (conversation_.await_release(deadline)) continue;
      if (context_.cancelled()) return failure(interruption("the run was interrupted"));
      return failure(left.front()->name, "what it waits for on other hosts did not become ready in 30 minutes");
    }
    Telling telling(context_, phase_event("configure", component->name));
    const auto place = static_cast<std::size_t>(component - catalog_.components.data());
    auto configured = segment(blueprint_.segments[place + 1]);
    if (configured && components_changed_.contains(component->name)) configured = run_probes(component->name, false);
    telling.done(configured ? "done" : "failed");
    if (!configured) return configured;
    Event ready;
    ready.event = "ready";
    ready.state = "done";
    ready.component = component->name;
    context_.emit(ready);
    finished.insert(component->name);
    std::erase(left, component);
    deadline = std::chrono::steady_clock::now() + longest_wait;
  }
  return {};
}

Result<> Execution::run_probes(const std::string& component, bool all) {
  Diagnostics problems;
  for (const auto& probe : catalog_.probes) {
    if (probe.from != "host" || (!all && (!probe.ready || probe.component != component))) continue;
    if (context_.cancelled()) return failure(interruption("the run was interrupted"));
    Event event;
    event.event = "probe";
    event.component = probe.component;
    event.subject = probe.name;
    Telling telling(context_, event);
    auto answer = means_.probe(probe, context_);
    telling.done(answer ? "done" : "failed", answer ? "" : to_text(answer.error()));
    if (answer) continue;
    for (Diagnostic one : answer.error().items()) {
      if (one.where.empty()) one.where = probe.component + "/" + probe.name;
      problems.add(std::move(one));
    }
    if (!all) break;
  }
  if (problems.has_errors()) return failure(problems);
  return {};
}

Result<> Execution::segment(const Segment& segment) {
  const bool planned = std::any_of(segment.resources.begin(), segment.resources.end(),
                                   [&](const Resource* r) { return blueprint_.changing.contains(r->id); });
  for (const auto* resource : segment.resources)
    if (is_running_kind(resource->id.kind)) passed_services_.push_back(resource);
  if (planned || changed_ > 0) {
    validated_ = false;
    if (auto walked = walk(segment); !walked) return walked;
  }
  for (const auto* service : passed_services_) {
    if (!notices_.due(service->id)) continue;
    if (auto told = notify(*service); !told) return told;
  }
  return {};
}

Result<> Execution::notify(const Resource& service) {
  auto item = look(service);
  if (!item) return failure(item.error());
  const auto action = notices_.besides(*item);
  notices_.met(service.id);
  if (!action) return {};
  item->difference = {};
  item->difference.action = *action;
  return make(std::vector<Group>(1, Group(1, std::move(*item))));
}

/// What of a component's files is still to be changed is tried as a whole before the first of them goes live.
Result<> Execution::validate(const Segment& segment, std::size_t from) {
  if (validated_) return {};
  validated_ = true;
  std::vector<const Resource*> files;
  for (std::size_t i = from; i < segment.resources.size(); ++i)
    if (is_cheap(segment.resources[i]->id.kind)) files.push_back(segment.resources[i]);
  auto items = look_at_all(files, means_, context_);
  if (!items) return failure(items.error());
  std::erase_if(*items, [](const Item& item) { return item.difference.action == Action::none; });
  return means_.validate(*items, context_);
}

Result<> Execution::walk(const Segment& segment) {
  const auto& all = segment.resources;
  for (std::size_t i = 0; i < all.size();) {
    const std::string& name = all[i]->id.kind;
    const Kind* kind = means_.kind(name);
    const bool cheap = is_cheap(name);
    std::vector<const Resource*> batch;
    for (std::size_t next = i; next < all.size() && batch.size() < made_at_once; ++next) {
      const bool fits = cheap ? is_cheap(all[next]->id.kind) : kind->together() && all[next]->id.kind == name;
      if (next > i && !fits) break;
      batch.push_back(all[next]);
    }
    auto items = look_at_all(batch, means_, context_);
    if (!items) return failure(items.error());
    if (cheap && std::any_of(items->begin(), items->end(), has_validate))
      if (auto valid = validate(segment, i); !valid) return valid;
    std::vector<Group> groups;
    for (auto& item : *items) {
      if (item.difference.action == Action::none) continue;
      if (cheap || groups.empty()) groups.emplace_back();
      groups.back().push_back(item);
    }
    if (is_running_kind(name) && !groups.empty() && starts_or_stops(items->front())) notices_.met(all[i]->id);
    if (auto made = make(std::move(groups)); !made) return made;
    if (is_running_kind(name) && notices_.due(all[i]->id))
      if (auto told = notify(*all[i]); !told) return told;
    i += batch.size();
  }
  return {};
}

}  // namespace wright::agent
