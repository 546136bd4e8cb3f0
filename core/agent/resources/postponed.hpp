#pragma once

#include <functional>
#include <string>
#include <vector>

#include "agent/resources/kind.hpp"

namespace wright::agent {

/// What a kind's undo() left to its settle(), as the service that must be asked for it cannot be while an older state
/// of it is still being put back. In the order in which it is to be taken back.
class Postponed {
 public:
  struct One {
    ResourceId id;
    Value before;  ///< what prepare() wrote
    bool edited = false;
  };
  using ServiceOf = std::function<std::string(const One&)>;
  /// False when it must be left to settle().
  using TakeBack = std::function<Result<bool>(const One&)>;
  explicit Postponed(ServiceOf service_of) : service_of_(std::move(service_of)) {}

  /// Takes back what the record has, the last first, and goes on after a problem. What `take_back` leaves waits here,
  /// and so does what comes later of the same service: nothing overtakes it.
  Result<> undo(const UndoRecord& record, const TakeBack& take_back, Context& context);
  /// All that waits of the record's services, which is left here no longer.
  std::vector<One> take(const UndoRecord& record);
  void forget() { all_.clear(); }

 private:
  [[nodiscard]] bool has(const std::string& service) const;

  ServiceOf service_of_;
  std::vector<One> all_;
};

}  // namespace wright::agent
