#include "agent/resources/stopped_units.hpp"

namespace wright::agent {

std::optional<std::string> why_stopped(const Unit& unit) {
  if (unit.running() || unit.active == "activating") return std::nullopt;
  if (!unit.exists()) return "is not known to systemd";
  if (unit.masked()) return "is masked and does not run";
  if (unit.active != "failed") return "does not run: it is " + unit.active;
  std::string text = "does not run: it failed";
  if (!unit.result.empty() && unit.result != "success") text += " (" + unit.result;
  if (!unit.exit_status.empty() && unit.exit_status != "0") text += ", status " + unit.exit_status;
  return text.find('(') == std::string::npos ? text : text + ")";
}

Result<std::vector<Diagnostic>> stopped_units(const std::vector<std::string>& names, const Context& context) {
  std::vector<std::string> units;
  for (const auto& name : names) units.push_back(unit_name(name));
  auto shown = show_units(units, context);
  if (!shown) return failure(shown.error());
  std::vector<Diagnostic> stopped;
  for (std::size_t i = 0; i < names.size(); ++i) {
    const Unit& unit = (*shown)[i];
    const auto why = why_stopped(unit);
    if (!why) continue;
    stopped.push_back({Severity::error,
                       Fault::failed,
                       "service:" + names[i],
                       unit.name + " " + *why,
                       unit.exists() ? journal_of(unit.name, context) : "",
                       {}});
  }
  return stopped;
}

}  // namespace wright::agent
