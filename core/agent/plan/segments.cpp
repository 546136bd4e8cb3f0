#include "agent/plan/segments.hpp"

#include <algorithm>
#include <map>

#include "graph/order.hpp"

namespace wright::agent {
namespace {

bool is_path(const Resource& r) {
  return r.id.kind == "file" || r.id.kind == "directory" || r.id.kind == "symlink" || r.id.kind == "certificate";
}

bool is_absent(const Resource& r) {
  const auto ensure = r.attributes.find("ensure");
  return ensure != r.attributes.end() && ensure->second.text_or("") == "absent";
}

std::string text_of(const Resource& r, std::string_view attribute) {
  const auto found = r.attributes.find(attribute);
  return found == r.attributes.end() ? std::string() : found->second.text_or("");
}

class Ordering {
 public:
  Ordering(const Catalog& catalog, const Means& means) : catalog_(catalog), means_(means) {
    for (std::size_t i = 0; i < catalog.components.size(); ++i) place_of_component_[catalog.components[i].name] = i + 1;
    for (std::size_t i = 0; i < catalog.resources.size(); ++i) {
      const Resource& r = catalog.resources[i];
      index_[r.id] = i;
      segment_.push_back(segment_for(r));
      if (r.id.kind == "directory" || r.id.kind == "symlink") folders_[r.id.name] = i;
    }
  }

  Result<std::vector<Segment>> segments() {
    std::vector<Segment> out(catalog_.components.size() + 1);
    for (std::size_t i = 0; i < catalog_.components.size(); ++i) out[i + 1].component = catalog_.components[i].name;
    std::vector<std::vector<std::size_t>> members(out.size());
    for (std::size_t i = 0; i < segment_.size(); ++i) members[segment_[i]].push_back(i);
    Diagnostics problems = needs_across_segments();
    for (std::size_t s = 0; s < out.size(); ++s) {
      auto order = ordered(members[s]);
      if (!order) {
        problems.add(order.error());
        continue;
      }
      for (const std::size_t i : *order) out[s].resources.push_back(&catalog_.resources[i]);
    }
    if (problems.has_errors()) return failure(problems);
    find_needs(out);
    return out;
  }

 private:
  /// Whatever orders two resources within a component orders the components when it lies between two.
  void find_needs(std::vector<Segment>& segments) const {
    const auto across = [&](std::size_t a, std::size_t b) {
      const auto [first, then] = std::minmax(segment_[a], segment_[b]);
      if (first != 0 && first != then) segments[then].needs.insert(segments[first].component);
    };
    for (std::size_t i = 0; i < segment_.size(); ++i) {
      const Resource& r = catalog_.resources[i];
      for_each_written(r, [&](std::size_t other) { across(other, i); });
      add_implicit(r, i, across);
      if (segment_[i] == 0) continue;
      for (const auto& name : r.components)
        if (const auto place = place_of_component_.find(name);
            place != place_of_component_.end() && place->second != segment_[i])
          segments[place->second].needs.insert(segments[segment_[i]].component);
    }
  }

  template <class Use>
  void for_each_written(const Resource& r, const Use& use) const {
    for (const auto* ids : {&r.after, &r.restart_on, &r.reload_on})
      for (const auto& id : *ids)
        if (const auto other = index_.find(id); other != index_.end()) use(other->second);
  }

  std::size_t segment_for(const Resource& r) const {
    if (r.phase == "install") return 0;
    std::size_t first = catalog_.components.size();
    for (const auto& name : r.components)
      if (const auto place = place_of_component_.find(name); place != place_of_component_.end())
        first = std::min(first, place->second);
    return first;
  }

  /// A service may use what a later component declares: it is told at the end of that component. `after` cannot wait.
  Diagnostics needs_across_segments() const {
    Diagnostics problems;
    for (std::size_t i = 0; i < segment_.size(); ++i)
      for (const auto& id : catalog_.resources[i].after) {
        const auto other = index_.find(id);
        if (other == index_.end() || segment_[other->second] <= segment_[i]) continue;
        const auto& components = catalog_.resources[other->second].components;
        problems.add({Severity::error, Fault::bad_plugin, to_string(catalog_.resources[i].id),
                      "must come after " + to_string(id) + ", which a later part of the catalog declares",
                      "it belongs to " + (components.empty() ? "no component" : components.front()),
                      "let the component require that one, or declare both in the same phase"});
      }
    return problems;
  }

