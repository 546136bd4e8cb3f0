#include "run/selection.hpp"

#include <algorithm>
#include <set>

#include "base/nearest.hpp"

namespace wright {
namespace {

std::vector<std::string> host_and_group_names(const Site& site) {
  std::vector<std::string> names;
  std::set<std::string> groups;
  for (const auto& host : site.hosts) {
    names.push_back(host.name);
    groups.insert(host.groups.begin(), host.groups.end());
  }
  names.insert(names.end(), groups.begin(), groups.end());
  return names;
}

std::set<std::string> limited_hosts(const Site& site, const std::vector<std::string>& limits, Diagnostics& problems) {
  std::set<std::string> names;
  if (limits.empty())
    for (const auto& host : site.hosts) names.insert(host.name);
  for (const auto& limit : limits) {
    if (site.host(limit) != nullptr) {
      names.insert(limit);
      continue;
    }
    const auto members = site.hosts_in_group(limit);
    if (members.empty())
      problems.add({Severity::error,
                    Fault::usage,
                    "--limit",
                    "no host or group is named \"" + limit + "\"",
                    {},
                    suggestion(limit, host_and_group_names(site))});
    names.insert(members.begin(), members.end());
  }
  return names;
}

std::set<std::string> chosen_components(const Site& site, const std::vector<std::string>& words, bool requirements,
                                        Diagnostics& problems) {
  std::vector<std::string> known;
  for (const auto& component : site.components) known.push_back(component.name);
  std::set<std::string> chosen;
  if (words.empty()) chosen.insert(known.begin(), known.end());
  for (const auto& word : words) {
    if (site.component(word) == nullptr)
      problems.add({Severity::error,
                    Fault::usage,
                    {},
                    "no component of " + site.path + " is named \"" + word + "\"",
                    {},
                    suggestion(word, known)});
    else
      chosen.insert(word);
  }
  if (!requirements) return chosen;
  // The site's components stand in dependency order, so one pass from the end reaches everything.
  for (auto component = site.components.rbegin(); component != site.components.rend(); ++component)
    if (chosen.contains(component->name)) chosen.insert(component->requires_.begin(), component->requires_.end());
  return chosen;
}

}  // namespace

bool Selection::has(const SiteComponent& component, std::string_view host) const {
  return std::find(components.begin(), components.end(), &component) != components.end() &&
         std::find(component.hosts.begin(), component.hosts.end(), host) != component.hosts.end() &&
         std::any_of(hosts.begin(), hosts.end(), [&](const SiteHost* h) { return h->name == host; });
}

Result<Selection> select(const Site& site, const std::vector<std::string>& words,
                         const std::vector<std::string>& limits, bool requirements) {
  Diagnostics problems;
  const auto limited = limited_hosts(site, limits, problems);
  const auto chosen = chosen_components(site, words, requirements, problems);
  if (problems.has_errors()) return failure(problems);

  Selection selection;
  selection.everything = words.empty();
  std::set<std::string> used;
  for (const auto& component : site.components) {
    if (!chosen.contains(component.name)) continue;
    selection.components.push_back(&component);
    bool somewhere = false;
    for (const auto& host : component.hosts)
      if (limited.contains(host)) {
        used.insert(host);
        somewhere = true;
      }
    if (!somewhere && std::find(words.begin(), words.end(), component.name) != words.end())
      problems.add({Severity::error,
                    Fault::usage,
                    "--limit",
                    "component \"" + component.name + "\" is on none of these hosts",
                    {},
                    {}});
  }
  if (problems.has_errors()) return failure(problems);
  for (const auto& host : site.hosts)
    if (limited.contains(host.name) && (selection.everything || used.contains(host.name)))
      selection.hosts.push_back(&host);
  return selection;
}

}  // namespace wright
