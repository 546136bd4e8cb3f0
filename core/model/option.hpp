#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "model/value.hpp"

namespace wright {

/// The type of a plugin's option. A list has elements of `element`; a table has `fields`.
enum class OptionType { text, secret, integer, number, boolean, list, table, map };
std::string_view name_of(OptionType type);

/// One config key of a plugin, as the plugin describes it.
struct Option {
  std::string name;
  OptionType type = OptionType::text;
  OptionType element = OptionType::text;  ///< of a list or map
  std::string doc;
  Value fallback;  ///< the default; null when there is none
  bool required = false;
  std::optional<double> minimum;  ///< of an integer or number
  std::optional<double> maximum;
  std::vector<std::string> choices;  ///< of a text
  std::vector<Option> fields;        ///< of a table, or of the elements of a list or map of tables
};

/// What a plugin says of itself.
struct PluginDescription {
  std::string name;
  std::string version;
  std::string summary;
  std::string path;  ///< of the shared object
  std::int64_t abi_minor = 0;
  std::vector<Option> options;
  std::vector<std::string> phases;  ///< those it implements: "install", "configure", "verify", "rollback"
};

Value to_value(const Option& option);
Result<Option> option_from(const Value& value);
Value to_value(const PluginDescription& description);
Result<PluginDescription> plugin_description_from(const Value& value);

}  // namespace wright
