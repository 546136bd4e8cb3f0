#include "schema/check.hpp"

#include <algorithm>
#include <cmath>

#include "base/nearest.hpp"
#include "base/untrusted.hpp"
#include "schema/type_text.hpp"
#include "site/reference.hpp"
#include "site/toml_text.hpp"

namespace wright {
namespace {

enum class Stage { before_references, after_references };

bool holds_reference(const std::string& text) {
  const auto found = references_in(text);
  return !found || !found->empty();  // a bad one was told when the site was read
}

bool holds_secret(const std::string& text) {
  const auto found = references_in(text);
  return found && std::any_of(found->begin(), found->end(),
                              [](const Reference& one) { return one.kind == Reference::Kind::secret; });
}

std::string described(const Value& value) {
  if (value.is_null()) return "nothing";
  const std::string name(value.type_name());
  return (name == "integer" ? "an " : "a ") + name;
}

/// Walks over options and values side by side, and builds the completed value while it looks for problems.
class Checker {
 public:
  Checker(const PluginDescription& plugin, const WhereIs& where, Stage stage)
      : plugin_(plugin), where_(where), stage_(stage) {}

  Value::Map table(const std::vector<Option>& fields, const Value::Map& given, const std::string& at) {
    Value::Map out;
    const std::string prefix = at.empty() ? "" : at + ".";
    for (const auto& [key, value] : given) {
      const auto option =
          std::find_if(fields.begin(), fields.end(), [&, &name = key](const Option& o) { return o.name == name; });
      if (option == fields.end())
        unknown(fields, key, at);
      else
        out[key] = one(*option, option->type, value, prefix + key);
    }
    for (const auto& option : fields) {
      if (given.contains(option.name)) continue;
      if (option.required)
        add(prefix + option.name, missing(option, at), {}, option.doc);
      else if (!option.fallback.is_null())
        out[option.name] = one(option, option.type, option.fallback, prefix + option.name);
    }
    return out;
  }

  Diagnostics problems;

 private:
  Value one(const Option& option, OptionType type, const Value& value, const std::string& at) {
    if (const auto* text = value.as_string();
        text != nullptr && stage_ == Stage::before_references && holds_reference(*text)) {
      if (type == OptionType::text && holds_secret(*text)) refuse_secret(at);
      return value;
    }
    switch (type) {
      case OptionType::text:
        return text_value(option, value, at);
      case OptionType::secret:
        return secret_value(value, at);
      case OptionType::integer:
        if (value.as_int() == nullptr) return wrong(type, value, at);
        check_range(option, static_cast<double>(*value.as_int()), at, value);
        return value;
      case OptionType::number:
        return number_value(option, value, at);
      case OptionType::boolean:
        return value.as_bool() == nullptr ? wrong(type, value, at) : value;
      case OptionType::list:
        return list_value(option, value, at);
      case OptionType::table:
        if (value.as_map() == nullptr) return wrong(type, value, at);
        return table(option.fields, *value.as_map(), at);
      case OptionType::map:
        return map_value(option, value, at);
    }
    return value;
  }

  Value text_value(const Option& option, const Value& value, const std::string& at) {
    if (value.as_secret() != nullptr) {
      refuse_secret(at);
      return {};
    }
    const auto* text = value.as_string();
    if (text == nullptr) return wrong(OptionType::text, value, at);
    if (!option.choices.empty() &&
        std::find(option.choices.begin(), option.choices.end(), *text) == option.choices.end())
      add(at, "\"" + at + "\" must be " + choices_text(option) + ", not \"" + *text + "\"", near(*text, option.choices),
          {});
    return value;
  }

  Value secret_value(const Value& value, const std::string& at) {
    if (value.as_secret() != nullptr) return value;
    if (const auto* text = value.as_string()) return Secret(*text);
    return wrong(OptionType::secret, value, at);
  }

  Value number_value(const Option& option, const Value& value, const std::string& at) {
    double number = 0;
    if (const auto* integer = value.as_int())
      number = static_cast<double>(*integer);
    else if (const auto* real = value.as_double(); real != nullptr && std::isfinite(*real))
      number = *real;
    else
      return wrong(OptionType::number, value, at);
    check_range(option, number, at, value);
    return number;
  }

