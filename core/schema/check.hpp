#pragma once

#include <functional>
#include <string>

#include "base/result.hpp"
#include "model/option.hpp"

namespace wright {

/// Says where an option stands ("sites[0].name" -> "site.toml:12:3").
using WhereIs = std::function<std::string(const std::string& key)>;

/// Before references are resolved: unknown keys (with the nearest known name), wrong types, out of range, not one of
/// the choices, missing required ones. A text that holds a reference is not judged yet.
Diagnostics check_options(const PluginDescription& plugin, const Value::Map& options, const WhereIs& where);

/// After references are resolved: checks all again and fills in the defaults, at every depth. A text given for a secret
/// option becomes a Secret.
Result<Value::Map> complete_options(const PluginDescription& plugin, const Value::Map& options, const WhereIs& where);

}  // namespace wright
