#pragma once

#include <functional>
#include <set>
#include <string>
#include <vector>

#include "agent/context.hpp"
#include "model/resource.hpp"

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
  explicit Postponed(ServiceOf service_of) : service_of_(std::move(service_of)) {}

  void add(One one, Context& context);
  /// Something of that service waits, and must not be overtaken by what comes later.
  [[nodiscard]] bool has(const std::string& service) const;
  void forget() { all_.clear(); }
  /// All of these services, which is left here no longer.
  std::vector<One> take(const std::set<std::string>& services);

 private:
  ServiceOf service_of_;
  std::vector<One> all_;
};

}  // namespace wright::agent
