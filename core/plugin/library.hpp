#pragma once

#include <wright/plugin.h>

#include <memory>
#include <string>

#include "plugin/plugins.hpp"

namespace wright {

/// A plugin in this process: its code has run. Only the worker loads any.
struct LoadedPlugin {
  PluginDescription description;
  wright_plugin table{};          ///< as this SDK knows it; slots that the plugin's SDK did not have are NULL
  std::shared_ptr<void> library;  ///< kept until the process ends
};

/// Inspects, loads, asks for the table and checks it.
Result<LoadedPlugin> load_plugin(const PluginFile& file);

/// The plugin's description of itself as the model has it. Every problem at once; `where` is the file.
Result<PluginDescription> describe_plugin(const PluginFile& file, const wright_plugin& table);

}  // namespace wright
