#include "agent/plan/ownership.hpp"

namespace wright::agent {

Ownership owned_from(const std::vector<Step>& outline) {
  Ownership owned;
  for (std::size_t place = 0; place < outline.size(); ++place) {
    const Step& step = outline[place];
    if (step.phase == StepPhase::undone) continue;
    for (const auto& touched : step.touched) {
      const ResourceId& id = touched.resource.id;
      if (step.pruned) {
        owned.erase(id);
        continue;
      }
      // What takes back whole transactions leaves ownership to these: they are not in the outline any more.
      if (!step.reverses.empty()) continue;
      const bool bookkeeping = touched.change.action == Action::none;
      if (bookkeeping && !owned.contains(id)) continue;
      Owned& one = owned[id];
      one.resource = touched.resource;
      one.components = touched.change.components;
      one.notices = touched.notices;
      if (bookkeeping) continue;
      if (one.chain.empty()) one.first = touched.change.action;
      one.chain.push_back(step.at);
      one.places.push_back(place);
      one.last = touched.change;
      const auto left = step.left.find(to_string(id));
      one.left = left == step.left.end() ? std::string() : left->second.text_or("");
      const Action action = touched.change.action;
      if (action == Action::reload || (action == Action::restart && one.told == Action::none)) one.told = action;
      one.only_restarts = one.only_restarts && (action == Action::restart || action == Action::reload);
    }
  }
  return owned;
}

}  // namespace wright::agent
