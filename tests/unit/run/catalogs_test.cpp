#include "run/catalogs.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "unit/run/world.hpp"

namespace wright::testing {
namespace {

using ::testing::HasSubstr;

constexpr auto one_host = R"([site]
name = "t"
[hosts.web]
address = "192.0.2.2"
[components.a]
[components.b]
after = ["a"]
)";

Resource file(const std::string& path, const std::string& content) {
  Resource resource;
  resource.id = {"file", path};
  resource.attributes = {{"content", content}, {"mode", 0644}};
  return resource;
}

class CatalogsTest : public ::testing::Test {
 protected:
  Result<Catalogs> build(const std::vector<Resource>& of_a, const std::vector<Resource>& of_b,
                         const std::vector<std::string>& words = {}) {
    const Site& site = world.site(one_host);
    auto selection = select(site, words, {}, false);
    std::vector<Evaluated> evaluated(2);
    evaluated[0].instance = {site.component("a"), site.host("web")};
    evaluated[0].declared.resources = of_a;
    evaluated[1].instance = {site.component("b"), site.host("web")};
    evaluated[1].declared.resources = of_b;
    return build_catalogs(site, *selection, {"web"}, evaluated);
  }

  World world;
};

TEST_F(CatalogsTest, EqualResourcesAreShared) {
  auto catalogs = build({file("/etc/x", "1")}, {file("/etc/x", "1"), file("/etc/y", "2")});
  ASSERT_TRUE(catalogs) << to_text(catalogs.error());
  const auto& resources = catalogs->by_host.at("web").resources;
  ASSERT_EQ(resources.size(), 2U);
  EXPECT_EQ(resources[0].components, (std::vector<std::string>{"a", "b"}));
  EXPECT_EQ(resources[1].components, (std::vector<std::string>{"b"}));
}

TEST_F(CatalogsTest, DifferentOnesAreAnErrorAtBothPlacesThatShowsNoValue) {
  auto catalogs = build({file("/etc/x", "canary-1")}, {file("/etc/x", "canary-2")});
  ASSERT_FALSE(catalogs);
  const std::string text = to_text(catalogs.error());
  EXPECT_THAT(text, HasSubstr("site.toml:6:"));
  EXPECT_THAT(text, HasSubstr("site.toml:5:"));
  EXPECT_THAT(text, HasSubstr("differ in: content"));
  EXPECT_EQ(text.find("canary"), std::string::npos);
}

TEST_F(CatalogsTest, WhatNoAgentUnderstandsIsTheComponentsProblem) {
  Resource wrong = file("/etc/x", "1");
  wrong.attributes["colour"] = "red";
  auto catalogs = build({wrong}, {});
  ASSERT_FALSE(catalogs);
  EXPECT_EQ(catalogs.error().items()[0].fault, Fault::bad_plugin);
  EXPECT_THAT(to_text(catalogs.error()), HasSubstr("colour"));
}

TEST_F(CatalogsTest, AnEdgeToNothingIsAnErrorUnlessItsComponentIsLeftOut) {
  Resource b = file("/etc/b", "1");
  b.after = {{"file", "/etc/a"}};
  EXPECT_FALSE(build({}, {b}));
  auto catalogs = build({}, {b}, {"b"});
  ASSERT_TRUE(catalogs) << to_text(catalogs.error());
  EXPECT_TRUE(catalogs->by_host.at("web").resources[0].after.empty());
}

TEST_F(CatalogsTest, EveryComponentOfTheHostIsKnownAlsoWhenLeftOut) {
  auto catalogs = build({}, {}, {"b"});
  ASSERT_TRUE(catalogs);
  const Catalog& catalog = catalogs->by_host.at("web");
  EXPECT_EQ(catalog.known_components, (std::vector<std::string>{"a", "b"}));
  ASSERT_EQ(catalog.components.size(), 1U);
  EXPECT_TRUE(catalog.components[0].requires_.empty());
}

TEST(HostLevels, FollowWhatHostsWaitFor) {
  std::map<std::string, Catalog, std::less<>> catalogs;
  const auto add = [&](const std::string& host, const std::vector<std::string>& waits) {
    Catalog& catalog = catalogs[host];
    catalog.components.resize(1);
    catalog.components[0].waits_for = waits;
  };
  add("a", {});
  add("b", {"x@a"});
  add("c", {"y@b", "x@a"});
  const auto levels = host_levels(catalogs);
  EXPECT_EQ(levels.at("a"), 0U);
  EXPECT_EQ(levels.at("b"), 1U);
  EXPECT_EQ(levels.at("c"), 2U);
}

TEST(HostLevels, EndWhenHostsWaitForEachOther) {
  std::map<std::string, Catalog, std::less<>> catalogs;
  for (const auto& [host, other] : std::map<std::string, std::string>{{"a", "b"}, {"b", "a"}}) {
    catalogs[host].components.resize(1);
    catalogs[host].components[0].waits_for = {"x@" + other};
  }
  EXPECT_LT(host_levels(catalogs).at("a"), 2U);
}

}  // namespace
}  // namespace wright::testing
