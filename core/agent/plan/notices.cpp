#include "agent/plan/notices.hpp"

#include "agent/plan/looking.hpp"

namespace wright::agent {

Notices::Notices(const Catalog& catalog) {
  for (const auto& resource : catalog.resources) {
    for (const auto& id : resource.restart_on) concerned_[id].push_back({resource.id, Action::restart});
    for (const auto& id : resource.reload_on) concerned_[id].push_back({resource.id, Action::reload});
  }
}

std::vector<Notice> Notices::of(const ResourceId& id) const {
  const auto found = concerned_.find(id);
  return found == concerned_.end() ? std::vector<Notice>() : found->second;
}

void Notices::changed(const ResourceId& id) {
  for (const auto& notice : of(id)) expect(notice);
}

void Notices::expect(const Notice& notice) {
  const auto [place, fresh] = due_.emplace(notice.service, notice.action);
  if (!fresh && notice.action == Action::restart) place->second = Action::restart;
}

std::optional<Action> Notices::due(const ResourceId& service) const {
  const auto found = due_.find(service);
  if (found == due_.end()) return std::nullopt;
  return found->second;
}

std::optional<Action> Notices::besides(const Item& service) const {
  const auto wanted = due(service.resource->id);
  if (!wanted || starts_or_stops(service)) return std::nullopt;
  const auto running = service.observed.state.find("running");
  if (!service.observed.exists || (running != service.observed.state.end() && !running->second.bool_or(true)))
    return std::nullopt;
  return wanted;
}

}  // namespace wright::agent
