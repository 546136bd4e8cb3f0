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

TEST(Joining, WaitsForTheHostThatMakesIt) {
  World world;
  const Site& site = world.site(R"([site]
name = "t"
[hosts.a]
address = "192.0.2.1"
[hosts.b]
address = "192.0.2.2"
[hosts.c]
address = "192.0.2.3"
[components.set]
plugin = "a"
hosts = ["a", "b", "c"]
[components.other]
plugin = "a"
hosts = ["c"]
)");
  auto selection = select(site, {}, {}, false);
  ASSERT_TRUE(selection);
  std::vector<Evaluated> evaluated(4);
  const auto declare = [&](std::size_t place, const char* component, const char* host, const char* name, bool joins) {
    Resource user;
    user.id = {"mongodb_user", name};
    user.attributes = {{"password", "p"}, {"joins", joins}};
    evaluated[place].instance = {site.component(component), site.host(host)};
    evaluated[place].declared.resources = {user};
  };
  declare(0, "set", "a", "app.x", true);
  declare(1, "set", "b", "app.x", false);
  declare(2, "set", "c", "app.y", false);
  declare(3, "other", "c", "app.x", false);  // of another component, and so of another server
  auto catalogs = build_catalogs(site, *selection, {"a", "b", "c"}, evaluated);
  ASSERT_TRUE(catalogs) << to_text(catalogs.error());
  const Catalog& joiner = catalogs->by_host.at("a");
  ASSERT_EQ(joiner.joining.size(), 1U);
  EXPECT_EQ(joiner.joining.begin()->first, "mongodb_user:app.x");
  EXPECT_EQ(joiner.joining.begin()->second, (std::vector<std::string>{"mongodb_user:app.x@b"}));
  EXPECT_EQ(catalogs->by_host.at("b").joined, (std::vector<std::string>{"mongodb_user:app.x"}));
  EXPECT_TRUE(catalogs->by_host.at("c").joined.empty());

  // Who gathers waits for those that join.
  Resource set;
  set.id = {"mongodb_replica_set", "rs0"};
  set.attributes = {{"members", Value(std::vector<std::string>{"192.0.2.1:1"})}, {"gathers", true}};
  evaluated[1].declared.resources = {set};
  set.attributes["gathers"] = false;
  set.attributes["joins"] = true;
  evaluated[0].declared.resources = {set};
  catalogs = build_catalogs(site, *selection, {"a", "b", "c"}, evaluated);
  ASSERT_TRUE(catalogs) << to_text(catalogs.error());
  for (const auto& [host, other] : std::map<std::string, std::string>{{"a", "b"}, {"b", "a"}}) {
    EXPECT_EQ(catalogs->by_host.at(host).joining.at("mongodb_replica_set:rs0"),
              (std::vector<std::string>{"mongodb_replica_set:rs0@" + other}));
    EXPECT_EQ(catalogs->by_host.at(host).joined, (std::vector<std::string>{"mongodb_replica_set:rs0"}));
  }

  // A host that takes no part is waited for by nobody.
  evaluated.erase(evaluated.begin() + 1);
  catalogs = build_catalogs(site, *selection, {"a", "c"}, evaluated);
  ASSERT_TRUE(catalogs);
  EXPECT_TRUE(catalogs->by_host.at("a").joining.empty());
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