  Value list_value(const Option& option, const Value& value, const std::string& at) {
    const auto* list = value.as_list();
    if (list == nullptr) return wrong(OptionType::list, value, at);
    Value::List out;
    for (std::size_t i = 0; i < list->size(); ++i)
      out.push_back(one(option, option.element, (*list)[i], at + "[" + std::to_string(i) + "]"));
    return out;
  }

  Value map_value(const Option& option, const Value& value, const std::string& at) {
    const auto* map = value.as_map();
    if (map == nullptr) return wrong(OptionType::map, value, at);
    Value::Map out;
    for (const auto& [key, item] : *map) out[key] = one(option, option.element, item, at + "." + key);
    return out;
  }

  void refuse_secret(const std::string& at) {
    std::vector<std::string> takers;
    collect_secret_options(plugin_.options, {}, takers);
    std::string next = takers.empty() ? "no option of plugin \"" + plugin_.name + "\" takes a secret"
                                      : "options of plugin \"" + plugin_.name + "\" that take secrets: ";
    for (std::size_t i = 0; i < takers.size(); ++i) next += (i == 0 ? "" : ", ") + takers[i];
    add(at, "\"" + at + "\" is not kept secret, so no secret can be put into it", next, {});
  }

  static void collect_secret_options(const std::vector<Option>& options, const std::string& prefix,
                                     std::vector<std::string>& out) {
    for (const auto& option : options) {
      const bool many = option.type == OptionType::list || option.type == OptionType::map;
      if (option.type == OptionType::secret || (many && option.element == OptionType::secret))
        out.push_back(prefix + option.name);
      collect_secret_options(option.fields, prefix + option.name + ".", out);
    }
  }

  void check_range(const Option& option, double number, const std::string& at, const Value& value) {
    if ((option.minimum && number < *option.minimum) || (option.maximum && number > *option.maximum))
      add(at, "\"" + at + "\" must be " + range_text(option) + ", not " + to_toml(value), {}, {});
  }

  Value wrong(OptionType type, const Value& value, const std::string& at) {
    add(at, "\"" + at + "\" must be " + wanted(type) + ", not " + described(value), {}, {});
    return {};
  }

  void unknown(const std::vector<Option>& fields, const std::string& key, const std::string& at) {
    std::vector<std::string> known;
    for (const auto& option : fields) known.push_back(option.name);
    const std::string owner =
        at.empty() ? "plugin \"" + plugin_.name + "\" has no option" : "\"" + at + "\" has no key";
    add(at.empty() ? key : at + "." + key, owner + " \"" + key + "\"", suggestion(key, known), {});
  }

  [[nodiscard]] std::string missing(const Option& option, const std::string& at) const {
    if (at.empty()) return "plugin \"" + plugin_.name + "\" needs the option \"" + option.name + "\"";
    return "\"" + at + "\" needs the key \"" + option.name + "\"";
  }

  static std::string near(const std::string& text, const std::vector<std::string>& choices) {
    const auto name = nearest(text, choices);
    return name ? "did you mean \"" + *name + "\"?" : std::string();
  }

  /// Values may come from a host by a reference, so they are printed as such.
  void add(const std::string& at, const std::string& what, const std::string& next, const std::string& why) {
    constexpr std::size_t longest = 2048;
    problems.add({Severity::error, Fault::bad_site, where_(at), Untrusted(what).for_terminal(longest),
                  Untrusted(why).for_terminal(longest), Untrusted(next).for_terminal(longest)});
  }

  const PluginDescription& plugin_;
  const WhereIs& where_;
  const Stage stage_;
};

}  // namespace

Diagnostics check_options(const PluginDescription& plugin, const Value::Map& options, const WhereIs& where) {
  Checker checker(plugin, where, Stage::before_references);
  checker.table(plugin.options, options, {});
  return checker.problems;
}

Result<Value::Map> complete_options(const PluginDescription& plugin, const Value::Map& options, const WhereIs& where) {
  Checker checker(plugin, where, Stage::after_references);
  Value::Map complete = checker.table(plugin.options, options, {});
  if (checker.problems.has_errors()) return failure(checker.problems);
  return complete;
}

}  // namespace wright
