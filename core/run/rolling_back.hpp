#pragma once

#include <string>

#include "run/applying.hpp"

namespace wright {

struct RollbackSettings {
  std::string to;  ///< a transaction: it and every later one are undone; empty: the last run
};

/// Undoes the last run on all hosts it changed, or what `settings` and the run's words say; hosts that depend on others
/// first. Needs no plugin. A transaction that an interrupted run left open is the last one: it is rolled back first,
/// and nothing further on its host unless asked for by name.
Result<Changed> rollback(const Run& run, const RollbackSettings& settings, const Decide& decide);

}  // namespace wright
