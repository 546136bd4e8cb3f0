#include "agent/transaction/execution.hpp"

#include <algorithm>

#include "agent/failpoint.hpp"
#include "agent/plan/looking.hpp"
#include "model/kinds.hpp"

namespace wright::agent {

Execution::Execution(const Catalog& catalog, Blueprint& blueprint, Journal& journal, const Means& means,
                     Context& context, Conversation& conversation)
    : catalog_(catalog),
      blueprint_(blueprint),
      journal_(journal),
      means_(means),
      context_(context),
      conversation_(conversation),
      notices_(catalog) {
  for (const auto& restart : blueprint.restarts)
    if (auto id = parse_resource_id(restart.unit)) notices_.expect({*id, restart.action});
}

Result<Item> Execution::look(Lane& lane, const Resource& resource) {
  auto items = look_at_all({&resource}, means_, lane.context);
  if (!items) return failure(items.error());
  return std::move(items->front());
}

std::vector<std::string> Execution::restarted() const {
  std::vector<std::string> units;
  for (const auto& passed : passed_services_)
    if (!notices_.due(passed.service->id)) units.push_back(to_string(passed.service->id));
  for (const auto& prune : blueprint_.prunes)
    if (is_running_kind(prune.owned.resource.id.kind)) units.push_back(to_string(prune.owned.resource.id));
  return units;
}

std::vector<PendingRestart> Execution::restarts_asked_by(const Group& group) const {
  std::vector<PendingRestart> restarts;
  for (const auto& item : group) {
    if (item.difference.action == Action::reload) continue;
    for (const auto& notice : notices_.of(item.resource->id))
      restarts.push_back({to_string(notice.service), notice.action, context_.transaction});
  }
  // Written in this order, so that a restart outweighs a reload of the same unit.
  std::stable_partition(restarts.begin(), restarts.end(),
                        [](const PendingRestart& r) { return r.action == Action::reload; });
  return restarts;
}

Step Execution::step_for(const Group& group, const Value& undo) {
  Step step;
  step.at = {context_.transaction, next_++};
  step.kind = group.front().resource->id.kind;
  step.undo = undo;
  for (const auto& item : group) {
    Touched touched;
    touched.resource = for_the_journal(*item.resource);
    touched.before = digest_for_the_journal(item.observed);
    touched.notices = notices_.of(item.resource->id);
    touched.change.id = item.resource->id;
    touched.change.components = item.resource->components;
    touched.change.action = item.difference.action;
    touched.change.attributes = item.difference.attributes;
    touched.change.notes = item.difference.notes;
    touched.change.unseen = item.difference.unseen;
    step.touched.push_back(std::move(touched));
  }
  return step;
}

Result<> Execution::make_one(Lane& lane, const Step& step, const Group& group, Value& done) {
  if (lane.context.cancelled()) return failure(interruption("the run was interrupted"));
  Event event;
  event.event = "step";
  event.component = first_of(group.front().resource->components);
  event.subject = to_string(group.front().resource->id);
  if (group.size() > 1) event.subject += " and " + std::to_string(group.size() - 1) + " more";
  event.action = name_of(group.front().difference.action);
  Telling telling(context_, event);
  auto changed = means_.kind(step.kind)->change(group, step.undo, lane.context);
  if (changed)
    if (auto point = fail_point("mid_change"); !point) changed = failure(point.error());
  if (!changed) {
    telling.done("failed", to_text(changed.error()));
    Diagnostics problems;
    for (Diagnostic one : changed.error().items()) {
      if (one.where.empty()) one.where = event.component + "/" + event.subject;
      problems.add(std::move(one));
    }
    return failure(problems);
  }
  done = std::move(*changed);
  telling.done("done");
  return {};
}

/// Each group is a step of its own; their journal entries are written together.
Result<> Execution::make(Lane& lane, std::vector<Group> groups) {
  std::erase_if(groups, [](const Group& g) { return g.empty(); });
  if (groups.empty()) return {};
  if (context_.cancelled()) return failure(interruption("the run was interrupted"));
  if (ending_) {
    lane.gave_way = true;
    return failure(interruption("another component failed"));
  }
  std::vector<Step> steps;
  std::vector<PendingRestart> restarts;
  for (const auto& group : groups) {
    auto undo = means_.kind(group.front().resource->id.kind)->prepare(group, lane.context);
    if (!undo) {
      next_ -= static_cast<std::int64_t>(steps.size());
      return failure(undo.error());
    }
    steps.push_back(step_for(group, *undo));
    const auto asked = restarts_asked_by(group);
    restarts.insert(restarts.end(), asked.begin(), asked.end());
  }
  auto intended = fail_point("before_intent");
  if (intended) intended = journal_.intend(steps, restarts);
  if (!intended) {
    next_ -= static_cast<std::int64_t>(steps.size());
    return intended;
  }
  Result<> result = fail_point("after_intent");
  std::vector<Completion> completions;
  for (std::size_t i = 0; i < groups.size() && result; ++i) {
    Value done;
    result = make_one(lane, steps[i], groups[i], done);
    if (!result) {
      // It may have been made before it failed; a restart that is still owed must not be taken for made.
      for (const auto& item : groups[i])
        if (item.difference.action != Action::reload) notices_.changed(item.resource->id);
      break;
    }
    completions.push_back({steps[i].at.sequence, std::move(done), {}});
    for (const auto& item : groups[i]) {
      ++changed_;
      components_changed_.insert(item.resource->components.begin(), item.resource->components.end());
      if (item.difference.action != Action::reload) notices_.changed(item.resource->id);
    }
  }
  lane.context.request.clear();
  for (auto& step : steps) {
    step.undo = Value();
    made_.push_back(step);
  }
  if (result) result = fail_point("after_change");
  auto completed = complete(lane.context, steps, std::move(completions));
  if (!result) return result;
  if (!completed) return completed;
  return fail_point("after_done");
}

Result<> Execution::complete(Context& context, const std::vector<Step>& steps, std::vector<Completion> completions) {
  if (completions.empty()) return {};
  std::vector<const Resource*> resources;
  for (std::size_t i = 0; i < completions.size(); ++i)
    for (const auto& touched : steps[i].touched) resources.push_back(&touched.resource);
  auto items = look_at_all(resources, means_, context);
  if (!items) return failure(items.error());
  std::vector<std::string> restarted;
  std::size_t n = 0;
  for (std::size_t i = 0; i < completions.size(); ++i) {
    for (const auto& touched : steps[i].touched) {
      completions[i].left[to_string(touched.resource.id)] = digest_for_the_journal((*items)[n++].observed);
      const bool tells = touched.change.action == Action::restart || touched.change.action == Action::reload;
      if (is_running_kind(touched.resource.id.kind) && tells) restarted.push_back(to_string(touched.resource.id));
    }
    const auto made = std::find_if(made_.rbegin(), made_.rend(),
                                   [&](const Step& s) { return s.at.sequence == completions[i].sequence; });
    if (made != made_.rend()) {
      made->left = completions[i].left;
      made->phase = StepPhase::done;
    }
  }
  return journal_.complete(context_.transaction, completions, restarted);
}

Result<> Execution::write_down_what_is_left(bool after_failure) {
  std::vector<const Resource*> resources;
  std::map<ResourceId, std::size_t> last;  // only the newest step of each resource is still to be seen
  for (std::size_t i = 0; i < made_.size(); ++i) {
    for (const auto& touched : made_[i].touched) last[touched.resource.id] = i;
  }
  for (const auto& step : made_)
    for (const auto& touched : step.touched) resources.push_back(&touched.resource);
  auto items = look_at_all(resources, means_, context_);
  if (!items) return failure(items.error());
  std::vector<Completion> completions;
  std::size_t n = 0;
  for (std::size_t i = 0; i < made_.size(); ++i) {
    const Step& step = made_[i];
    Completion completion{step.at.sequence, std::nullopt, step.left};
    for (const auto& touched : step.touched) {
      const Item& item = (*items)[n++];
      const auto newest = last.find(touched.resource.id);
      if (newest != last.end() && newest->second == i)
        completion.left[to_string(touched.resource.id)] = digest_for_the_journal(item.observed);
    }
    if (step.phase == StepPhase::intent ? after_failure && !step.pruned : completion.left != step.left)
      completions.push_back(std::move(completion));
  }
  if (completions.empty()) return {};
  return journal_.complete(context_.transaction, completions, {});
}

}  // namespace wright::agent
