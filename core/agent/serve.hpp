#pragma once

#include <string>

#include "agent/plan/means.hpp"

namespace wright::agent {

/// Speaks the protocol of model/protocol.hpp on standard input and output until the controller is gone. An exit code.
int serve(const std::string& state_folder, const Means& means);

/// Without a controller: brings an unfinished transaction to its end and says how it went. With `giving_up` it counts
/// as rolled back whatever is left of it. 0, 1, 6 (not complete) or 7 (locked).
int recover_by_hand(const std::string& state_folder, const Means& means, bool giving_up);

}  // namespace wright::agent
