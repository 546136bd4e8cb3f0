#pragma once

#include <string>
#include <vector>

#include "model/event.hpp"

namespace wright {

/// JUnit XML of a verify: a suite for each host, a case for each probe that was answered. `events` are those of the
/// run.
std::string junit_xml(const std::vector<Event>& events, const std::vector<Outcome>& outcomes);

}  // namespace wright
