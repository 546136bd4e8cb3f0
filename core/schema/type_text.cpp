#include "schema/type_text.hpp"

#include <cmath>

#include "site/toml_text.hpp"

namespace wright {
namespace {

/// Limits are doubles also for integers; a whole one is written without a fraction.
std::string number(double value) {
  constexpr double exact = 9007199254740992.0;  // 2^53
  if (std::floor(value) == value && std::fabs(value) <= exact) return std::to_string(static_cast<std::int64_t>(value));
  return to_toml(value);
}

}  // namespace

std::string wanted(OptionType type) {
  switch (type) {
    case OptionType::text:
    case OptionType::secret:
      return "a string";
    case OptionType::integer:
      return "an integer";
    case OptionType::number:
      return "a number";
    case OptionType::boolean:
      return "true or false";
    case OptionType::list:
      return "a list";
    case OptionType::table:
    case OptionType::map:
      return "a table";
  }
  return "a value";
}

std::string range_text(const Option& option) {
  if (option.minimum && option.maximum) return "from " + number(*option.minimum) + " to " + number(*option.maximum);
  if (option.minimum) return "at least " + number(*option.minimum);
  if (option.maximum) return "at most " + number(*option.maximum);
  return {};
}

std::string choices_text(const Option& option) {
  std::string out;
  for (std::size_t i = 0; i < option.choices.size(); ++i) {
    if (i != 0) out += i + 1 == option.choices.size() ? " or " : ", ";
    out += quoted(option.choices[i]);
  }
  return out;
}

std::string type_text(const Option& option) {
  const bool container = option.type == OptionType::list || option.type == OptionType::map;
  std::string out(name_of(option.type));
  if (container)
    out += " of " + std::string(name_of(option.element)) + (option.element == OptionType::boolean ? " values" : "s");
  if (!option.choices.empty()) return container ? out + ", each " + choices_text(option) : choices_text(option);
  const std::string range = range_text(option);
  if (range.empty()) return out;
  return out + (container ? ", each " : " ") + range;
}

}  // namespace wright
