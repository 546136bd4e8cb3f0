#pragma once

#include <functional>
#include <string_view>

#include "plugin/library.hpp"

namespace wright {

/// Calls every phase that the plugin has and checks what it declared. `entering` is told each phase's name before it is
/// called, so that the other side of a process border knows where a plugin died.
Result<Declared> run_phases(const LoadedPlugin& plugin, const Evaluation& evaluation,
                            const std::function<void(std::string_view)>& entering);

}  // namespace wright
