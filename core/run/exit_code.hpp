#pragma once

#include <vector>

#include "run/applying.hpp"

namespace wright {

/// What the command's process ends with; the one list of these numbers.
enum ExitCode : int {
  exit_ok = 0,
  exit_failed = 1,
  exit_changes_pending = 2,
  exit_verify_failed = 3,
  exit_unreachable = 4,
  exit_rolled_back = 5,
  exit_incomplete = 6,
  exit_locked = 7,
  exit_trust = 8,
  exit_usage = 64,
  exit_bad_site = 65,
  exit_interrupted = 130,
};

/// Of the worst of the errors; 0 when there is none.
int exit_code(const Diagnostics& problems);
/// Of an apply (`rolling_back` false) or a rollback.
int exit_code(const Changed& changed, bool rolling_back, bool interrupted);
/// Of a verify.
int exit_code(const std::vector<Outcome>& verified);

}  // namespace wright
