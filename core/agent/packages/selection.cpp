#include "agent/packages/selection.hpp"

#include <algorithm>

namespace wright::agent::packages {
namespace {

/// All packages of `among` that those in `from` need, directly or not, and these themselves.
std::set<std::string> needed_by(const std::set<std::string>& from, const Database& now) {
  std::map<std::string, std::vector<std::string>> providers;
  for (const auto& [key, package] : now.packages()) {
    providers[package.name].push_back(key);
    for (const auto& name : names_in_relations(package.provides)) providers[name].push_back(key);
  }
  std::set<std::string> needed = from;
  std::vector<std::string> open(from.begin(), from.end());
  while (!open.empty()) {
    const std::string key = open.back();
    open.pop_back();
    const auto found = now.packages().find(key);
    if (found == now.packages().end()) continue;
    for (const auto& name : names_in_relations(found->second.depends))
      for (const auto& provider : providers[name])
        if (needed.insert(provider).second) open.push_back(provider);
  }
  return needed;
}

bool is_named(const std::string& key, const std::vector<std::string>& names, const Database& database) {
  return std::find(names.begin(), names.end(), database.shown(key)) != names.end() ||
         std::find(names.begin(), names.end(), key) != names.end();
}

}  // namespace

Selection select(const Record& record, const std::vector<ResourceId>& ids, const Database& before,
                 const Database& now) {
  Selection out;
  std::vector<std::string> left;
  for (const auto& name : record.names)
    if (std::none_of(ids.begin(), ids.end(), [&](const ResourceId& id) { return id.name == name; }))
      left.push_back(name);

  std::set<std::string> left_keys;  // what others of this change, not undone now, brought
  std::set<std::string> strangers;  // what was installed since by somebody else
  for (const auto& [key, package] : now.packages()) {
    if (is_named(key, left, now)) left_keys.insert(key);
    if (!before.packages().contains(key) && !record.moves.installed.contains(key)) strangers.insert(key);
  }
  const auto for_left = needed_by(left_keys, now);
  const auto for_strangers = needed_by(strangers, now);
  for (const auto& [key, version] : record.moves.installed) {
    if (!now.packages().contains(key)) continue;
    if (for_left.contains(key)) {
      out.whole = false;
    } else if (for_strangers.contains(key)) {
      out.whole = false;
      out.staying.push_back("package " + now.shown(key) + ": others that were installed since need it");
    } else {
      out.out.push_back(key);
    }
  }
  auto back = [&](const std::string& key, const std::string& version) {
    const auto found = now.packages().find(key);
    const auto was = before.packages().find(key);
    if (found != now.packages().end() && found->second.version == version && found->second.flag == "ok" &&
        (found->second.whole() || (was != before.packages().end() && was->second.status == found->second.status)))
      return;
    if (is_named(key, left, before) || (!left.empty() && !is_named(key, record.names, before))) {
      out.whole = false;
      return;
    }
    out.back.push_back(key);
    if (was != before.packages().end() && !was->second.present()) out.bare.push_back(key);
  };
  for (const auto& [key, move] : record.moves.upgraded) back(key, move.from);
  for (const auto& [key, version] : record.moves.removed) back(key, version);
  if (!left_keys.empty()) out.whole = false;
  return out;
}

}  // namespace wright::agent::packages
