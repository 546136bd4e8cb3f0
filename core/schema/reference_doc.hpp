#pragma once

#include <string>

#include "model/option.hpp"

namespace wright {

/// The plugin's options as a TOML file to read and to copy from: each with its doc, type, range and default. Lines that
/// begin with "# " explain; those that begin with "#" and no space are settings, and taking the "#" away gives a
/// component that passes check_options.
std::string reference_toml(const PluginDescription& plugin);

/// A JSON Schema (draft 2020-12) of the plugin's table in a site file, for editors. Any value may also be a text with a
/// reference.
std::string json_schema(const PluginDescription& plugin);

}  // namespace wright
