#pragma once

#include <chrono>
#include <string>
#include <string_view>
#include <vector>

#include "agent/context.hpp"
#include "agent/process/process.hpp"
#include "base/result.hpp"

namespace wright::agent {

/// A unit as systemd has it now. Texts are systemd's own words.
struct Unit {
  std::string name;         ///< as asked for; an alias has the rest of the unit that it stands for
  std::string load;         ///< "loaded", "not-found", "masked", "bad-setting", "error"
  std::string active;       ///< "active", "reloading", "inactive", "failed", "activating", "deactivating"
  std::string sub;          ///< "running", "exited", "auto-restart", ...
  std::string file;         ///< "enabled", "disabled", "static", "masked", "generated", ...; empty when there is none
  std::string path;         ///< of the unit's file
  std::string result;       ///< of the last run: "success", "exit-code", "timeout", ...
  std::string exit_status;  ///< of the main process
  std::string invocation;   ///< another one after each start; empty when it never ran since boot
  std::string restarts;     ///< by systemd itself, since the last start by hand; empty for what is no service
  std::string drop_ins;     ///< paths of the files that add to its own, with a space between them
  bool outdated = false;    ///< a file of it changed since systemd read it
  bool can_reload = false;

  [[nodiscard]] bool exists() const { return load != "not-found"; }
  [[nodiscard]] bool masked() const { return load == "masked" || file == "masked" || file == "masked-runtime"; }
  [[nodiscard]] bool running() const { return active == "active" || active == "reloading"; }
};

/// The name with its suffix: "nginx" is "nginx.service".
std::string unit_name(std::string_view name);
/// Systemd's grammar for the name of one unit: no template, nothing that systemctl could take for an option or pattern.
bool is_unit_name(std::string_view name);

/// What `systemctl show` printed for so many units: blocks with an empty line between them, in the order asked for.
std::vector<Unit> units_in(std::string_view shown, const std::vector<std::string>& names);

/// Whether ETC/systemd/system/NAME.d holds other files than systemd has read. It does not say so itself when the folder
/// is new.
bool has_other_drop_ins(const Unit& unit, const std::string& etc = "/etc");

/// Whether ETC/systemd/system/NAME is a file that takes the place of the one that systemd has read.
bool has_other_file(const Unit& unit, const std::string& etc = "/etc");

/// One `systemctl show` for all of them, in the order given. An error where systemd does not run.
Result<std::vector<Unit>> show_units(const std::vector<std::string>& names, const Context& context);
Result<Unit> show_unit(const std::string& name, const Context& context);

/// `systemctl VERB [UNIT]`; a failing one is a Finished.
Result<Finished> systemctl(const std::string& verb, const std::string& unit, std::chrono::milliseconds timeout,
                           const Context& context);
Result<> daemon_reload(const Context& context);

/// The last lines of the unit's journal, fit for a terminal; empty when there are none.
std::string journal_of(const std::string& unit, const Context& context);

}  // namespace wright::agent
