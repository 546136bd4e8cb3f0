#include "agent/packages/selection.hpp"

#include <gmock/gmock.h>

namespace wright::agent::packages {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;
using ::testing::UnorderedElementsAre;

std::string paragraph(const std::string& name, const std::string& version, const std::string& depends = {},
                      const std::string& status = "install ok installed") {
  return "Package: " + name + "\nStatus: " + status + "\nArchitecture: amd64\nVersion: " + version +
         (depends.empty() ? "" : "\nDepends: " + depends) + "\n\n";
}

Database database(const std::string& more = {}) {
  Database out;
  out.merge(paragraph("dpkg", "1") + more);
  return out;
}

Record change() {
  Record record;
  record.names = {"nginx", "redis"};
  record.moves.installed = {{"nginx:amd64", "1"}, {"redis:amd64", "1"}, {"libssl:amd64", "1"}, {"libnginx:amd64", "1"}};
  return record;
}

const std::string installed = paragraph("nginx", "1", "libssl, libnginx") + paragraph("redis", "1", "libssl") +
                              paragraph("libssl", "1") + paragraph("libnginx", "1");
const ResourceId nginx{"package", "nginx"};
const ResourceId redis{"package", "redis"};

TEST(Selection, AllThatTheChangeBrought) {
  const auto selection = select(change(), {nginx, redis}, database(), database(installed));
  EXPECT_THAT(selection.out, SizeIs(4));
  EXPECT_TRUE(selection.whole);
}

TEST(Selection, WhatTheOthersNeedStays) {
  const auto selection = select(change(), {nginx}, database(), database(installed));
  EXPECT_THAT(selection.out, UnorderedElementsAre("nginx:amd64", "libnginx:amd64"));
  EXPECT_FALSE(selection.whole);
}

TEST(Selection, TheRestGoesWithTheLast) {
  const auto selection =
      select(change(), {redis}, database(), database(paragraph("redis", "1", "libssl") + paragraph("libssl", "1")));
  EXPECT_THAT(selection.out, UnorderedElementsAre("redis:amd64", "libssl:amd64"));
  EXPECT_TRUE(selection.whole);
}

TEST(Selection, WhatWasInstalledSinceKeepsWhatItNeeds) {
  const auto selection =
      select(change(), {nginx, redis}, database(), database(installed + paragraph("curl", "1", "libssl (>= 1)")));
  EXPECT_THAT(selection.out, UnorderedElementsAre("nginx:amd64", "redis:amd64", "libnginx:amd64"));
  EXPECT_THAT(selection.staying, SizeIs(1));
}

TEST(Selection, HalfInstalledPackagesGoToo) {
  const auto selection = select(change(), {nginx, redis}, database(),
                                database(paragraph("nginx", "1", "libssl", "install reinstreq half-installed")));
  EXPECT_THAT(selection.out, ElementsAre("nginx:amd64"));
}

TEST(Selection, OldVersionsComeBackOnlyWhenTheyAreNotThere) {
  Record record;
  record.names = {"perl"};
  record.moves.upgraded = {{"perl:amd64", {"1", "2"}}};
  const std::vector<ResourceId> perl{{"package", "perl"}};
  const auto before = database(paragraph("perl", "1"));
  EXPECT_THAT(select(record, perl, before, database(paragraph("perl", "2"))).back, ElementsAre("perl:amd64"));
  EXPECT_THAT(select(record, perl, before, before).back, IsEmpty());
  const auto half = database(paragraph("perl", "1", {}, "install reinstreq half-installed"));
  EXPECT_THAT(select(record, perl, before, half).back, ElementsAre("perl:amd64"));
  const auto waiting = database(paragraph("perl", "1", {}, "install ok triggers-pending"));
  EXPECT_THAT(select(record, perl, before, waiting).back, IsEmpty());
}

TEST(Selection, ConfigurationThatWasLeftComesBackAsSuch) {
  Record record;
  record.names = {"nginx"};
  record.moves.removed = {{"nginx:amd64", "1"}};
  const auto before = database(paragraph("nginx", "1", {}, "deinstall ok config-files"));
  const auto selection = select(record, {nginx}, before, database());
  EXPECT_THAT(selection.back, ElementsAre("nginx:amd64"));
  EXPECT_THAT(selection.bare, ElementsAre("nginx:amd64"));
  EXPECT_THAT(select(record, {nginx}, before, before).back, IsEmpty());
}

}  // namespace
}  // namespace wright::agent::packages
