#pragma once

#include <vector>

#include "run/plugin_set.hpp"

namespace wright {

/// What can be said of a site without any host.
struct Linted {
  Diagnostics errors;
  Diagnostics warnings;
  bool secrets_unread = false;  ///< the file of secrets is encrypted, and was not opened
};

/// Checks the options of every component, and calls its plugin as far as that goes without facts of a host. Problems
/// that come from what only a host or another component knows are left to the plan. A secret without a value is a
/// warning: the site file may be right all the same.
Linted lint(const Site& site, const std::vector<PluginFile>& files, Plugins& plugins);

}  // namespace wright
