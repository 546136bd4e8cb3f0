#include <algorithm>

#include "base/nearest.hpp"
#include "cli/commands.hpp"
#include "cli/option_text.hpp"
#include "report/tables.hpp"
#include "run/plugin_set.hpp"
#include "schema/reference_doc.hpp"

namespace wright::commands {
namespace {

int list(Context& context, const std::vector<PluginFile>& files, Plugins& plugins) {
  std::vector<std::vector<std::string>> rows{{"plugin", "version", "path", "summary"}};
  Value::List all;
  Diagnostics problems;
  for (const auto& file : files) {
    auto description = plugins.describe(file);
    if (!description) {
      problems.add(description.error());
      continue;
    }
    rows.push_back({description->name, description->version, file.path, description->summary});
    all.push_back(Value::Map{{"name", description->name},
                             {"version", description->version},
                             {"path", file.path},
                             {"summary", description->summary},
                             {"phases", description->phases}});
  }
  context.reporter.result("plugins", {{"plugins", std::move(all)}}, table(rows, Style()));
  return problems.has_errors() ? fail(context, problems) : static_cast<int>(exit_ok);
}

enum class Form { options, reference };

int inspect(Context& context, const std::vector<PluginFile>& files, Plugins& plugins, const std::string& path,
            Form form) {
  const std::string name = path.substr(0, path.find('.'));
  const auto file = std::find_if(files.begin(), files.end(), [&](const auto& f) { return f.name == name; });
  if (file == files.end())
    return fail(context, Diagnostics({Severity::error,
                                      Fault::usage,
                                      {},
                                      "there is no plugin \"" + name + "\"",
                                      {},
                                      suggestion(name, names_of(files))}));
  auto description = plugins.describe(*file);
  if (!description) return fail(context, description.error());
  auto text = option_text(*description, name == path ? "" : path.substr(name.size() + 1));
  if (!text) return fail(context, text.error());
  // All options of a plugin are best read as what one would write into the site file.
  if (form == Form::reference && name == path) text = reference_toml(*description);
  context.reporter.result("plugin", *to_value(*description).as_map(), *text);
  return exit_ok;
}

}  // namespace

int plugin(Context& context) {
  const auto& words = context.arguments.words;
  const bool listing = words.front() == "list" && words.size() == 1;
  if (!listing && !(words.front() == "inspect" && words.size() == 2))
    return fail(context, Diagnostics({Severity::error,
                                      Fault::usage,
                                      {},
                                      "wright plugin takes list, or inspect and a name",
                                      {},
                                      suggestion(words.front(), {"list", "inspect"})}));
  auto files = plugin_files(context);
  if (!files) return fail(context, files.error());
  auto plugins = start_plugins();
  if (!plugins) return fail(context, plugins.error());
  return listing ? list(context, *files, **plugins) : inspect(context, *files, **plugins, words[1], Form::options);
}

int docs(Context& context) {
  auto files = plugin_files(context);
  if (!files) return fail(context, files.error());
  auto plugins = start_plugins();
  if (!plugins) return fail(context, plugins.error());
  const auto& words = context.arguments.words;
  return words.empty() ? list(context, *files, **plugins)
                       : inspect(context, *files, **plugins, words.front(), Form::reference);
}

}  // namespace wright::commands
