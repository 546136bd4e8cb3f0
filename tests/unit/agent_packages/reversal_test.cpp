#include "agent/packages/reversal.hpp"

#include <gmock/gmock.h>
#include <stdlib.h>

#include <filesystem>
#include <fstream>

namespace wright::agent::packages {
namespace {

using ::testing::ElementsAre;
using ::testing::Pair;

Database database(const std::vector<std::vector<std::string>>& packages) {
  Database out;
  for (const auto& one : packages)
    out.put({one[0], "amd64", one[1], "install", "ok", one.size() > 2 ? one[2] : "installed", {}, {}});
  return out;
}

TEST(MovesBetween, WhatOnlyItsConfigurationWasLeftOfMayComeBack) {
  const Moves moves = moves_between(database({{"redis", "1", "config-files"}}), database({{"redis", "1"}}));
  EXPECT_THAT(moves.installed, ElementsAre(Pair("redis:amd64", "1")));
  EXPECT_TRUE(moves.removed.empty());
}

TEST(MovesBetween, SayWhatGoesWhatComesAndWhatChanges) {
  const auto from =
      database({{"stays", "1"}, {"goes", "2"}, {"older", "2"}, {"bare", "1"}, {"left", "1", "config-files"}});
  const auto to = database({{"stays", "1"}, {"older", "1"}, {"comes", "3"}, {"bare", "1", "config-files"}});
  const Moves moves = moves_between(from, to);
  EXPECT_THAT(moves.removed, ElementsAre(Pair("bare:amd64", "1"), Pair("goes:amd64", "2"), Pair("left:amd64", "1")));
  EXPECT_THAT(moves.upgraded, ElementsAre(Pair("older:amd64", Move{"2", "1"})));
  EXPECT_THAT(moves.installed, ElementsAre(Pair("comes:amd64", "3")));
}

class Reversed : public ::testing::Test {
 protected:
  Reversed() {
    char name[] = "/tmp/wright-reversal-XXXXXX";
    folder_ = ::mkdtemp(name);
    context.state_folder = folder_;
    context.blobs = Blobs(folder_ + "/blobs");
  }
  ~Reversed() override { std::filesystem::remove_all(folder_); }

  /// The record of a change that was made to a host with these packages.
  Value record(const std::string& status, const Moves& moves, std::vector<std::string> names) {
    Record out;
    out.status = put_packed(status, context).value_or("");
    out.moves = moves;
    out.names = std::move(names);
    return to_value(out);
  }

  Context context;

 private:
  std::string folder_;
};

const std::string dpkg = "Package: dpkg\nStatus: install ok installed\nArchitecture: amd64\nVersion: 1\n\n";
std::string paragraph(const std::string& name, const std::string& version) {
  return "Package: " + name + "\nStatus: install ok installed\nArchitecture: amd64\nVersion: " + version + "\n\n";
}

TEST_F(Reversed, ChangesAreFollowedToTheirOrigin) {
  Moves first;
  first.installed = {{"redis:amd64", "1"}, {"libredis:amd64", "1"}};
  first.removed = {{"exim:amd64", "4"}};
  Moves second;
  second.upgraded = {{"redis:amd64", {"1", "2"}}};
  const std::vector<UndoRecord> newest_first{
      {{{"package", "redis"}},
       record(dpkg + paragraph("redis", "1") + paragraph("libredis", "1"), second, {"redis"}),
       {},
       {}},
      {{{"package", "redis"}, {"package", "exim"}},
       record(dpkg + paragraph("exim", "4"), first, {"redis", "exim"}),
       {},
       {}}};
  const auto now = database({{"dpkg", "1"}, {"redis", "2"}, {"libredis", "1"}});
  const auto moves = moves_of_reversal(newest_first, now, context);
  ASSERT_TRUE(moves) << to_text(moves.error());
  EXPECT_THAT(moves->removed, ElementsAre(Pair("libredis:amd64", "1"), Pair("redis:amd64", "2")));
  EXPECT_THAT(moves->installed, ElementsAre(Pair("exim:amd64", "4")));
  EXPECT_TRUE(moves->upgraded.empty());
}

TEST_F(Reversed, WhatWasRemovedByHandSinceIsNotThereToGo) {
  Moves made;
  made.installed = {{"redis:amd64", "1"}, {"libredis:amd64", "1"}};
  const std::vector<UndoRecord> changes{{{{"package", "redis"}}, record(dpkg, made, {"redis"}), {}, {}}};
  const auto moves = moves_of_reversal(changes, database({{"dpkg", "1"}, {"libredis", "1"}}), context);
  ASSERT_TRUE(moves);
  EXPECT_THAT(moves->removed, ElementsAre(Pair("libredis:amd64", "1")));
}

TEST_F(Reversed, ADamagedRecordIsAnError) {
  Record record;
  record.status = std::string(64, '0');
  const std::vector<UndoRecord> changes{{{{"package", "redis"}}, to_value(record), {}, {}}};
  EXPECT_FALSE(moves_of_reversal(changes, database({{"dpkg", "1"}}), context));
}

// A package of some hundred MiB is never in memory whole.
TEST_F(Reversed, ABlobTakesAFileAsItIs) {
  const std::string path = context.state_folder + "/made.deb";
  for (const char* content : {"package", "package", "other"}) {
    std::ofstream(path) << content;
    const auto blob = context.blobs.take(path);
    ASSERT_TRUE(blob) << to_text(blob.error());
    EXPECT_FALSE(std::filesystem::exists(path));
    EXPECT_EQ(context.blobs.get(*blob).value_or(""), content);
    const auto place = context.blobs.path_of(*blob);
    ASSERT_TRUE(place);
    EXPECT_EQ(std::filesystem::status(*place).permissions(),
              std::filesystem::perms::owner_read | std::filesystem::perms::owner_write);
    // One that was damaged on the disk is known for it, and made good by the next that is the same.
    std::ofstream(*place) << "damage";
    EXPECT_FALSE(context.blobs.path_of(*blob));
  }
}

}  // namespace
}  // namespace wright::agent::packages
