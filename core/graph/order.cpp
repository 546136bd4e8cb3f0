#include "graph/order.hpp"

#include <algorithm>
#include <functional>
#include <queue>

namespace wright {
namespace {

/// Who waits for each node, and how many each still waits for.
struct Waiting {
  explicit Waiting(const Graph& graph) : behind(graph.before.size()), open(graph.before.size()) {
    for (std::size_t node = 0; node < graph.before.size(); ++node) {
      open[node] = graph.before[node].size();
      for (const std::size_t needed : graph.before[node]) behind[needed].push_back(node);
    }
  }
  std::vector<std::vector<std::size_t>> behind;
  std::vector<std::size_t> open;
};

tl::unexpected<Diagnostics> cycle_found(const Graph& graph) {
  const auto found = cycles(graph, 1);
  return failure({}, "these wait for each other: " + cycle_as_text(graph, found.front()));
}

}  // namespace

Result<std::vector<std::size_t>> topological_order(const Graph& graph) {
  Waiting waiting(graph);
  std::priority_queue<std::size_t, std::vector<std::size_t>, std::greater<>> free;
  for (std::size_t node = 0; node < graph.before.size(); ++node)
    if (waiting.open[node] == 0) free.push(node);
  std::vector<std::size_t> order;
  order.reserve(graph.before.size());
  while (!free.empty()) {
    const std::size_t node = free.top();
    free.pop();
    order.push_back(node);
    for (const std::size_t follower : waiting.behind[node])
      if (--waiting.open[follower] == 0) free.push(follower);
  }
  if (order.size() != graph.before.size()) return cycle_found(graph);
  return order;
}

Result<std::vector<std::vector<std::size_t>>> parallel_levels(const Graph& graph) {
  Waiting waiting(graph);
  std::vector<std::size_t> level;
  for (std::size_t node = 0; node < graph.before.size(); ++node)
    if (waiting.open[node] == 0) level.push_back(node);
  std::vector<std::vector<std::size_t>> levels;
  std::size_t placed = 0;
  while (!level.empty()) {
    std::vector<std::size_t> next;
    for (const std::size_t node : level)
      for (const std::size_t follower : waiting.behind[node])
        if (--waiting.open[follower] == 0) next.push_back(follower);
    std::sort(next.begin(), next.end());
    placed += level.size();
    levels.push_back(std::move(level));
    level = std::move(next);
  }
  if (placed != graph.before.size()) return cycle_found(graph);
  return levels;
}

std::vector<std::size_t> with_requirements(const Graph& graph, const std::vector<std::size_t>& chosen) {
  std::vector<char> wanted(graph.before.size(), 0);
  std::vector<std::size_t> open;
  const auto want = [&](std::size_t node) {
    if (wanted[node] != 0) return;
    wanted[node] = 1;
    open.push_back(node);
  };
  for (const std::size_t node : chosen) want(node);
  while (!open.empty()) {
    const std::size_t node = open.back();
    open.pop_back();
    for (const std::size_t needed : graph.before[node]) want(needed);
  }
  std::vector<std::size_t> out;
  for (std::size_t node = 0; node < wanted.size(); ++node)
    if (wanted[node] != 0) out.push_back(node);
  return out;
}

}  // namespace wright
