#pragma once

#include <memory>
#include <string>

#include "model/event.hpp"
#include "report/style.hpp"

namespace wright {

/// One finished line of an event for people; empty when it is not worth one.
std::string event_text(const Event& event, const Style& style, bool verbose);

/// Shows what happens on the hosts while it happens, on standard error. Thread-safe.
class Progress {
 public:
  virtual ~Progress() = default;
  virtual void event(const Event& event) = 0;
  /// Takes down what is live, before something else is printed or asked; the next event brings it back.
  virtual void pause() = 0;
};

/// On a terminal: one live line an active host, finished lines scroll by.
std::unique_ptr<Progress> live_progress(const Style& style, bool verbose);
/// Elsewhere: one line with its time an event.
std::unique_ptr<Progress> plain_progress(bool verbose);
/// Nothing.
std::unique_ptr<Progress> no_progress();

}  // namespace wright
