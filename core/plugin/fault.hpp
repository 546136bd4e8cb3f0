#pragma once

#include <string>
#include <string_view>

#include "base/diagnostic.hpp"

namespace wright {

/// A plugin misbehaved. It says who and where in its first words and leaves `where` to the caller, who knows which
/// place of the site file asked for the plugin.
inline Diagnostic plugin_fault(std::string_view plugin, std::string_view phase, std::string_view what,
                               std::string why = {}, std::string next = {}) {
  return {Severity::error,
          Fault::bad_plugin,
          {},
          "plugin " + std::string(plugin) + ", " + std::string(phase) + ": " + std::string(what),
          std::move(why),
          std::move(next)};
}

}  // namespace wright
