#pragma once

#include <string>
#include <string_view>

#include "model/value.hpp"

namespace wright {

inline constexpr std::int64_t json_schema = 1;

/// One line of `--json`: the fields with "schema" and "type", and a newline. Control characters and those that turn the
/// direction of text are escaped, so that a line is safe on a terminal too. Secrets are "(secret)".
std::string json_line(std::string_view type, Value::Map fields);

}  // namespace wright
