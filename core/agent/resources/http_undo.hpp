#pragma once

#include <chrono>
#include <set>
#include <string>

#include "agent/resources/http_link.hpp"
#include "agent/resources/kind.hpp"
#include "agent/resources/postponed.hpp"

namespace wright::agent {

/// Takes back what was made of resources of kind http. What a service must be running for, while an older state of it
/// is still being put back, is left until everything else was undone.
class HttpUndo {
 public:
  Result<> undo(const UndoRecord& record, Context& context);
  /// What was left of the record's services. One that still does not answer keeps what it has; a note says so.
  Result<> settle(const UndoRecord& record, Context& context);
  /// See Kind::forget().
  void forget() { postponed_.forget(); }

 private:
  using Left = Postponed::One;
  struct Waiting {
    std::chrono::milliseconds longest{0};
    std::set<std::string> silent;  ///< services that were waited for in vain
  };
  static std::string service_of(const ResourceId& id);
  /// False when the service does not answer.
  static Result<bool> take_back(const Left& one, HttpSession& session, Waiting& waiting, Context& context);

  Postponed postponed_{[](const Left& one) { return service_of(one.id); }};
};

}  // namespace wright::agent
