#include "cli/option_text.hpp"

#include <algorithm>

#include "base/nearest.hpp"
#include "model/encoding.hpp"

namespace wright {
namespace {

std::string type_text(const Option& option) {
  if (option.type == OptionType::list) return "list of " + std::string(name_of(option.element));
  if (option.type == OptionType::map) return "map of " + std::string(name_of(option.element));
  return std::string(name_of(option.type));
}

std::string number_text(double value) {
  std::string text = to_json(Value(value));
  if (text.ends_with(".0")) text.resize(text.size() - 2);
  return text;
}

std::string limits_text(const Option& option) {
  std::string out;
  if (option.required) out += ", required";
  if (!option.fallback.is_null()) out += ", default " + to_json(option.fallback);
  if (option.minimum && option.maximum)
    out += ", " + number_text(*option.minimum) + " to " + number_text(*option.maximum);
  else if (option.minimum)
    out += ", at least " + number_text(*option.minimum);
  else if (option.maximum)
    out += ", at most " + number_text(*option.maximum);
  for (std::size_t i = 0; i < option.choices.size(); ++i)
    out += (i == 0 ? ", one of \"" : ", \"") + option.choices[i] + "\"";
  return out;
}

void add(std::string& out, const Option& option, std::size_t depth) {
  const std::string indent(depth * 2, ' ');
  out += indent + option.name + ": " + type_text(option) + limits_text(option) + "\n";
  if (!option.doc.empty()) out += indent + "    " + option.doc + "\n";
  for (const auto& field : option.fields) add(out, field, depth + 1);
}

}  // namespace

std::string options_text(const PluginDescription& plugin) {
  std::string out = plugin.name + " " + plugin.version + ": " + plugin.summary + "\n";
  if (plugin.options.empty()) return out + "It takes no options.\n";
  out += "\n";
  for (const auto& option : plugin.options) add(out, option, 0);
  return out;
}

Result<std::string> option_text(const PluginDescription& plugin, std::string_view path) {
  const std::vector<Option>* among = &plugin.options;
  const Option* found = nullptr;
  std::string so_far = plugin.name;
  while (!path.empty()) {
    const std::size_t dot = std::min(path.find('.'), path.size());
    const std::string name(path.substr(0, dot));
    path.remove_prefix(std::min(dot + 1, path.size()));
    const auto option = std::find_if(among->begin(), among->end(), [&](const Option& o) { return o.name == name; });
    if (option == among->end()) {
      std::vector<std::string> known;
      for (const auto& one : *among) known.push_back(one.name);
      return failure(
          {Severity::error, Fault::usage, {}, so_far + " has no option \"" + name + "\"", {}, suggestion(name, known)});
    }
    found = &*option;
    among = &option->fields;
    so_far += "." + name;
  }
  if (found == nullptr) return options_text(plugin);
  std::string out;
  add(out, *found, 0);
  return out;
}

}  // namespace wright
