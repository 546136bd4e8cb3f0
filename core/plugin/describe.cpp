#include <algorithm>
#include <array>
#include <cstddef>
#include <cstring>
#include <set>

#include "model/encoding.hpp"
#include "plugin/call.hpp"
#include "plugin/library.hpp"

namespace wright {
namespace {

constexpr std::size_t deepest = 16;
constexpr std::uint64_t most_options = 2000;

/// Reads the option tables, noting every problem.
class Describer {
 public:
  explicit Describer(const PluginFile& file) : file_(file) {}

  std::vector<Option> options(const wright_option* const* from, std::uint64_t count, const std::string& path) {
    std::vector<Option> out;
    std::set<std::string> names;
    const auto levels = static_cast<std::size_t>(std::count(path.begin(), path.end(), '.'));
    if (count == 0) return out;
    if (from == nullptr || count > most_options || levels > deepest) {
      problem(path, "the table of options is broken: NULL, or too long, or too deep");
      return out;
    }
    for (std::uint64_t i = 0; i < count; ++i) {
      const std::string slot = path + "[" + std::to_string(i) + "]";
      // 1.0 had all fields up to field_count.
      if (from[i] == nullptr || from[i]->struct_size < offsetof(wright_option, field_count) + sizeof(std::uint64_t)) {
        problem(slot, "the option is NULL or too small");
        continue;
      }
      wright_option ours{};
      std::memcpy(&ours, from[i], std::min<std::size_t>(from[i]->struct_size, sizeof(ours)));
      out.push_back(option(ours, path, slot));
      if (!names.insert(out.back().name).second) problem(slot, "the name \"" + out.back().name + "\" stands twice");
    }
    return out;
  }

  void problem(const std::string& where, std::string what) {
    problems_.add(
        {Severity::error, Fault::bad_plugin, file_.path, "describes itself wrongly: " + std::move(what), where, {}});
  }
  [[nodiscard]] const Diagnostics& problems() const { return problems_; }

 private:
  Option option(const wright_option& from, const std::string& path, const std::string& slot) {
    Option out;
    out.name = text_of(from.name);
    const std::string where = path.empty() ? out.name : path + "." + out.name;
    check_name(out.name, path, slot);
    out.type = type(from.type, false, where);
    const bool holds = out.type == OptionType::list || out.type == OptionType::map;
    if (holds) out.element = type(from.element, true, where);
    out.doc = text_of(from.doc);
    out.required = (from.flags & WRIGHT_OPTION_REQUIRED) != 0;
    if ((from.flags & WRIGHT_OPTION_HAS_MINIMUM) != 0) out.minimum = from.minimum;
    if ((from.flags & WRIGHT_OPTION_HAS_MAXIMUM) != 0) out.maximum = from.maximum;
    if (out.minimum && out.maximum && *out.minimum > *out.maximum) problem(where, "its minimum is above its maximum");
    for (std::uint64_t i = 0; from.choices != nullptr && i < std::min(from.choice_count, most_options); ++i)
      out.choices.push_back(text_of(from.choices[i]));
    if (out.type == OptionType::table || out.element == OptionType::table)
      out.fields = options(from.fields, from.field_count, where);
    if (!view(from.fallback).empty()) read_fallback(out, view(from.fallback), where);
    return out;
  }

  void check_name(const std::string& name, const std::string& path, const std::string& slot) {
    static constexpr std::array<std::string_view, 4> of_site{"plugin", "hosts", "requires", "after"};
    if (name.empty() || name.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789_-") != std::string::npos)
      problem(slot, "the name \"" + name + "\" is not made of lower-case letters, digits, \"_\" and \"-\"");
    else if (path.empty() && std::find(of_site.begin(), of_site.end(), name) != of_site.end())
      problem(slot, "the name \"" + name + "\" belongs to the site file");
  }

  OptionType type(int32_t from, bool element, const std::string& where) {
    switch (from) {
      case WRIGHT_TYPE_TEXT:
        return OptionType::text;
      case WRIGHT_TYPE_SECRET:
        return OptionType::secret;
      case WRIGHT_TYPE_INTEGER:
        return OptionType::integer;
      case WRIGHT_TYPE_NUMBER:
        return OptionType::number;
      case WRIGHT_TYPE_BOOLEAN:
        return OptionType::boolean;
      case WRIGHT_TYPE_TABLE:
        return OptionType::table;
      case WRIGHT_TYPE_LIST:
        if (!element) return OptionType::list;
        break;
      case WRIGHT_TYPE_MAP:
        if (!element) return OptionType::map;
        break;
      default:
        break;
    }
    problem(where, std::string(element ? "its element" : "it") + " has the unknown type " + std::to_string(from));
    return OptionType::text;
  }

  void read_fallback(Option& out, std::string_view json, const std::string& where) {
    auto value = from_json(json);
    if (!value)
      problem(where, "its default is not valid JSON");
    else if (!fit(*value, out, out.type))
      problem(where, "its default is not of its type, " + std::string(name_of(out.type)));
    else
      out.fallback = std::move(*value);
  }

  /// Gives the value the option's type where JSON cannot say it; false when it has another.
  static bool fit(Value& value, const Option& option, OptionType wanted) {
    switch (wanted) {
      case OptionType::text:
        return value.as_string() != nullptr;
      case OptionType::integer:
        return value.as_int() != nullptr;
      case OptionType::boolean:
        return value.as_bool() != nullptr;
      case OptionType::secret:
        if (value.as_string() == nullptr) return false;
        value = Secret(*value.as_string());
        return true;
      case OptionType::number:
        if (const auto* i = value.as_int()) value = static_cast<double>(*i);
        return value.as_double() != nullptr;
      case OptionType::list: {
        auto* list = value.as_list();
        return list != nullptr &&
               std::all_of(list->begin(), list->end(), [&](Value& item) { return fit(item, option, option.element); });
      }
      case OptionType::map: {
        auto* map = value.as_map();
        return map != nullptr && std::all_of(map->begin(), map->end(),
                                             [&](auto& item) { return fit(item.second, option, option.element); });
      }
      case OptionType::table:
        return fit_table(value, option);
    }
    return false;
  }

  static bool fit_table(Value& value, const Option& option) {
    auto* map = value.as_map();
    if (map == nullptr) return false;
    return std::all_of(map->begin(), map->end(), [&](auto& item) {
      const auto field = std::find_if(option.fields.begin(), option.fields.end(),
                                      [&](const Option& one) { return one.name == item.first; });
      return field != option.fields.end() && fit(item.second, *field, field->type);
    });
  }

  const PluginFile& file_;
  Diagnostics problems_;
};

}  // namespace

Result<PluginDescription> describe_plugin(const PluginFile& file, const wright_plugin& table) {
  Describer describer(file);
  PluginDescription out;
  out.name = text_of(table.name);
  out.version = text_of(table.version);
  out.summary = text_of(table.summary);
  out.path = file.path;
  out.abi_minor = table.abi_minor;
  if (out.name != file.name)
    describer.problem({}, "it is called \"" + out.name + "\", and its file \"" + file.name + "\"");
  out.options = describer.options(table.options, table.option_count, {});
  if (table.install != nullptr) out.phases.emplace_back("install");
  if (table.configure != nullptr) out.phases.emplace_back("configure");
  out.phases.emplace_back("verify");
  if (table.rollback != nullptr) out.phases.emplace_back("rollback");
  if (describer.problems().has_errors()) return failure(describer.problems());
  return out;
}

}  // namespace wright
