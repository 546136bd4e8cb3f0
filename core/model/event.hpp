#pragma once

#include <string>
#include <vector>

#include "base/result.hpp"
#include "model/value.hpp"

namespace wright {

/// What happens on a host while it happens. Fields that do not apply are empty.
struct Event {
  std::string host;   ///< filled in by the controller
  std::string event;  ///< "step", "probe", "phase", "ready", "waiting", "output", "note"
  std::string state;  ///< "started", "done", "failed", "undone"
  std::string component;
  std::string subject;  ///< resource id, probe name, phase name, or what is waited for; of "ready": empty when it is
                        ///< the component
  std::string action;   ///< of a step: the name of its Action
  std::string text;     ///< for people; untrusted bytes when event is "output"
  std::int64_t elapsed_ms = 0;
  friend bool operator==(const Event&, const Event&) = default;
};

/// How a request to change or verify a host ended.
struct Outcome {
  std::string host;  ///< filled in by the controller
  /// "unchanged", "prepared" (applied and verified, waits for the decision), "committed", "verified",
  /// "verify_failed", "rolled_back" (completely), "incomplete" (a rollback that is not complete),
  /// "stopped" (failed and left as it is, resumable), "refused" (nothing was changed).
  std::string state;
  std::string transaction;  ///< empty when there was none
  std::int64_t changed = 0;
  std::int64_t unchanged = 0;
  std::int64_t elapsed_ms = 0;
  std::vector<std::string> quarantined;  ///< data directories moved aside, and where to
  std::vector<std::string> kept;         ///< hand edits found by a rollback: both versions are kept, and where
  Diagnostics diagnostics;
};

Value to_value(const Diagnostic& one);
Value to_value(const Diagnostics& all);
Value to_value(const Event& event);
Value to_value(const Outcome& outcome);
Result<Diagnostics> diagnostics_from(const Value& value);
Result<Event> event_from(const Value& value);
Result<Outcome> outcome_from(const Value& value);

}  // namespace wright
