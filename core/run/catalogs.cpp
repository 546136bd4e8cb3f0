#include "run/catalogs.hpp"

#include <algorithm>
#include <set>

#include "model/kinds.hpp"

namespace wright {
namespace {

template <class T>
bool contains(const std::vector<T>& items, const T& item) {
  return std::find(items.begin(), items.end(), item) != items.end();
}

template <class T>
void unite(std::vector<T>& into, const std::vector<T>& more) {
  for (const auto& item : more)
    if (!contains(into, item)) into.push_back(item);
}

/// The names of the attributes that differ, without their values: they may be secret.
std::string differing(const Value::Map& a, const Value::Map& b) {
  std::set<std::string> names;
  for (const auto& [key, value] : a)
    if (const auto other = b.find(key); other == b.end() || other->second != value) names.insert(key);
  for (const auto& [key, value] : b)
    if (!a.contains(key)) names.insert(key);
  std::string out;
  for (const auto& name : names) out += (out.empty() ? "" : ", ") + name;
  return out;
}

/// One host's catalog while it is put together.
class Builder {
 public:
  Builder(const Site& site, const Selection& selection, const std::vector<std::string>& reached,
          const std::string& host, Diagnostics& problems)
      : site_(site), selection_(selection), reached_(reached), problems_(problems) {
    catalog_.site = site.name;
    catalog_.host = host;
    catalog_.everything = selection.everything;
    for (const auto& component : site.components)
      if (contains(component.hosts, host)) catalog_.known_components.push_back(component.name);
  }

  void add(const SiteComponent& component, const Declared& declared) {
    CatalogComponent entry;
    entry.name = component.name;
    entry.plugin = component.plugin;
    entry.rollback = declared.rollback;
    for (const auto* names : {&component.requires_, &component.after})
      for (const auto& name : *names) add_requirement(entry, name);
    for (Resource command : declared.rollback) {
      // It runs once, before an undo, and so needs no guard against running again.
      command.attributes.try_emplace("stamp", "rollback");
      note_unfit(component, check(command));
    }
    for (const auto& resource : declared.resources) add_resource(component, resource);
    for (const auto& probe : declared.probes) {
      note_unfit(component, check(probe));
      (probe.from == "controller" ? outside_ : catalog_.probes).push_back(probe);
    }
    catalog_.components.push_back(std::move(entry));
  }

  /// Resources of components that are not in this run hold already; edges to them mean nothing here.
  void finish() {
    for (auto& resource : catalog_.resources)
      for (auto* edges : {&resource.after, &resource.restart_on, &resource.reload_on})
        std::erase_if(*edges, [&](const ResourceId& id) {
          if (index_.contains(id)) return false;
          if (selection_.everything) note_dangling(resource, id);
          return true;
        });
  }

  Catalog catalog() { return std::move(catalog_); }
  std::vector<Probe> outside() { return std::move(outside_); }

 private:
  void add_requirement(CatalogComponent& entry, const std::string& name) {
    const SiteComponent* other = site_.component(name);
    if (other == nullptr) return;
    for (const auto& host : other->hosts) {
      if (!selection_.has(*other, host) || !contains(reached_, host)) continue;
      if (host == catalog_.host)
        unite(entry.requires_, {name});
      else
        unite(entry.waits_for, {release_token(name, host)});
    }
  }

  void add_resource(const SiteComponent& component, Resource resource) {
    note_unfit(component, check(resource));
    resource.components = {component.name};
    const auto [place, fresh] = index_.emplace(resource.id, catalog_.resources.size());
    if (fresh) {
      catalog_.resources.push_back(std::move(resource));
      return;
    }
    Resource& known = catalog_.resources[place->second];
    if (known.attributes != resource.attributes) return note_conflict(component, known, resource);
    if (resource.phase == "install") known.phase = "install";
    unite(known.components, resource.components);
    std::sort(known.components.begin(), known.components.end());
    unite(known.after, resource.after);
    unite(known.restart_on, resource.restart_on);
    unite(known.reload_on, resource.reload_on);
  }

  void note_conflict(const SiteComponent& component, const Resource& known, const Resource& resource) {
    const SiteComponent* first = site_.component(known.components.front());
    const std::string what = to_string(resource.id) + " on " + catalog_.host;
    const std::string why = "they differ in: " + differing(known.attributes, resource.attributes);
    if (first == nullptr || first == &component)
      problems_.add({Severity::error,
                     Fault::bad_plugin,
                     where_in(site_, component, ""),
                     "the plugin \"" + component.plugin + "\" declares " + what + " twice and differently",
                     why,
                     {}});
    else
      problems_.add({Severity::error, Fault::bad_site, where_in(site_, component, ""),
                     "\"" + component.name + "\" and \"" + first->name + "\" (" + where_in(site_, *first, "") +
                         ") declare " + what + " differently",
                     why, "make their options agree, or put them on different hosts"});
  }

