#include "agent/plan/segments.hpp"

#include <gmock/gmock.h>

#include "unit/agent/world.hpp"

namespace wright::agent::testing {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

std::vector<std::string> names_of(const Segment& segment) {
  std::vector<std::string> names;
  for (const auto* resource : segment.resources) names.push_back(to_string(resource->id));
  return names;
}

Resource with(Resource resource, const std::string& attribute, Value value) {
  resource.attributes[attribute] = std::move(value);
  return resource;
}

TEST(Segments, InstallsEverythingFirstThenEachComponent) {
  World world;
  Resource key = file("/etc/apt/keyrings/key", "k", "db");
  key.phase = "install";
  const Catalog catalog = catalog_of({package("nginx", "web"), file("/etc/web", "w", "web"),
                                      package("postgresql", "db"), key, file("/etc/db", "d", "db")});
  const auto segments = segments_of(catalog, world.means());
  ASSERT_TRUE(segments) << to_text(segments.error());
  ASSERT_EQ(segments->size(), 3U);
  EXPECT_THAT(names_of((*segments)[0]),
              ElementsAre("package:nginx", "package:postgresql", "file:/etc/apt/keyrings/key"));
  EXPECT_THAT(names_of((*segments)[1]), ElementsAre("file:/etc/web"));
  EXPECT_THAT(names_of((*segments)[2]), ElementsAre("file:/etc/db"));
}

TEST(Segments, PackagesStandTogetherAfterWhatOneOfThemNeeds) {
  World world;
  Resource list = file("/etc/apt/sources.list.d/x.sources", "x");
  list.phase = "install";
  Resource second = package("second");
  second.after = {list.id};
  const Catalog catalog = catalog_of({package("first"), list, second});
  const auto segments = segments_of(catalog, world.means());
  ASSERT_TRUE(segments) << to_text(segments.error());
  EXPECT_THAT(names_of((*segments)[0]),
              ElementsAre("file:/etc/apt/sources.list.d/x.sources", "package:first", "package:second"));
}

TEST(Segments, SplitsPackagesOnlyWhenTogetherIsImpossible) {
  World world;
  Resource list = file("/etc/apt/sources.list.d/x.sources", "x");
  list.phase = "install";
  Resource second = package("second");
  second.after = {list.id};
  list.after = {id("package:first")};
  const Catalog catalog = catalog_of({package("first"), list, second});
  const auto segments = segments_of(catalog, world.means());
  ASSERT_TRUE(segments) << to_text(segments.error());
  EXPECT_THAT(names_of((*segments)[0]),
              ElementsAre("package:first", "file:/etc/apt/sources.list.d/x.sources", "package:second"));
}

TEST(Segments, PutsPathsAfterTheirFoldersAndOwners) {
  World world;
  Resource user;
  user.id = {"user", "app"};
  user.components = {"web"};
  const Catalog catalog = catalog_of({with(file("/srv/app/conf/a", "a"), "owner", "app"), directory("/srv/app/conf"),
                                      with(directory("/srv/app"), "owner", "app"), user});
  const auto segments = segments_of(catalog, world.means());
  ASSERT_TRUE(segments) << to_text(segments.error());
  EXPECT_THAT(names_of((*segments)[1]),
              ElementsAre("user:app", "directory:/srv/app", "directory:/srv/app/conf", "file:/srv/app/conf/a"));
}

TEST(Segments, RemovesAFolderAfterWhatIsInIt) {
  World world;
  const Catalog catalog =
      catalog_of({with(directory("/srv/old"), "ensure", "absent"), with(file("/srv/old/a", "a"), "ensure", "absent")});
  const auto segments = segments_of(catalog, world.means());
  ASSERT_TRUE(segments);
  EXPECT_THAT(names_of((*segments)[1]), ElementsAre("file:/srv/old/a", "directory:/srv/old"));
}

TEST(Segments, WhatSomebodyWroteOutweighsWhatNobodyDid) {
  World world;
  Resource folder = directory("/srv/app");
  folder.after = {id("file:/srv/app/a")};
  const Catalog catalog = catalog_of({folder, file("/srv/app/a", "a")});
  const auto segments = segments_of(catalog, world.means());
  ASSERT_TRUE(segments) << to_text(segments.error());
  EXPECT_THAT(names_of((*segments)[1]), ElementsAre("file:/srv/app/a", "directory:/srv/app"));
}

TEST(Segments, ACycleIsToldAsAPath) {
  World world;
  Resource a = file("/a", "a");
  Resource b = file("/b", "b");
  a.after = {b.id};
  b.after = {a.id};
  const Catalog catalog = catalog_of({a, b});
  const auto segments = segments_of(catalog, world.means());
  ASSERT_FALSE(segments);
  EXPECT_THAT(to_text(segments.error()), HasSubstr("file:/a -> file:/b -> file:/a"));
}

TEST(Segments, AfterALaterComponentIsAnErrorThatNamesIt) {
  World world;
  Resource a = file("/a", "a", "web");
  a.after = {id("file:/b")};
  const Catalog catalog = catalog_of({a, file("/b", "b", "db")});
  const auto segments = segments_of(catalog, world.means());
  ASSERT_FALSE(segments);
  EXPECT_THAT(to_text(segments.error()), HasSubstr("it belongs to db"));
}

}  // namespace
}  // namespace wright::agent::testing
