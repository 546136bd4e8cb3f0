#pragma once

#include <utility>
#include <vector>

#include "agent/journal/record.hpp"

namespace wright::agent {

/// A step and those of its resources that are taken back.
using TakenBack = std::pair<Step, std::vector<ResourceId>>;

/// Puts services that others of them were declared to come after before these; where nothing says it, the order stays,
/// and so do the places of all other steps. Of a circle, which no site has, the order is any.
void put_services_in_order(std::vector<TakenBack>& steps);

}  // namespace wright::agent
