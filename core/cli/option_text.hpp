#pragma once

#include <string>
#include <string_view>

#include "base/result.hpp"
#include "model/option.hpp"

namespace wright {

/// Every option of a plugin with its type, default, range and meaning, nested ones below the table they are in.
std::string options_text(const PluginDescription& plugin);

/// Just the option that a dotted path names ("sites.tls"), with what is below it. Unknown names get a suggestion.
Result<std::string> option_text(const PluginDescription& plugin, std::string_view path);

}  // namespace wright
