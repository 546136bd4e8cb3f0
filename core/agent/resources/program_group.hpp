#pragma once

#include <chrono>
#include <string>
#include <vector>

#include "agent/context.hpp"
#include "agent/probes/supervisor.hpp"
#include "base/result.hpp"
#include "model/resource.hpp"

namespace wright::agent {

/// The processes that one resource stands for, and what can be done to them together. What is started or stopped is
/// waited for. `attributes` are a resource's, or of them what its undo record has; borrowed, like the context.
class ProgramGroup {
 public:
  ProgramGroup(const ResourceId& id, const Value& attributes, const Context& context);

  /// Those of this group; nothing more than an answer at once is waited for.
  Talk<std::vector<SupervisedProcess>> processes();
  /// Until supervisord answers, as it does shortly after its start.
  Talk<std::vector<SupervisedProcess>> processes_patiently(std::chrono::milliseconds wait);

  [[nodiscard]] bool can_reload() const;

  enum class Loaded { anew, as_before, not_configured };
  /// Reads the files and, when what they say of this group is not what supervisord has, stops the group and loads it.
  /// What starts by itself begins to.
  Result<Loaded> load();
  Result<> stop();
  /// Starts what does not run, and waits until everything does.
  Result<> start();
  /// Has what runs begin anew by "reload_signal", if "reload_check" succeeds; restarts it when there is no signal.
  Result<> reload();
  /// Stops it, and makes supervisord forget it. Fine when it has none.
  Result<> remove();

  [[nodiscard]] tl::unexpected<Diagnostics> failed(const Trouble& trouble) const;

 private:
  [[nodiscard]] Patience patience_for(std::chrono::milliseconds time) const;
  [[nodiscard]] tl::unexpected<Diagnostics> failed(const std::string& what) const;
  Result<> wait_until_down();
  Result<> wait_until_up();
  Result<> check_reload();
  /// Each of these is still the same run after a moment.
  Result<> stays(const std::vector<SupervisedProcess>& before);

  const ResourceId& id_;
  const Value& attributes_;
  const Context& context_;
  Supervisor supervisor_;
  std::chrono::milliseconds timeout_;
};

}  // namespace wright::agent
