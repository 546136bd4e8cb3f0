#include "agent/resources/postponed.hpp"

#include <algorithm>
#include <iterator>

namespace wright::agent {

void Postponed::add(One one, Context& context) {
  context.postponed = true;
  all_.push_back(std::move(one));
}

bool Postponed::has(const std::string& service) const {
  return std::any_of(all_.begin(), all_.end(), [&](const One& one) { return service_of_(one) == service; });
}

std::vector<Postponed::One> Postponed::take(const std::set<std::string>& services) {
  const auto theirs = std::stable_partition(all_.begin(), all_.end(),
                                            [&](const One& one) { return !services.contains(service_of_(one)); });
  std::vector<One> out(std::make_move_iterator(theirs), std::make_move_iterator(all_.end()));
  all_.erase(theirs, all_.end());
  return out;
}

}  // namespace wright::agent
