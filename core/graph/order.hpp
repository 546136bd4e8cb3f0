#pragma once

#include <string>
#include <vector>

#include "base/result.hpp"

namespace wright {

/// A directed graph by node index: `before[i]` lists the nodes that must come before node i, each smaller than
/// names.size(). Naming one twice is harmless.
struct Graph {
  std::vector<std::string> names;                ///< for messages
  std::vector<std::vector<std::size_t>> before;  ///< same size as names
};

/// Nodes in an order that respects every edge; among free nodes the given order stays. A cycle is an error that prints
/// it as a path: "a -> b -> c -> a", each needing the next. n log n in nodes and edges; no recursion (10^5 nodes are
/// fine).
Result<std::vector<std::size_t>> topological_order(const Graph& graph);

/// Up to `most` cycles, each as its nodes in an order where every one needs the next and the last the first. Empty only
/// when there is none; every cycle of the graph shares an edge with one that is found, unless there are more than
/// `most`.
std::vector<std::vector<std::size_t>> cycles(const Graph& graph, std::size_t most);

/// "a -> b -> c -> a"; the middle of a long one is left out.
std::string cycle_as_text(const Graph& graph, const std::vector<std::size_t>& cycle);

/// Groups of nodes that can go at the same time, each group after the one before it.
Result<std::vector<std::vector<std::size_t>>> parallel_levels(const Graph& graph);

/// The chosen nodes and everything they need, in the given order.
std::vector<std::size_t> with_requirements(const Graph& graph, const std::vector<std::size_t>& chosen);

}  // namespace wright
