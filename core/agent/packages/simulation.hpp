#pragma once

#include <string>
#include <vector>

#include "agent/packages/apt.hpp"
#include "agent/packages/apt_output.hpp"
#include "agent/packages/request.hpp"

namespace wright::agent::packages {

struct Simulation {
  Moves moves;
  std::vector<std::string> recommended;  ///< what arguments_for() is given
  std::vector<std::string> later;        ///< names that are unknown until their source is there
};

/// What apt would do. Fetches lists when there are none, or when they do not know a name or version. Every problem at
/// once, each with what to do.
Result<Simulation> simulate(std::vector<Wanted> all, const Database& before, Apt& apt);

}  // namespace wright::agent::packages
