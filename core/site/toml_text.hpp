#pragma once

#include <string>
#include <string_view>

#include "model/value.hpp"

namespace wright {

/// The value as TOML on one line: lists and inline tables, strings in quotes. A secret is written as "(secret)", null
/// as
/// "(nothing)"; neither can be in a site file.
std::string to_toml(const Value& value);

/// The text in quotes, with escapes where TOML needs them.
std::string quoted(std::string_view text);

/// A key as it stands in a table: bare where TOML allows, else in quotes.
std::string toml_key(std::string_view key);

}  // namespace wright
