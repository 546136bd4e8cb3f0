#pragma once

#include <string>

#include "model/option.hpp"

namespace wright {

/// What a value of the option must be, with its article: "an integer", "a list".
std::string wanted(OptionType type);

/// "from 1 to 65535", "at least 1", "at most 9"; empty without limits.
std::string range_text(const Option& option);

/// `"a", "b" or "c"`.
std::string choices_text(const Option& option);

/// Type, range and choices in a few words: "integer from 1 to 65535", "list of texts", "\"a\" or \"b\"".
std::string type_text(const Option& option);

}  // namespace wright
