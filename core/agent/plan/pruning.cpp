#include "agent/plan/pruning.hpp"

#include <algorithm>
#include <functional>
#include <map>
#include <set>

namespace wright::agent {
namespace {

/// A unified diff read from its end to its beginning.
std::string reversed_diff(const std::string& diff) {
  std::string out;
  std::string added;  // of the hunk's current block; removed lines come first in a diff
  auto flush = [&] {
    out += added;
    added.clear();
  };
  for (std::size_t at = 0; at < diff.size();) {
    const std::size_t end = std::min(diff.find('\n', at), diff.size() - 1) + 1;
    const std::string line = diff.substr(at, end - at);
    at = end;
    if (line.starts_with("---") || line.starts_with("+++")) continue;
    if (line.starts_with("@@ -")) {
      flush();
      const auto plus = line.find(" +");
      const auto close = line.find(" @@", plus == std::string::npos ? 0 : plus);
      if (plus == std::string::npos || close == std::string::npos) return {};
      out += "@@ -" + line.substr(plus + 2, close - plus - 2) + " +" + line.substr(4, plus - 4) + line.substr(close);
    } else if (line.starts_with("-")) {
      added += "+" + line.substr(1);
    } else if (line.starts_with("+")) {
      out += "-" + line.substr(1);
    } else {
      flush();
      out += line;
    }
  }
  flush();
  return out;
}

Prune prune_of(const ResourceId& id, const Owned& owned) {
  Prune prune;
  prune.owned = owned;
  for (auto step = owned.chain.rbegin(); step != owned.chain.rend(); ++step) prune.reverses.push_back({*step, {id}});
  prune.change = reversed(owned.last);
  // Several changes since the origin: the last one's diff would tell only the end of it.
  if (owned.chain.size() > 1) {
    prune.change.attributes.clear();
    prune.change.notes.push_back("back to what was there before wright first changed it, " +
                                 std::to_string(owned.chain.size()) + " changes ago");
  }
  prune.change.action = owned.only_restarts             ? Action::restart
                        : owned.first == Action::create ? Action::remove
                        : owned.first == Action::remove ? Action::create
                                                        : owned.first;
  prune.change.components = owned.components;
  prune.change.pruned = true;
  return prune;
}

/// What needs others before them; of the rest, what came to the host last. A resource's last change says nothing: a
/// server that was restarted yesterday still has to outlive what was put into it last year.
std::vector<Prune> dependents_first(std::vector<Prune> prunes) {
  std::stable_sort(prunes.begin(), prunes.end(),
                   [](const Prune& a, const Prune& b) { return a.owned.places.front() > b.owned.places.front(); });
  std::map<ResourceId, std::size_t> needed_by;
  for (const auto& prune : prunes) needed_by.emplace(prune.owned.resource.id, 0);
  auto for_each_need = [&](const Prune& prune, auto&& use) {
    const auto& after = prune.owned.resource.after;
    const std::set<ResourceId> needs(after.begin(), after.end());
    for (const auto& id : needs)
      if (const auto found = needed_by.find(id); found != needed_by.end() && id != prune.owned.resource.id)
        use(found->second);
  };
  for (const auto& prune : prunes) for_each_need(prune, [](std::size_t& count) { ++count; });
  std::vector<Prune> out;
  while (!prunes.empty()) {
    auto next = std::find_if(prunes.begin(), prunes.end(),
                             [&](const Prune& prune) { return needed_by.at(prune.owned.resource.id) == 0; });
    // Relations of different times may form a circle.
    if (next == prunes.end()) next = prunes.begin();
    for_each_need(*next, [](std::size_t& count) { count -= count == 0 ? 0 : 1; });
    needed_by.erase(next->owned.resource.id);
    out.push_back(std::move(*next));
    prunes.erase(next);
  }
  return out;
}

template <class T>
bool contains(const std::vector<T>& items, const T& item) {
  return std::find(items.begin(), items.end(), item) != items.end();
}

bool is_path(const ResourceId& id) { return id.name.starts_with('/'); }

bool same_number(const Resource& a, const Resource& b, std::string_view attribute) {
  const auto one = a.attributes.find(attribute);
  const auto other = b.attributes.find(attribute);
  return one != a.attributes.end() && other != b.attributes.end() && one->second == other->second;
}

/// What leaves keeps `wanted` from being brought about, so it cannot stay until then.
bool is_in_the_way(const Resource& leaving, const Resource& wanted) {
  const ResourceId& id = leaving.id;
  if (id.kind == "directory")
    return is_path(wanted.id) && (wanted.id.name == id.name || wanted.id.name.starts_with(id.name + "/"));
  // A user's own group goes with it.
  if (id.kind == "user")
    return (wanted.id.kind == "group" && wanted.id.name == id.name) ||
           (wanted.id.kind == "user" && same_number(leaving, wanted, "uid"));
  if (wanted.id.kind == "group") return same_number(leaving, wanted, "gid");
  // A new user would be put into the group of its name that is still there, instead of getting its own.
  return wanted.id.kind == "user" && wanted.id.name == id.name && !wanted.attributes.contains("group");
}

bool is_late(const Catalog& catalog, const Prune& prune) {
  const Resource& leaving = prune.owned.resource;
  const std::string& kind = leaving.id.kind;
  if (kind != "directory" && kind != "user" && kind != "group") return false;
  if (prune.change.action != Action::remove || !prune.owned.notices.empty()) return false;
  const bool goes_in_the_way = std::any_of(catalog.resources.begin(), catalog.resources.end(),
                                           [&](const Resource& wanted) { return is_in_the_way(leaving, wanted); });
  return !goes_in_the_way &&
         std::any_of(prune.owned.components.begin(), prune.owned.components.end(),
                     [&](const std::string& name) { return contains(catalog.known_components, name); });
}

}  // namespace

Change reversed(const Change& made) {
  Change change = made;
  change.notes.clear();
  change.unseen.clear();
  if (made.action == Action::create) change.action = Action::remove;
  if (made.action == Action::remove) change.action = Action::create;
  for (auto& attribute : change.attributes) {
    std::swap(attribute.before, attribute.after);
    attribute.diff = reversed_diff(attribute.diff);
  }
  return change;
}

std::vector<Prune> prunes_for(const Catalog& catalog, const Ownership& owned) {
  std::set<ResourceId> wanted;
  for (const auto& resource : catalog.resources) wanted.insert(resource.id);
  std::set<std::string> here;
  for (const auto& component : catalog.components) here.insert(component.name);
  std::vector<Prune> prunes;
  for (const auto& [id, one] : owned) {
    if (wanted.contains(id) || one.chain.empty()) continue;
    const bool gone = std::all_of(one.components.begin(), one.components.end(), [&](const std::string& name) {
      return here.contains(name) || (catalog.everything && !contains(catalog.known_components, name));
    });
    if (!gone) continue;
    prunes.push_back(prune_of(id, one));
    prunes.back().late = is_late(catalog, prunes.back());
  }
  return dependents_first(std::move(prunes));
}

std::vector<Prune> prunes_of(const std::set<std::string>& components, const Ownership& owned) {
  std::vector<Prune> prunes;
  for (const auto& [id, one] : owned) {
    if (one.chain.empty()) continue;
    const bool theirs = std::all_of(one.components.begin(), one.components.end(),
                                    [&](const std::string& name) { return components.contains(name); });
    if (theirs) prunes.push_back(prune_of(id, one));
  }
  return dependents_first(std::move(prunes));
}

std::vector<Reversal> reversals_of(const std::vector<const Prune*>& prunes) {
  std::map<std::size_t, Reversal, std::greater<>> newest_first;
  for (const auto* prune : prunes)
    for (std::size_t n = 0; n < prune->owned.chain.size(); ++n) {
      Reversal& reversal = newest_first[prune->owned.places[n]];
      reversal.step = prune->owned.chain[n];
      reversal.ids.push_back(prune->owned.resource.id);
    }
  std::vector<Reversal> out;
  for (auto& [place, reversal] : newest_first) out.push_back(std::move(reversal));
  return out;
}

std::vector<std::string> leaving_components(const Catalog& catalog, const std::vector<Prune>& prunes) {
  std::set<std::string> names;
  for (const auto& prune : prunes)
    for (const auto& name : prune.owned.components)
      if (std::find(catalog.known_components.begin(), catalog.known_components.end(), name) ==
          catalog.known_components.end())
        names.insert(name);
  return {names.begin(), names.end()};
}

std::vector<Touched> bookkeeping_for(const Catalog& catalog, const Ownership& owned) {
  std::set<std::string> here;
  for (const auto& component : catalog.components) here.insert(component.name);
  std::vector<Touched> out;
  for (const auto& resource : catalog.resources) {
    const auto known = owned.find(resource.id);
    if (known == owned.end()) continue;
    // Components that this run leaves out still want it.
    std::set<std::string> components(resource.components.begin(), resource.components.end());
    for (const auto& name : known->second.components)
      if (!here.contains(name) && contains(catalog.known_components, name)) components.insert(name);
    const std::vector<std::string> now(components.begin(), components.end());
    if (now == known->second.components) continue;
    Touched touched;
    touched.resource = for_the_journal(resource);
    touched.change.id = resource.id;
    touched.change.components = now;
    touched.notices = known->second.notices;
    out.push_back(std::move(touched));
  }
  return out;
}

}  // namespace wright::agent
