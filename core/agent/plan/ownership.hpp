#pragma once

#include <map>
#include <string>
#include <vector>

#include "agent/journal/record.hpp"

namespace wright::agent {

/// A resource that wright brought to its state, and how it came there.
struct Owned {
  Resource resource;  ///< as the journal keeps it
  std::vector<std::string> components;
  std::vector<Notice> notices;
  std::vector<StepId> chain;        ///< the steps that changed it since its origin, oldest first
  std::vector<std::size_t> places;  ///< of these steps among all; times of transactions may jump, places do not
  Change last;                      ///< the newest of these changes
  Action first = Action::none;      ///< what the oldest of them did
  std::string left;                 ///< digest of the state that the newest step left; empty when it is not known
  bool only_restarts = true;
  Action told = Action::none;  ///< reload when one of these changes was one, otherwise restart when one was
};

using Ownership = std::map<ResourceId, Owned>;

/// From the outline of all committed transactions.
Ownership owned_from(const std::vector<Step>& outline);

}  // namespace wright::agent