  void note_dangling(const Resource& resource, const ResourceId& id) {
    const SiteComponent* component = site_.component(resource.components.front());
    problems_.add({Severity::error,
                   Fault::bad_plugin,
                   component == nullptr ? "" : where_in(site_, *component, ""),
                   "the plugin names " + to_string(id) + " in " + to_string(resource.id) + ", which nothing on " +
                       catalog_.host + " declares",
                   {},
                   {}});
  }

  void note_unfit(const SiteComponent& component, const Diagnostics& found) {
    for (Diagnostic one : found.items()) {
      one.where = where_in(site_, component, "") + ": plugin \"" + component.plugin + "\": " + one.where;
      problems_.add(std::move(one));
    }
  }

  const Site& site_;
  const Selection& selection_;
  const std::vector<std::string>& reached_;
  Diagnostics& problems_;
  Catalog catalog_;
  std::vector<Probe> outside_;
  std::map<ResourceId, std::size_t> index_;
};

using Edges = std::set<std::pair<std::string, std::string>>;  ///< first before second

std::map<std::string, std::size_t, std::less<>> levels(const std::set<std::string>& hosts, const Edges& edges) {
  std::map<std::string, std::size_t, std::less<>> level;
  for (const auto& host : hosts) level[host] = 0;
  // A longest path has fewer edges than there are hosts; a cycle stops growing there.
  bool moved = true;
  for (std::size_t round = 0; moved && round < hosts.size(); ++round) {
    moved = false;
    for (const auto& [first, second] : edges)
      if (level[second] < level[first] + 1 && level[first] + 1 < hosts.size()) {
        level[second] = level[first] + 1;
        moved = true;
      }
  }
  return level;
}

bool shares_component(const Resource& one, const Resource& other) {
  return std::any_of(one.components.begin(), one.components.end(),
                     [&](const std::string& name) { return contains(other.components, name); });
}

/// Who joins what other hosts make waits for those of them that take part; what gathers, for those that join.
void link_joining(std::map<std::string, Catalog, std::less<>>& by_host) {
  const auto is_set = [](const Resource& resource, std::string_view attribute) {
    const auto found = resource.attributes.find(attribute);
    return found != resource.attributes.end() && found->second.bool_or(false);
  };
  const auto wait_for = [](Catalog& one, Catalog& other, const std::string& id) {
    unite(one.joining[id], {release_token(id, other.host)});
    unite(other.joined, {id});
  };
  std::set<ResourceId> joined;
  for (const auto& [host, catalog] : by_host)
    for (const auto& resource : catalog.resources)
      if (is_set(resource, "joins")) joined.insert(resource.id);
  if (joined.empty()) return;
  std::map<ResourceId, std::vector<std::pair<Catalog*, const Resource*>>> makers;
  for (auto& [host, catalog] : by_host)
    for (const auto& resource : catalog.resources)
      if (joined.contains(resource.id) && !is_set(resource, "joins"))
        makers[resource.id].emplace_back(&catalog, &resource);
  for (auto& [host, catalog] : by_host)
    for (const auto& resource : catalog.resources) {
      if (!is_set(resource, "joins")) continue;
      for (const auto& [maker, made] : makers[resource.id]) {
        if (!shares_component(resource, *made)) continue;
        wait_for(catalog, *maker, to_string(resource.id));
        if (is_set(*made, "gathers")) wait_for(*maker, catalog, to_string(resource.id));
      }
    }
}

}  // namespace

std::string release_token(const std::string& component, const std::string& host) { return component + "@" + host; }

Result<Catalogs> build_catalogs(const Site& site, const Selection& selection, const std::vector<std::string>& reached,
                                const std::vector<Evaluated>& evaluated) {
  Diagnostics problems;
  Catalogs out;
  for (const auto& host : reached) {
    Builder builder(site, selection, reached, host, problems);
    for (const auto& one : evaluated)
      if (one.instance.host->name == host && selection.has(*one.instance.component, host))
        builder.add(*one.instance.component, one.declared);
    builder.finish();
    out.by_host[host] = builder.catalog();
    out.from_controller[host] = builder.outside();
  }
  link_joining(out.by_host);
  Diagnostics each_once;
  add_new(each_once, problems);
  if (each_once.has_errors()) return failure(each_once);
  return out;
}

std::map<std::string, std::size_t, std::less<>> host_levels(
    const std::map<std::string, Catalog, std::less<>>& catalogs) {
  std::set<std::string> hosts;
  Edges edges;
  for (const auto& [host, catalog] : catalogs) {
    hosts.insert(host);
    for (const auto& component : catalog.components)
      for (const auto& token : component.waits_for)
        if (const std::string other = token.substr(token.rfind('@') + 1); catalogs.contains(other))
          edges.emplace(other, host);
  }
  return levels(hosts, edges);
}

std::map<std::string, std::size_t, std::less<>> host_levels(const Site& site) {
  std::set<std::string> hosts;
  for (const auto& host : site.hosts) hosts.insert(host.name);
  Edges edges;
  for (const auto& component : site.components)
    for (const auto& name : component.requires_)
      if (const auto* other = site.component(name))
        for (const auto& first : other->hosts)
          for (const auto& second : component.hosts)
            if (first != second) edges.emplace(first, second);
  return levels(hosts, edges);
}

}  // namespace wright
