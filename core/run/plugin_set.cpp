#include "run/plugin_set.hpp"

#include <algorithm>

#include "base/nearest.hpp"
#include "schema/check.hpp"

namespace wright {

std::vector<std::string> names_of(const std::vector<PluginFile>& files) {
  std::vector<std::string> names;
  for (const auto& file : files) names.push_back(file.name);
  return names;
}

Diagnostics in_site(const Diagnostics& problems, const Site& site, const SiteComponent& component) {
  Diagnostics out;
  for (Diagnostic one : problems.items()) {
    one.where = where_in(site, component, one.where);
    out.add(std::move(one));
  }
  return out;
}

Diagnostics naming_options(const Diagnostics& problems) {
  Diagnostics out;
  for (Diagnostic one : problems.items()) {
    const std::string name = "\"" + one.where + "\"";
    if (!one.where.empty() && one.what.find(name) == std::string::npos) one.what = name + ": " + one.what;
    out.add(std::move(one));
  }
  return out;
}

void add_new(Diagnostics& into, const Diagnostics& more) {
  for (const auto& one : more.items()) {
    const bool known = std::any_of(into.items().begin(), into.items().end(), [&](const Diagnostic& other) {
      return other.where == one.where && other.what == one.what && other.severity == one.severity;
    });
    if (!known) into.add(one);
  }
}

Descriptions describe(const Site& site, const std::vector<const SiteComponent*>& components,
                      const std::vector<PluginFile>& files, Plugins& plugins, Diagnostics& problems,
                      Diagnostics& warnings) {
  Descriptions known;
  std::map<std::string, Diagnostics, std::less<>> refused;
  const auto note = [&](const Diagnostics& found) {
    for (const auto& one : found.items()) {
      if (one.severity == Severity::error)
        problems.add(one);
      else
        add_new(warnings, Diagnostics(one));
    }
  };
  for (const auto* component : components) {
    if (!known.contains(component->plugin) && !refused.contains(component->plugin)) {
      const auto file =
          std::find_if(files.begin(), files.end(), [&](const auto& f) { return f.name == component->plugin; });
      if (file == files.end()) {
        problems.add({Severity::error,
                      Fault::bad_plugin,
                      where_in(site, *component, "plugin"),
                      "there is no plugin \"" + component->plugin + "\"",
                      {},
                      suggestion(component->plugin, names_of(files))});
        continue;
      }
      auto description = plugins.describe(*file);
      if (description)
        known.emplace(component->plugin, std::move(*description));
      else
        refused.emplace(component->plugin, description.error());
    }
    if (const auto bad = refused.find(component->plugin); bad != refused.end()) {
      for (Diagnostic one : bad->second.items()) {
        one.where = where_in(site, *component, "plugin") + (one.where.empty() ? "" : ": " + one.where);
        problems.add(std::move(one));
      }
      continue;
    }
    note(check_options(known.find(component->plugin)->second, component->options,
                       [&](const std::string& key) { return where_in(site, *component, key); }));
  }
  return known;
}

Result<Descriptions> describe_and_check(const Site& site, const std::vector<const SiteComponent*>& components,
                                        const std::vector<PluginFile>& files, Plugins& plugins, Diagnostics& warnings) {
  Diagnostics problems;
  auto known = describe(site, components, files, plugins, problems, warnings);
  if (problems.has_errors()) return failure(problems);
  return known;
}

}  // namespace wright
