#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "model/event.hpp"
#include "model/resource.hpp"
#include "plugin/plugins.hpp"
#include "run/interruption.hpp"
#include "site/site.hpp"
#include "transport/connection.hpp"

namespace wright {

/// Hears what happens on the hosts while it happens. Called from several threads, one at a time per host.
using OnEvent = std::function<void(const Event&)>;

/// The world outside a run; tests put their own here. `connect` and `probe` are called from several threads.
struct Ports {
  std::function<Result<std::unique_ptr<Connection>>(const Target&)> connect;
  std::function<Result<std::unique_ptr<Plugins>>()> start_plugins;
  /// Asks a probe from the controller's side, other than a login. The error says what was not as expected.
  std::function<Result<>(const Probe&)> probe;
};
Ports real_ports();

/// What every command over hosts is given. References are borrowed for the length of the call.
struct Run {
  const Site& site;
  Ports ports;
  OnEvent on_event;
  Interruption& interruption;
  std::vector<PluginFile> plugin_files;
  std::vector<std::string> words;   ///< components
  std::vector<std::string> limits;  ///< hosts and groups
  bool skip_unreachable = false;
  std::chrono::milliseconds lock_timeout{0};
};

}  // namespace wright
