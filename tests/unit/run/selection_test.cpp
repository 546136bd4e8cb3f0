#include "run/selection.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "run/exit_code.hpp"
#include "unit/run/world.hpp"

namespace wright::testing {
namespace {

using ::testing::HasSubstr;

class SelectionTest : public ::testing::Test {
 protected:
  SelectionTest()
      : site(world.site(R"([site]
name = "t"
[hosts.db]
address = "192.0.2.1"
[hosts.web1]
address = "192.0.2.2"
groups = ["webs"]
[hosts.web2]
address = "192.0.2.3"
groups = ["webs"]
[components.store]
hosts = ["db"]
[components.app]
hosts = ["webs"]
requires = ["store"]
[components.page]
hosts = ["webs"]
requires = ["app"]
)")) {}

  static std::vector<std::string> names(const auto& items) {
    std::vector<std::string> out;
    for (const auto* item : items) out.push_back(item->name);
    return out;
  }

  World world;
  const Site& site;
};

using Names = std::vector<std::string>;

TEST_F(SelectionTest, NothingNamedIsEverything) {
  auto selection = select(site, {}, {}, true);
  ASSERT_TRUE(selection);
  EXPECT_EQ(names(selection->components), (Names{"store", "app", "page"}));
  EXPECT_EQ(names(selection->hosts), (Names{"db", "web1", "web2"}));
}

TEST_F(SelectionTest, WhatIsRequiredComesAlongOnlyWhenAsked) {
  EXPECT_EQ(names(select(site, {"page"}, {}, true)->components), (Names{"store", "app", "page"}));
  auto alone = select(site, {"page"}, {}, false);
  EXPECT_EQ(names(alone->components), (Names{"page"}));
  EXPECT_EQ(names(alone->hosts), (Names{"web1", "web2"}));
}

TEST_F(SelectionTest, LimitTakesHostsAndGroups) {
  EXPECT_EQ(names(select(site, {}, {"webs"}, true)->hosts), (Names{"web1", "web2"}));
  auto one = select(site, {"page"}, {"web2"}, true);
  EXPECT_EQ(names(one->hosts), (Names{"web2"}));
  EXPECT_TRUE(one->has(*site.component("page"), "web2"));
  EXPECT_FALSE(one->has(*site.component("page"), "web1"));
  EXPECT_FALSE(one->has(*site.component("store"), "db"));
}

TEST_F(SelectionTest, EveryUnknownNameIsToldWithTheNearest) {
  auto wrong = select(site, {"stroe", "pge"}, {"web"}, true);
  ASSERT_FALSE(wrong);
  EXPECT_EQ(wrong.error().items().size(), 3U);
  EXPECT_EQ(exit_code(wrong.error()), exit_usage);
  EXPECT_THAT(to_text(wrong.error()), HasSubstr("did you mean \"store\"?"));
  EXPECT_THAT(to_text(wrong.error()), HasSubstr("did you mean \"page\"?"));
}

TEST_F(SelectionTest, AComponentOutsideTheLimitIsAnError) {
  auto wrong = select(site, {"store"}, {"webs"}, true);
  ASSERT_FALSE(wrong);
  EXPECT_THAT(to_text(wrong.error()), HasSubstr("store"));
}

}  // namespace
}  // namespace wright::testing
