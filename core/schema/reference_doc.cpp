#include "schema/reference_doc.hpp"

#include <algorithm>

#include "base/untrusted.hpp"
#include "schema/type_text.hpp"
#include "site/toml_text.hpp"

namespace wright {
namespace {

bool has_section(const Option& option) {
  const bool of_tables =
      option.element == OptionType::table && (option.type == OptionType::list || option.type == OptionType::map);
  return (option.type == OptionType::table || of_tables) && !option.fields.empty();
}

/// Something of the type that is accepted, for an option without a default.
Value example(const Option& option, OptionType type) {
  if (!option.choices.empty() && type == OptionType::text) return option.choices.front();
  const double smallest = option.minimum.value_or(std::min(0.0, option.maximum.value_or(0.0)));
  switch (type) {
    case OptionType::text:
      return "...";
    case OptionType::secret:
      return "${secret." + option.name + "}";
    case OptionType::integer:
      return static_cast<std::int64_t>(smallest);
    case OptionType::number:
      return smallest;
    case OptionType::boolean:
      return false;
    case OptionType::list:
      return Value::List{example(option, option.element)};
    case OptionType::map:
      return Value::Map{{"name", example(option, option.element)}};
    case OptionType::table:
      return Value::Map{};
  }
  return {};
}

/// A secret's default is not for a file to copy from.
bool shows_default(const Option& option) {
  return !option.required && option.type != OptionType::secret && !option.fallback.is_null();
}

class Writer {
 public:
  explicit Writer(const PluginDescription& plugin) : plugin_(plugin) {}

  std::string write() {
    comment(plugin_.name + " " + plugin_.version + ": " + plugin_.summary);
    comment("Every option with its type and default. A line that begins with \"#\" and no space is a setting.");
    out_ += "\n[components." + toml_key(plugin_.name) + "]\n";
    table(plugin_.options, "components." + toml_key(plugin_.name));
    return std::move(out_);
  }

 private:
  /// Tables come last: what follows a header belongs to it.
  void table(const std::vector<Option>& options, const std::string& path) {
    for (const auto& option : options)
      if (!has_section(option)) setting(option);
    for (const auto& option : options)
      if (has_section(option)) section(option, path + "." + toml_key(option.name));
  }

  void explain(const Option& option) {
    out_ += '\n';
    comment(option.doc);
    std::string line = type_text(option);
    if (option.required) line += ", required";
    if (shows_default(option)) line += ", default " + to_toml(option.fallback);
    comment(line);
  }

  void setting(const Option& option) {
    explain(option);
    const Value& value = shows_default(option) ? option.fallback : example(option, option.type);
    out_ += "#" + toml_key(option.name) + " = " + to_toml(value) + "\n";
  }

  void section(const Option& option, const std::string& path) {
    explain(option);
    const bool list = option.type == OptionType::list;
    const std::string name = path + (option.type == OptionType::map ? ".name" : "");
    out_ += list ? "#[[" + name + "]]\n" : "#[" + name + "]\n";
    table(option.fields, name);
  }

  /// A doc is the plugin's text; a newline in it must not begin a line of TOML.
  void comment(const std::string& text) {
    if (text.empty()) return;
    out_ += "# ";
    for (const char c : Untrusted(text).for_terminal()) {
      out_ += c;
      if (c == '\n') out_ += "# ";
    }
    out_ += '\n';
  }

  const PluginDescription& plugin_;
  std::string out_;
};

}  // namespace

std::string reference_toml(const PluginDescription& plugin) { return Writer(plugin).write(); }

}  // namespace wright
