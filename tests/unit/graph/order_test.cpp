#include "graph/order.hpp"

#include <gmock/gmock.h>

namespace wright {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using Nodes = std::vector<std::size_t>;

Graph graph_of(std::vector<Nodes> before) {
  Graph graph;
  for (std::size_t i = 0; i < before.size(); ++i) graph.names.emplace_back(1, static_cast<char>('a' + i));
  graph.before = std::move(before);
  return graph;
}

/// Each of `count` nodes needs the one after it, so the given order is the worst.
Graph chain_of(std::size_t count) {
  Graph graph;
  for (std::size_t i = 0; i < count; ++i) {
    graph.names.push_back("n" + std::to_string(i));
    graph.before.push_back(i + 1 < count ? Nodes{i + 1} : Nodes{});
  }
  return graph;
}

TEST(TopologicalOrder, OfNothingIsNothing) { EXPECT_THAT(*topological_order({}), IsEmpty()); }

TEST(TopologicalOrder, KeepsTheGivenOrderAmongFreeNodes) {
  EXPECT_THAT(*topological_order(graph_of({{}, {}, {}})), ElementsAre(0, 1, 2));
  // a needs d, b needs c: c frees b while d is still waiting, and b stands before d.
  EXPECT_THAT(*topological_order(graph_of({{3}, {2}, {}, {}})), ElementsAre(2, 1, 3, 0));
}

TEST(TopologicalOrder, PutsBothArmsOfADiamondBetweenItsEnds) {
  EXPECT_THAT(*topological_order(graph_of({{1, 2}, {3}, {3}, {}})), ElementsAre(3, 1, 2, 0));
}

TEST(TopologicalOrder, TakesAnEdgeNamedTwiceAsOne) {
  EXPECT_THAT(*topological_order(graph_of({{1, 1}, {}})), ElementsAre(1, 0));
}

TEST(TopologicalOrder, PrintsACycleAsAPath) {
  // d stands outside and only waits for the cycle.
  const auto order = topological_order(graph_of({{1}, {2}, {0}, {0}}));
  ASSERT_FALSE(order);
  EXPECT_THAT(to_text(order.error()), HasSubstr("a -> b -> c -> a"));
  EXPECT_THAT(to_text(order.error()), ::testing::Not(HasSubstr("d")));
}

TEST(TopologicalOrder, PrintsANodeThatNeedsItself) {
  const auto order = topological_order(graph_of({{}, {1}}));
  ASSERT_FALSE(order);
  EXPECT_THAT(to_text(order.error()), HasSubstr("b -> b"));
}

TEST(TopologicalOrder, TakesAChainOfAHundredThousand) {
  constexpr std::size_t count = 100'000;
  const auto order = topological_order(chain_of(count));
  ASSERT_TRUE(order);
  for (std::size_t i = 0; i < count; ++i) ASSERT_EQ((*order)[i], count - 1 - i);
}

TEST(TopologicalOrder, ShortensACycleOfAHundredThousand) {
  Graph graph = chain_of(100'000);
  graph.before.back().push_back(0);
  const auto order = topological_order(graph);
  ASSERT_FALSE(order);
  EXPECT_THAT(to_text(order.error()), HasSubstr("n0 -> n1 -> "));
  EXPECT_THAT(to_text(order.error()), HasSubstr("n15 -> ... (99968 more) -> n99984 -> "));
  EXPECT_THAT(to_text(order.error()), HasSubstr(" -> n99999 -> n0"));
}

TEST(Cycles, FindsEachOfSeveral) {
  const Graph graph = graph_of({{1}, {0}, {2}, {}});
  EXPECT_THAT(cycles(graph, 10), ElementsAre(ElementsAre(0, 1), ElementsAre(2)));
  EXPECT_THAT(cycles(graph, 1), ElementsAre(ElementsAre(0, 1)));
  EXPECT_THAT(cycles(graph_of({{1, 2}, {3}, {3}, {}}), 10), IsEmpty());
}

TEST(ParallelLevels, GoAsWideAsTheEdgesAllow) {
  EXPECT_THAT(*parallel_levels(graph_of({{1, 2}, {3}, {3}, {}, {}})),
              ElementsAre(ElementsAre(3, 4), ElementsAre(1, 2), ElementsAre(0)));
  EXPECT_THAT(*parallel_levels({}), IsEmpty());
  EXPECT_FALSE(parallel_levels(graph_of({{}, {2}, {1}})));
  EXPECT_EQ(parallel_levels(chain_of(100'000))->size(), 100'000U);
}

TEST(WithRequirements, FollowsEveryEdgeAndKeepsTheOrder) {
  const Graph graph = graph_of({{}, {0}, {}, {1}, {2}});
  EXPECT_THAT(with_requirements(graph, {3}), ElementsAre(0, 1, 3));
  EXPECT_THAT(with_requirements(graph, {4, 1, 4}), ElementsAre(0, 1, 2, 4));
  EXPECT_THAT(with_requirements(graph, {}), IsEmpty());
}

TEST(WithRequirements, EndsOnACycle) {
  EXPECT_THAT(with_requirements(graph_of({{1}, {0}, {}}), {0}), ElementsAre(0, 1));
}

}  // namespace
}  // namespace wright
