#include "agent/resources/unit_changes.hpp"

#include <poll.h>

#include <algorithm>

#include "agent/baton.hpp"
#include "agent/resources/program_output.hpp"

namespace wright::agent {
namespace {

using Clock = std::chrono::steady_clock;

constexpr std::chrono::milliseconds look_interval{100};
constexpr std::chrono::milliseconds stable_after_reload{200};
constexpr std::chrono::seconds links_timeout{60};

std::string where_of(const std::string& name) { return "service:" + name; }

/// Its own last words say more than systemctl's.
std::string why_of(const std::string& name, const Finished* finished, const Context& context) {
  std::string why = journal_of(name, context);
  if (why.empty() && finished != nullptr) why = shown_output(*finished, {});
  return why;
}

std::string state_of(const Unit& unit) {
  std::string text = unit.active + " (" + unit.sub + ")";
  if (!unit.result.empty() && unit.result != "success") text += ", " + unit.result;
  if (!unit.exit_status.empty() && unit.exit_status != "0") text += ", status " + unit.exit_status;
  return text;
}

std::string next_for(const std::string& name) {
  return "put right what it says; `journalctl -u " + name + "` on the host has more";
}

Result<> failed(const std::string& name, const std::string& what, const Finished* finished, const Context& context) {
  return failure(where_of(name), name + " " + what, why_of(name, finished, context), next_for(name));
}

/// False when the run was cancelled meanwhile.
bool wait_for(std::chrono::milliseconds time, const Context& context) {
  const Aside aside(context);
  pollfd cancelled{context.cancellation == nullptr ? -1 : context.cancellation->fd(), POLLIN, 0};
  ::poll(&cancelled, 1, static_cast<int>(std::max<std::int64_t>(time.count(), 0)));
  return !context.cancelled();
}

/// Stays with a unit whose job is done. More restarts by systemd itself than `restarts` mean that it died in between.
Result<> stays_up(const std::string& name, std::chrono::milliseconds stable, const std::string& restarts,
                  const Context& context) {
  const auto until = Clock::now() + stable;
  std::string invocation;
  while (true) {
    const auto unit = show_unit(name, context);
    if (!unit) return failure(unit.error());
    if (invocation.empty()) invocation = unit->invocation;
    const bool died = unit->invocation != invocation || (!unit->restarts.empty() && unit->restarts != restarts);
    if (!unit->running() || died)
      return failed(
          name, (died ? "did not stay up and was started again by systemd: " : "did not stay up: ") + state_of(*unit),
          nullptr, context);
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(until - Clock::now());
    if (left.count() <= 0) return {};
    if (!wait_for(std::min(left, look_interval), context))
      return failure({Severity::error, Fault::interrupted, where_of(name), "the run was cancelled", {}, {}});
  }
}

Result<> bring_up(const char* verb, const std::string& name, const UnitPatience& patience, const Context& context) {
  // Forgets earlier failures: they would count towards the limit of starts, and its restarts towards ours.
  if (auto reset = systemctl("reset-failed", name, patience.timeout, context); !reset) return failure(reset.error());
  const auto finished = systemctl(verb, name, patience.timeout, context);
  if (!finished) return failure(finished.error());
  if (finished->timed_out) {
    (void)systemctl("stop", name, patience.timeout, context);
    return failed(name, "was not up in " + std::to_string(patience.timeout.count()) + " ms", &*finished, context);
  }
  if (!finished->ok()) {
    const auto unit = show_unit(name, context);
    return failed(name, std::string("could not be ") + verb + "ed" + (unit ? ": " + state_of(*unit) : ""), &*finished,
                  context);
  }
  // A timer only waits: it has no process that could die.
  const bool can_die = !name.ends_with(".timer");
  return stays_up(name, can_die ? patience.stable : std::chrono::milliseconds(0), "0", context);
}

}  // namespace

Result<Unit> fresh_unit(const std::string& name, const Context& context) {
  auto unit = show_unit(name, context);
  if (!unit || (unit->exists() && !unit->outdated)) return unit;
  // Systemd may not have looked since the file came.
  if (auto reloaded = daemon_reload(context); !reloaded) return failure(reloaded.error());
  return show_unit(name, context);
}

Result<> start_unit(const std::string& name, const UnitPatience& patience, const Context& context) {
  return bring_up("start", name, patience, context);
}

Result<> restart_unit(const std::string& name, const UnitPatience& patience, const Context& context) {
  return bring_up("restart", name, patience, context);
}

Result<> reload_unit(const Unit& unit, const UnitPatience& patience, const Context& context) {
  if (!unit.can_reload) return restart_unit(unit.name, patience, context);
  const auto finished = systemctl("reload", unit.name, patience.timeout, context);
  if (!finished) return failure(finished.error());
  if (!finished->ok())
    return failed(unit.name, "could not be reloaded: systemctl " + how_it_ended(*finished, patience.timeout),
                  &*finished, context);
  return stays_up(unit.name, std::min(patience.stable, stable_after_reload), unit.restarts, context);
}

Result<> stop_unit(const std::string& name, const UnitPatience& patience, const Context& context) {
  const auto before = show_unit(name, context);
  if (!before) return failure(before.error());
  if (before->active == "inactive" || before->active == "failed") return {};
  const auto finished = systemctl("stop", name, patience.timeout, context);
  if (!finished) return failure(finished.error());
  const auto unit = show_unit(name, context);
  if (!unit) return failure(unit.error());
  if (unit->active == "inactive" || unit->active == "failed") return {};
  return failed(name, "could not be stopped: " + state_of(*unit), &*finished, context);
}

Result<> enable_unit(const std::string& name, bool enabled, const Context& context) {
  const auto finished = systemctl(enabled ? "enable" : "disable", name, links_timeout, context);
  if (!finished) return failure(finished.error());
  if (finished->ok()) return {};
  return failure(where_of(name), name + (enabled ? " could not be enabled" : " could not be disabled"),
                 shown_output(*finished, {}),
                 "try `systemctl " + std::string(enabled ? "enable " : "disable ") + name + "`");
}

}  // namespace wright::agent
