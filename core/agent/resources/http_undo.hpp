#pragma once

#include <chrono>
#include <functional>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "agent/resources/awake.hpp"
#include "agent/resources/http_link.hpp"
#include "agent/resources/kind.hpp"
#include "agent/resources/postponed.hpp"

namespace wright::agent {

/// Takes back what was made of resources of kind http. What a service must be running for, while an older state of it
/// is still being put back, is left until everything else was undone. So is what several hosts hold together, which is
/// taken back only where the service is still one of theirs then.
class HttpUndo {
 public:
  /// How long a service that runs or starts is waited for in the end; a resource's own wait_ms may be shorter.
  static constexpr std::chrono::minutes usual_longest_wait{5};
  explicit HttpUndo(UnitControl control = {}, std::chrono::milliseconds longest_wait = usual_longest_wait)
      : control_(std::move(control)), longest_wait_(longest_wait) {}

  Result<> undo(const UndoRecord& record, Context& context);
  /// What was left of the record's services. One whose unit is there is started when it does not run, and waited for as
  /// long as it runs or starts; that it does not answer then is an error. A unit that is gone went with what was in its
  /// service. Without a known unit nobody can tell these two apart: the objects stay, and a note says so. A service
  /// that answers and fails with a change is told again; that it goes on to is an error, and does not keep its other
  /// objects.
  Result<> settle(const UndoRecord& record, Context& context);
  /// See Kind::forget().
  void forget() { postponed_.forget(); }

 private:
  using Left = Postponed::One;
  struct Waiting {
    std::chrono::milliseconds longest{0};
    std::function<bool()> is_worth_it{};          ///< asked each second; none: it is
    bool is_last = false;                         ///< what is not taken back now is not at all
    std::map<std::string, std::string> silent{};  ///< services that were waited for in vain, and what was seen last
    std::set<std::string> refusing{};             ///< those that answer, and failed with one change again and again
  };
  static std::string service_of(const ResourceId& id);
  /// False when it is left for later: the service does not answer, or fails with it. The latter is an error in the end.
  static Result<bool> take_back(const Left& one, HttpSession& session, Waiting& waiting, Context& context);
  Result<> settle_service(const std::vector<Left>& left, HttpSession& session, Context& context) const;

  UnitControl control_;
  std::chrono::milliseconds longest_wait_;
  Postponed postponed_{[](const Left& one) { return service_of(one.id); }};
};

}  // namespace wright::agent
