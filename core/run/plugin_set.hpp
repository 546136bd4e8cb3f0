#pragma once

#include <map>
#include <string>
#include <vector>

#include "model/option.hpp"
#include "plugin/plugins.hpp"
#include "site/site.hpp"

namespace wright {

/// What the plugins of a run say of themselves, by plugin name.
using Descriptions = std::map<std::string, PluginDescription, std::less<>>;

/// Loads the plugins of these components and checks the options as far as they can be judged without any host. Adds
/// every problem of every component, at its place in the site file; the rest is what could be loaded.
Descriptions describe(const Site& site, const std::vector<const SiteComponent*>& components,
                      const std::vector<PluginFile>& files, Plugins& plugins, Diagnostics& problems,
                      Diagnostics& warnings);
/// The same; any problem is a failure.
Result<Descriptions> describe_and_check(const Site& site, const std::vector<const SiteComponent*>& components,
                                        const std::vector<PluginFile>& files, Plugins& plugins, Diagnostics& warnings);

/// The names of the files, for the site's check of plugin names.
std::vector<std::string> names_of(const std::vector<PluginFile>& files);

/// Diagnostics whose `where` holds an option of the component ("sites[0].name"), each at its place in the site file.
Diagnostics in_site(const Diagnostics& problems, const Site& site, const SiteComponent& component);

/// What a plugin said of its options, each beginning with the option's name.
Diagnostics naming_options(const Diagnostics& problems);

/// Adds the ones that `into` does not have yet: the same problem on ten hosts is one problem.
void add_new(Diagnostics& into, const Diagnostics& more);

}  // namespace wright
