#pragma once

#include "run/interruption.hpp"

namespace wright {

/// From now on the first SIGINT, SIGTERM or SIGHUP stops the run in good order (or ends the process with 128 + signal
/// when nothing is being changed), and a second one ends the process at once. Writing to a closed pipe becomes an error
/// instead of a signal. Programs started later have the usual signals. Call it once.
void handle_signals(Interruption& interruption);

}  // namespace wright
