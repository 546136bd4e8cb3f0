#pragma once

#include <chrono>
#include <functional>
#include <string>

#include "agent/resources/kind.hpp"
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
/// who talks to it then. That it was started is in STATE/awake/UNIT before it is, so that an agent that is killed
/// leaves to the next one what is to be stopped: see stop_left_awake().
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
  /// Stops it when it did not run before. An error when it goes on, and when it was not started, as that could not be
  /// written down.
  [[nodiscard]] Result<> let_sleep();

 private:
  std::string name_;
  const Context& context_;
  UnitControl control_;
  Diagnostics problems_;
  bool exists_ = true;
  bool asleep_ = false;
};

/// Stops the units of the record's resources that an agent started as an Awake since the machine booted, and was killed
/// before it stopped them.
Result<> stop_left_awake(const UndoRecord& record, const Context& context, const UnitControl& control = {});

}  // namespace wright::agent
