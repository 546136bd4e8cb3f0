#pragma once

#include <chrono>
#include <functional>
#include <string>

#include "agent/resources/systemd.hpp"

namespace wright::agent {

/// How systemd is asked about a unit, and told to start or stop it.
struct UnitControl {
  std::function<Result<Unit>(const std::string& name, const Context&)> show = show_unit;
  std::function<Result<Finished>(const std::string& verb, const std::string& name, std::chrono::milliseconds timeout,
                                 const Context&)>
      tell = systemctl;
};

/// A service that an undo needs: started when it does not run, and stopped in the end. Whether that helped is seen by
/// who talks to it then.
class Awake {
 public:
  /// `unit`: its name as resources have it, or empty, which does nothing.
  Awake(const std::string& unit, const Context& context, UnitControl control = {});
  ~Awake();
  Awake(const Awake&) = delete;
  Awake& operator=(const Awake&) = delete;

  /// False when systemd has no such unit, or one whose file was taken away since it was read.
  [[nodiscard]] bool exists() const { return exists_; }
  /// It runs or is about to, so that an answer may still come; also when systemd cannot be asked.
  [[nodiscard]] bool may_answer() const;

 private:
  std::string name_;
  const Context& context_;
  UnitControl control_;
  bool exists_ = true;
  bool asleep_ = false;
};

}  // namespace wright::agent