  /// First with every rule; the rules that nobody wrote down give way when they contradict those that somebody did.
  Result<std::vector<std::size_t>> ordered(const std::vector<std::size_t>& members) const {
    auto order = ordered(members, true, true);
    if (!order) order = ordered(members, false, true);
    if (!order) order = ordered(members, false, false);
    return order;
  }

  Result<std::vector<std::size_t>> ordered(const std::vector<std::size_t>& members, bool together,
                                           bool implicit) const {
    Graph graph;
    std::map<std::size_t, std::size_t> node_of;
    std::vector<std::vector<std::size_t>> content;
    std::map<std::string, std::size_t> node_of_kind;
    for (const std::size_t i : members) {
      const ResourceId& id = catalog_.resources[i].id;
      const Kind* kind = means_.kind(id.kind);
      if (together && kind != nullptr && kind->together()) {
        const auto [place, fresh] = node_of_kind.emplace(id.kind, content.size());
        if (!fresh) {
          content[place->second].push_back(i);
          node_of[i] = place->second;
          continue;
        }
      }
      node_of[i] = content.size();
      content.push_back({i});
      graph.names.push_back(to_string(id));
    }
    graph.before.resize(content.size());
    auto edge = [&](std::size_t first, std::size_t then) {
      const auto a = node_of.find(first);
      const auto b = node_of.find(then);
      if (a != node_of.end() && b != node_of.end() && a->second != b->second)
        graph.before[b->second].push_back(a->second);
    };
    for (const std::size_t i : members) {
      const Resource& r = catalog_.resources[i];
      for_each_written(r, [&](std::size_t other) { edge(other, i); });
      if (implicit) add_implicit(r, i, edge);
    }
    auto order = topological_order(graph);
    if (!order) return failure(order.error());
    std::vector<std::size_t> out;
    for (const std::size_t node : *order) out.insert(out.end(), content[node].begin(), content[node].end());
    return out;
  }

  template <class Edge>
  void add_implicit(const Resource& r, std::size_t i, const Edge& edge) const {
    auto path_after_folder = [&](std::string path) {
      while (path.size() > 1 && path.front() == '/') {
        path.resize(std::max<std::size_t>(path.rfind('/'), 1));
        const auto folder = folders_.find(path);
        if (folder == folders_.end()) continue;
        // A folder goes after what is in it, when it goes.
        if (is_absent(catalog_.resources[folder->second]))
          edge(i, folder->second);
        else
          edge(folder->second, i);
        return;
      }
    };
    if (is_path(r)) path_after_folder(r.id.name);
    if (r.id.kind == "certificate") path_after_folder(text_of(r, "key"));
    auto after = [&](const char* kind, const std::string& name) {
      if (const auto other = index_.find({kind, name}); !name.empty() && other != index_.end()) edge(other->second, i);
    };
    if (is_absent(r)) return;
    after("user", text_of(r, "owner"));
    after("user", text_of(r, "user"));
    after("group", text_of(r, "group"));
    if (r.id.kind == "user") {
      after("group", r.id.name);
      if (const auto groups = r.attributes.find("groups"); groups != r.attributes.end())
        for (const auto& name : groups->second.strings()) after("group", name);
    }
  }

  const Catalog& catalog_;
  const Means& means_;
  std::map<std::string, std::size_t> place_of_component_;
  std::map<ResourceId, std::size_t> index_;
  std::map<std::string, std::size_t> folders_;
  std::vector<std::size_t> segment_;
};

}  // namespace

Result<std::vector<Segment>> segments_of(const Catalog& catalog, const Means& means) {
  return Ordering(catalog, means).segments();
}

}  // namespace wright::agent
