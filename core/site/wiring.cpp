#include "site/wiring.hpp"

#include <algorithm>
#include <set>
#include <unordered_map>

#include "graph/order.hpp"
#include "site/hosts.hpp"

namespace wright {
namespace {

class Wiring {
 public:
  Wiring(std::vector<ComponentTable>& tables, const std::vector<SiteHost>& hosts, Problems& problems)
      : tables_(tables), problems_(problems), edges_(tables.size()) {
    for (const auto& host : hosts) {
      host_names_.push_back(host.name);
      placed_on_[host.name] = {host.name};
    }
    group_names_ = groups_of(hosts);
    const std::set<std::string_view> names(host_names_.begin(), host_names_.end());
    for (const auto& host : hosts)
      for (const auto& group : host.groups)
        // A group with the name of a host was refused; the host is what was meant.
        if (!names.contains(group)) placed_on_[group].push_back(host.name);
    for (std::size_t i = 0; i < tables.size(); ++i) {
      component_names_.push_back(tables[i].component.name);
      index_[tables[i].component.name] = i;
    }
  }

  std::vector<SiteComponent> run() {
    for (std::size_t i = 0; i < tables_.size(); ++i) {
      place(tables_[i]);
      connect(i, "requires", tables_[i].requires_, tables_[i].component.requires_);
      connect(i, "after", tables_[i].after, tables_[i].component.after);
      for (const auto& at : tables_[i].references) refer(i, at);
    }
    return in_order();
  }

 private:
  void place(ComponentTable& table) {
    auto& chosen = table.component.hosts;
    if (!table.names_hosts) {
      if (host_names_.size() == 1)
        chosen = host_names_;
      else if (host_names_.empty())
        problems_.add(table.position, "component \"" + table.component.name + "\" is on no host: the site has none",
                      "add [hosts.NAME] with address = \"...\"");
      else
        problems_.add(table.position, "component \"" + table.component.name + "\" does not say on which host",
                      "add hosts = [...] with hosts or groups; " + suggestion_of_hosts());
      return;
    }
    std::set<std::string_view> named;
    std::set<std::string> taken;
    for (const auto& [name, position] : table.hosts) {
      if (!named.insert(name).second) {
        problems_.add(position, "\"" + name + "\" stands twice in \"hosts\"");
        continue;
      }
      const auto found = placed_on_.find(name);
      if (found == placed_on_.end()) {
        problems_.unknown(position, "unknown host or group \"" + name + "\"", name, hosts_and_groups());
        continue;
      }
      for (const auto& host : found->second)
        if (taken.insert(host).second) chosen.push_back(host);
    }
  }

  void connect(std::size_t from, const std::string& key, const std::vector<NameAt>& names,
               std::vector<std::string>& into) {
    std::set<std::string_view> seen;
    for (const auto& [name, position] : names) {
      const auto to = index_.find(name);
      if (to == index_.end()) {
        problems_.unknown(position, "unknown component \"" + name + "\" in \"" + key + "\"", name, component_names_);
      } else if (to->second == from) {
        problems_.add(position, "component \"" + name + "\" names itself in \"" + key + "\"");
      } else if (!seen.insert(name).second) {
        problems_.warn(position, "\"" + name + "\" stands twice in \"" + key + "\"");
      } else {
        into.push_back(name);
        edges_[from].emplace(to->second, position);
      }
    }
  }

  void refer(std::size_t from, const ReferenceAt& at) {
    const auto& [reference, position] = at;
    if (reference.kind == Reference::Kind::other_host_fact) {
      if (!placed_on_.contains(reference.owner))
        problems_.unknown(position, "unknown host or group \"" + reference.owner + "\" in " + reference.text,
                          reference.owner, hosts_and_groups());
      return;
    }
    if (reference.kind != Reference::Kind::component_export) return;
    const auto to = index_.find(reference.owner);
    if (to == index_.end()) {
      problems_.unknown(position, "unknown component \"" + reference.owner + "\" in " + reference.text, reference.owner,
                        component_names_);
    } else if (to->second == from) {
      problems_.add(position, "component \"" + reference.owner + "\" refers to itself in " + reference.text);
    } else {
      auto& needed = tables_[from].component.requires_;
      if (std::find(needed.begin(), needed.end(), reference.owner) == needed.end()) needed.push_back(reference.owner);
      edges_[from].emplace(to->second, position);
    }
  }

  std::vector<SiteComponent> in_order() {
    Graph graph;
    graph.names = component_names_;
    for (const auto& edges : edges_) {
      auto& before = graph.before.emplace_back();
      for (const auto& [to, position] : edges) before.push_back(to);
    }
    std::vector<SiteComponent> out;
    if (const auto order = topological_order(graph)) {
      for (const std::size_t i : *order) out.push_back(std::move(tables_[i].component));
      return out;
    }
    for (const auto& cycle : cycles(graph, 10)) {
      std::string places;
      for (std::size_t i = 0; i < std::min<std::size_t>(cycle.size(), 16); ++i) {
        const std::size_t to = cycle[(i + 1) % cycle.size()];
        places += (i == 0 ? "" : "\n") + component_names_[cycle[i]] + " names " + component_names_[to] + " at " +
                  problems_.place(edges_[cycle[i]].at(to));
      }
      problems_.add(edges_[cycle[0]].at(cycle[1 % cycle.size()]),
                    "components wait for each other: " + cycle_as_text(graph, cycle), {}, std::move(places));
    }
    // In the order of the file, so that their options can be judged all the same.
    for (auto& table : tables_) out.push_back(std::move(table.component));
    return out;
  }

  [[nodiscard]] std::vector<std::string> hosts_and_groups() const {
    std::vector<std::string> names = host_names_;
    names.insert(names.end(), group_names_.begin(), group_names_.end());
    return names;
  }

  [[nodiscard]] std::string suggestion_of_hosts() const {
    std::string out = "known: ";
    const auto names = hosts_and_groups();
    for (std::size_t i = 0; i < names.size() && i < 30; ++i) out += (i == 0 ? "" : ", ") + names[i];
    return names.size() > 30 ? out + ", ..." : out;
  }

  std::vector<ComponentTable>& tables_;
  Problems& problems_;
  std::vector<std::map<std::size_t, Position>> edges_;  ///< what each component waits for, and where it says so
  std::vector<std::string> host_names_;
  std::vector<std::string> group_names_;
  std::vector<std::string> component_names_;
  std::unordered_map<std::string, std::vector<std::string>> placed_on_;  ///< host or group to hosts
  std::unordered_map<std::string, std::size_t> index_;
};

}  // namespace

std::vector<SiteComponent> wire(std::vector<ComponentTable>& tables, const std::vector<SiteHost>& hosts,
                                Problems& problems) {
  return Wiring(tables, hosts, problems).run();
}

}  // namespace wright
