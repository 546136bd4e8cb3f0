#pragma once

#include <string>
#include <vector>

#include "base/result.hpp"

namespace wright {

/// A directed graph by node index: `before[i]` lists the nodes that must come before node i.
struct Graph {
  std::vector<std::string> names;                ///< for messages
  std::vector<std::vector<std::size_t>> before;  ///< same size as names
};

/// Nodes in an order that respects every edge; among free nodes the given order stays. A cycle is an error that prints
/// it as a path: "a -> b -> c -> a". Linear in nodes and edges; no recursion (10^5 nodes are fine).
Result<std::vector<std::size_t>> topological_order(const Graph& graph);

/// Groups of nodes that can go at the same time, each group after the one before it.
Result<std::vector<std::vector<std::size_t>>> parallel_levels(const Graph& graph);

/// The chosen nodes and everything they need, in the given order.
std::vector<std::size_t> with_requirements(const Graph& graph, const std::vector<std::size_t>& chosen);

}  // namespace wright
