#include "agent/transaction/settling_order.hpp"

#include <gtest/gtest.h>

namespace wright::agent {
namespace {

TakenBack step(const char* kind, const char* name, const std::vector<ResourceId>& after = {}) {
  Step one;
  one.kind = kind;
  one.touched.resize(1);
  one.touched.front().resource.id = {kind, name};
  one.touched.front().resource.after = after;
  return {one, {{kind, name}}};
}

std::vector<std::string> order_of(std::vector<TakenBack> steps) {
  put_services_in_order(steps);
  std::vector<std::string> out;
  for (const auto& [one, ids] : steps) out.push_back(to_string(ids.front()));
  return out;
}

using Names = std::vector<std::string>;

TEST(SettlingOrder, AServiceComesBeforeThoseThatWereDeclaredAfterIt) {
  EXPECT_EQ(order_of({step("service", "accounts", {{"file", "/x"}, {"service", "search"}}), step("file", "/x"),
                      step("service", "search")}),
            (Names{"service:search", "file:/x", "service:accounts"}));
  EXPECT_EQ(order_of({step("service", "c", {{"service", "b"}}), step("service", "b", {{"service", "a"}}),
                      step("service", "a")}),
            (Names{"service:a", "service:b", "service:c"}));
}

TEST(SettlingOrder, StaysWhereNothingSaysAnother) {
  EXPECT_EQ(order_of({step("service", "b"), step("package", "p"), step("service", "a")}),
            (Names{"service:b", "package:p", "service:a"}));
  EXPECT_EQ(order_of({step("service", "a"), step("service", "b", {{"service", "a"}})}),
            (Names{"service:a", "service:b"}));
}

TEST(SettlingOrder, ACircleIsNoEndlessOne) {
  EXPECT_EQ(order_of({step("service", "a", {{"service", "b"}}), step("service", "b", {{"service", "a"}})}).size(), 2U);
}

}  // namespace
}  // namespace wright::agent
