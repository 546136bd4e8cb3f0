#include <algorithm>

#include "agent/failpoint.hpp"
#include "agent/plan/looking.hpp"
#include "agent/transaction/asking.hpp"
#include "agent/transaction/execution.hpp"
#include "model/kinds.hpp"

namespace wright::agent {
namespace {

constexpr std::size_t made_at_once = 256;

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
  if (auto pruned = prune(false); !pruned) return pruned;
  {
    Telling telling(context_, phase_event("install"));
    Lane lane{context_, {}};
    auto installed = segment(lane, blueprint_.segments.front());
    telling.done(installed ? "done" : "failed");
    if (!installed) return installed;
  }
  if (auto configured = components(); !configured) return configured;
  if (auto pruned = prune(true); !pruned) return pruned;
  if (context_.cancelled()) return failure(interruption("the run was interrupted"));
  if (auto written = write_down_what_is_left(false); !written) return written;
  Telling telling(context_, phase_event("verify"));
  const auto problems = ask_side_by_side(catalog_.probes, means_, context_);
  telling.done(problems.has_errors() || context_.cancelled() ? "failed" : "done");
  if (context_.cancelled()) return failure(interruption("the run was interrupted"));
  if (problems.has_errors()) return failure(problems);
  return {};
}

Result<> Execution::await_readiness(Lane& lane) {
  for (const auto& probe : catalog_.probes) {
    if (probe.from != "host" || !probe.ready || probe.component != lane.component) continue;
    if (context_.cancelled()) return failure(interruption("the run was interrupted"));
    if (auto problems = ask_one(probe, means_, lane.context); problems.has_errors()) return failure(problems);
  }
  return {};
}

Result<> Execution::segment(Lane& lane, const Segment& segment) {
  const bool planned = std::any_of(segment.resources.begin(), segment.resources.end(),
                                   [&](const Resource* r) { return blueprint_.changing.contains(r->id); });
  for (const auto* resource : segment.resources)
    if (is_running_kind(resource->id.kind)) passed_services_.push_back({resource, lane.component});
  if (planned || changed_ > 0) {
    lane.validated = false;
    if (auto walked = walk(lane, segment); !walked) return walked;
  } else {
    for (const auto* resource : segment.resources) tell_joiners(lane, *resource);
  }
  return notify_passed(lane);
}

/// Its own services, and those of components that are done; others see to theirs.
Result<> Execution::notify_passed(Lane& lane) {
  // By index: others add theirs while this waits for a restart.
  for (std::size_t i = 0; i < passed_services_.size(); ++i) {
    const Passed passed = passed_services_[i];
    const bool ours =
        passed.component == lane.component || passed.component.empty() || finished_.contains(passed.component);
    if (!ours || !notices_.due(passed.service->id)) continue;
    if (auto told = notify(lane, *passed.service); !told) return told;
  }
  return {};
}

Result<> Execution::notify(Lane& lane, const Resource& service) {
  auto item = look(lane, service);
  if (!item) return failure(item.error());
  const auto action = notices_.besides(*item);
  notices_.met(service.id);
  if (!action) return {};
  item->difference = {};
  item->difference.action = *action;
  return make(lane, std::vector<Group>(1, Group(1, std::move(*item))));
}

/// What of a component's files is still to be changed is tried as a whole before the first of them goes live.
Result<> Execution::validate(Lane& lane, const Segment& segment, std::size_t from) {
  if (lane.validated) return {};
  lane.validated = true;
  std::vector<const Resource*> files;
  for (std::size_t i = from; i < segment.resources.size(); ++i)
    if (is_cheap(segment.resources[i]->id.kind)) files.push_back(segment.resources[i]);
  auto items = look_at_all(files, means_, lane.context);
  if (!items) return failure(items.error());
  std::erase_if(*items, [](const Item& item) { return item.difference.action == Action::none; });
  return means_.validate(*items, lane.context);
}

/// What was planned was seen to be possible; the host may have changed since, or may only now be seen.
Diagnostics Execution::obstacle(const Item& item) const {
  const auto& found = item.difference.obstacle;
  if (!found) return {};
  const bool goes = std::any_of(blueprint_.changing.begin(), blueprint_.changing.end(),
                                [&](const ResourceId& id) { return id.name == found->path; });
  return goes ? Diagnostics() : Diagnostics(found->why);
}

Result<> Execution::walk(Lane& lane, const Segment& segment) {
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
    for (const auto* resource : batch)
      if (auto made = await_makers(lane, *resource); !made) return made;
    auto items = look_at_all(batch, means_, lane.context, true);
    if (!items) return failure(items.error());
    if (cheap && std::any_of(items->begin(), items->end(), has_validate))
      if (auto valid = validate(lane, segment, i); !valid) return valid;
    std::vector<Group> groups;
    for (auto& item : *items) {
      if (item.difference.action == Action::none) continue;
      if (const auto against = obstacle(item); against.has_errors()) return failure(against);
      if (cheap || groups.empty()) groups.emplace_back();
      groups.back().push_back(item);
    }
    if (is_running_kind(name) && !groups.empty() && starts_or_stops(items->front())) notices_.met(all[i]->id);
    if (auto made = make(lane, std::move(groups)); !made) return made;
    if (is_running_kind(name) && notices_.due(all[i]->id))
      if (auto told = notify(lane, *all[i]); !told) return told;
    for (const auto* resource : batch) tell_joiners(lane, *resource);
    i += batch.size();
  }
  return {};
}

}  // namespace wright::agent
