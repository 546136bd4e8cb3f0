#include "model/encoding.hpp"
#include "schema/reference_doc.hpp"

namespace wright {
namespace {

const Value a_reference = Value::Map{{"type", "string"}, {"pattern", "\\$\\{"}};

/// A text with a reference stands for a value of any type.
Value or_reference(Value::Map schema) { return Value::Map{{"anyOf", Value::List{std::move(schema), a_reference}}}; }

Value::Map schema_of_table(const std::vector<Option>& fields);

Value schema_of(const Option& option, OptionType type) {
  Value::Map schema;
  switch (type) {
    case OptionType::secret:
      return Value::Map{{"type", "string"}};
    case OptionType::text:
      if (option.choices.empty()) return Value::Map{{"type", "string"}};
      schema = {{"enum", option.choices}};
      break;
    case OptionType::integer:
    case OptionType::number:
      schema = {{"type", name_of(type)}};
      if (option.minimum) schema["minimum"] = *option.minimum;
      if (option.maximum) schema["maximum"] = *option.maximum;
      break;
    case OptionType::boolean:
      schema = {{"type", "boolean"}};
      break;
    case OptionType::list:
      schema = {{"type", "array"}, {"items", schema_of(option, option.element)}};
      break;
    case OptionType::map:
      schema = {{"type", "object"}, {"additionalProperties", schema_of(option, option.element)}};
      break;
    case OptionType::table:
      schema = schema_of_table(option.fields);
      break;
  }
  return or_reference(std::move(schema));
}

Value::Map schema_of_table(const std::vector<Option>& fields) {
  Value::Map properties;
  std::vector<std::string> required;
  for (const auto& option : fields) {
    Value schema = schema_of(option, option.type);
    if (!option.doc.empty()) (*schema.as_map())["description"] = option.doc;
    if (!option.fallback.is_null() && !option.fallback.has_secret() && option.type != OptionType::secret)
      (*schema.as_map())["default"] = option.fallback;
    properties[option.name] = std::move(schema);
    if (option.required) required.push_back(option.name);
  }
  return {{"type", "object"},
          {"properties", std::move(properties)},
          {"required", required},
          {"additionalProperties", false}};
}

Value names(std::string description) {
  const Value text = Value::Map{{"type", "string"}};
  return Value::Map{{"description", std::move(description)},
                    {"anyOf", Value::List{text, Value::Map{{"type", "array"}, {"items", text}}}}};
}

}  // namespace

std::string json_schema(const PluginDescription& plugin) {
  Value::Map schema = schema_of_table(plugin.options);
  schema["$schema"] = "https://json-schema.org/draft/2020-12/schema";
  schema["title"] = plugin.name + " " + plugin.version;
  schema["description"] = plugin.summary;
  auto& properties = *schema["properties"].as_map();
  properties["plugin"] =
      Value::Map{{"type", "string"}, {"description", "The plugin; the component's name unless given."}};
  properties["hosts"] = names("Hosts and groups the component is on; the only host there is unless given.");
  properties["requires"] = names("Components that must be ready before.");
  properties["after"] = names("Components that go first when they are there to go.");
  return to_json(schema, 2) + "\n";
}

}  // namespace wright
