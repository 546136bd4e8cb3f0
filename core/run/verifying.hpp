#pragma once

#include <map>
#include <string>
#include <vector>

#include "run/assembly.hpp"

namespace wright {

/// Asks these probes from the controller's side; each is told as an event "probe". The problems are at
/// "host/component".
Diagnostics probe_from_controller(const Run& run, const std::map<std::string, std::vector<Probe>, std::less<>>& probes);

struct Verified {
  std::vector<Outcome> outcomes;  ///< "verified" or "verify_failed" for each host
  Diagnostics warnings;
  Diagnostics missing;  ///< why some hosts have no outcome
};

/// Asks every probe of the chosen components, from the hosts and from the controller. Changes nothing, takes no lock.
/// The error means that no host answered.
Result<Verified> verify(const Run& run);

}  // namespace wright
