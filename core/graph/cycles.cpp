#include <algorithm>

#include "graph/order.hpp"

namespace wright {
namespace {

enum class Mark : char { unseen, on_path, done };

struct Step {
  std::size_t node;
  std::size_t next_edge;
};

std::vector<std::size_t> from(const std::vector<Step>& path, std::size_t node) {
  const auto start = std::find_if(path.begin(), path.end(), [&](const Step& step) { return step.node == node; });
  std::vector<std::size_t> cycle;
  for (auto step = start; step != path.end(); ++step) cycle.push_back(step->node);
  return cycle;
}

}  // namespace

std::vector<std::vector<std::size_t>> cycles(const Graph& graph, std::size_t most) {
  std::vector<std::vector<std::size_t>> found;
  std::vector<Mark> marks(graph.before.size(), Mark::unseen);
  for (std::size_t root = 0; root < graph.before.size(); ++root) {
    if (marks[root] != Mark::unseen) continue;
    std::vector<Step> path{{root, 0}};
    marks[root] = Mark::on_path;
    while (!path.empty()) {
      Step& step = path.back();
      if (step.next_edge == graph.before[step.node].size()) {
        marks[step.node] = Mark::done;
        path.pop_back();
        continue;
      }
      const std::size_t needed = graph.before[step.node][step.next_edge++];
      if (marks[needed] == Mark::unseen) {
        marks[needed] = Mark::on_path;
        path.push_back({needed, 0});
      } else if (marks[needed] == Mark::on_path) {
        auto cycle = from(path, needed);
        if (std::find(found.begin(), found.end(), cycle) == found.end()) found.push_back(std::move(cycle));
        if (found.size() >= most) return found;
      }
    }
  }
  return found;
}

std::string cycle_as_text(const Graph& graph, const std::vector<std::size_t>& cycle) {
  constexpr std::size_t shown = 16;  // at each end
  std::string out;
  for (std::size_t i = 0; i < cycle.size(); ++i) {
    if (cycle.size() > 2 * shown + 1 && i == shown) {
      out += "... (" + std::to_string(cycle.size() - 2 * shown) + " more) -> ";
      i = cycle.size() - shown;
    }
    out += graph.names[cycle[i]] + " -> ";
  }
  return cycle.empty() ? out : out + graph.names[cycle.front()];
}

}  // namespace wright
