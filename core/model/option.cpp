#include "model/option.hpp"

#include <array>

#include "model/lists.hpp"
#include "model/reading.hpp"

namespace wright {
namespace {

constexpr std::array<std::string_view, 8> type_names{"text",    "secret", "integer", "number",
                                                     "boolean", "list",   "table",   "map"};

OptionType type_in(Reading& in, std::string_view key) {
  const std::string name = in.text(key);
  for (std::size_t i = 0; i < type_names.size(); ++i)
    if (type_names[i] == name) return static_cast<OptionType>(i);
  in.problem(key, "is no type of an option");
  return OptionType::text;
}

Value optional_number(const std::optional<double>& number) { return number ? Value(*number) : Value(); }

std::optional<double> number_in(const Value& value) {
  if (const auto* d = value.as_double()) return *d;
  if (const auto* i = value.as_int()) return static_cast<double>(*i);
  return std::nullopt;
}

}  // namespace

std::string_view name_of(OptionType type) { return type_names[static_cast<std::size_t>(type)]; }

Value to_value(const Option& o) {
  return Value::Map{{"name", o.name},
                    {"type", name_of(o.type)},
                    {"element", name_of(o.element)},
                    {"doc", o.doc},
                    {"default", o.fallback},
                    {"required", o.required},
                    {"minimum", optional_number(o.minimum)},
                    {"maximum", optional_number(o.maximum)},
                    {"choices", o.choices},
                    {"fields", list_to_value(o.fields)}};
}

Result<Option> option_from(const Value& value) {
  Reading in(value, "option");
  Option o;
  o.name = in.text("name");
  o.type = type_in(in, "type");
  o.element = type_in(in, "element");
  o.doc = in.text("doc");
  o.fallback = in.any("default");
  o.required = in.boolean("required");
  o.minimum = number_in(in.any("minimum"));
  o.maximum = number_in(in.any("maximum"));
  o.choices = in.strings("choices");
  o.fields = in.list<Option>("fields", option_from);
  return in.finish(std::move(o));
}

Value to_value(const PluginDescription& d) {
  return Value::Map{{"name", d.name},    {"version", d.version},     {"summary", d.summary},
                    {"path", d.path},    {"abi_minor", d.abi_minor}, {"options", list_to_value(d.options)},
                    {"phases", d.phases}};
}

Result<PluginDescription> plugin_description_from(const Value& value) {
  Reading in(value, "plugin");
  PluginDescription d;
  d.name = in.text("name");
  d.version = in.text("version");
  d.summary = in.text("summary");
  d.path = in.text("path");
  d.abi_minor = in.integer("abi_minor");
  d.options = in.list<Option>("options", option_from);
  d.phases = in.strings("phases");
  return in.finish(std::move(d));
}

}  // namespace wright
