#pragma once

#include <string>

#include "plugin/plugins.hpp"

namespace wright::testing {

/// A plugin of tests/plugins/support.
inline PluginFile fixture(const std::string& name) { return {name, WRIGHT_TEST_PLUGINS "/" + name + ".so"}; }

/// All diagnostics as one text, for a failed expectation to show.
template <class T>
std::string problems_of(const Result<T>& result) {
  return result ? "(it succeeded)" : to_text(result.error());
}

}  // namespace wright::testing
