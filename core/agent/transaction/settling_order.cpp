#include "agent/transaction/settling_order.hpp"

#include <algorithm>
#include <functional>

#include "model/kinds.hpp"

namespace wright::agent {
namespace {

bool has(const std::vector<ResourceId>& ids, const ResourceId& id) {
  return std::find(ids.begin(), ids.end(), id) != ids.end();
}

bool comes_after(const TakenBack& one, const TakenBack& other) {
  return std::any_of(one.first.touched.begin(), one.first.touched.end(), [&](const Touched& touched) {
    return std::any_of(touched.resource.after.begin(), touched.resource.after.end(),
                       [&](const ResourceId& id) { return has(other.second, id); });
  });
}

}  // namespace

void put_services_in_order(std::vector<TakenBack>& steps) {
  std::vector<std::size_t> places;
  for (std::size_t i = 0; i < steps.size(); ++i)
    if (is_running_kind(steps[i].first.kind)) places.push_back(i);
  std::vector<std::size_t> order;
  std::vector<bool> visited(places.size());
  const std::function<void(std::size_t)> visit = [&](std::size_t which) {
    if (visited[which]) return;
    visited[which] = true;
    for (std::size_t other = 0; other < places.size(); ++other)
      if (!visited[other] && comes_after(steps[places[which]], steps[places[other]])) visit(other);
    order.push_back(places[which]);
  };
  for (std::size_t which = 0; which < places.size(); ++which) visit(which);
  std::vector<TakenBack> ordered;
  for (const std::size_t place : order) ordered.push_back(std::move(steps[place]));
  for (std::size_t which = 0; which < places.size(); ++which) steps[places[which]] = std::move(ordered[which]);
}

}  // namespace wright::agent
