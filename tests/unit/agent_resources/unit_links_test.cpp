#include "agent/resources/unit_links.hpp"

#include "unit/agent_resources/support.hpp"

namespace wright::agent {
namespace {

class UnitLinksTest : public ResourceTest {
 protected:
  UnitLinksTest() {
    for (const char* folder : {"systemd/system/multi-user.target.wants", "rc2.d", "rcS.d"})
      std::filesystem::create_directories(path(folder));
    link("systemd/system/multi-user.target.wants/a.service", "/lib/a.service");
    link("rc2.d/S01a", "../init.d/a");
    write("systemd/system/own.service", "[Service]");
  }
  void link(const std::string& at, const std::string& target) const {
    ASSERT_EQ(::symlink(target.c_str(), path(at).c_str()), 0) << at;
  }
  [[nodiscard]] UnitLinks links() const {
    auto links = read_unit_links(root);
    EXPECT_TRUE(links);
    return links ? *links : UnitLinks();
  }
};

TEST_F(UnitLinksTest, OnlyLinksAndFoldersAreSeen) {
  const UnitLinks expected{{path("rc2.d/S01a"), "../init.d/a"},
                           {path("systemd/system/multi-user.target.wants"), ""},
                           {path("systemd/system/multi-user.target.wants/a.service"), "/lib/a.service"}};
  EXPECT_EQ(links(), expected);
}

TEST_F(UnitLinksTest, WhatAChangeDidIsTakenBackAndNothingElse) {
  const UnitLinks before = links();
  std::filesystem::remove(path("systemd/system/multi-user.target.wants/a.service"));
  std::filesystem::create_directory(path("systemd/system/b.target.wants"));
  link("systemd/system/b.target.wants/a.service", "/lib/a.service");
  std::filesystem::rename(path("rc2.d/S01a"), path("rc2.d/K01a"));
  const UnitLinks after = links();
  link("systemd/system/by-hand.service", "/lib/b.service");
  auto restored = restore_unit_links(before, after, root);
  ASSERT_TRUE(restored);
  EXPECT_TRUE(*restored);
  UnitLinks expected = before;
  expected[path("systemd/system/by-hand.service")] = "/lib/b.service";
  EXPECT_EQ(links(), expected);
  restored = restore_unit_links(before, after, root);
  ASSERT_TRUE(restored);
  EXPECT_FALSE(*restored);
  EXPECT_EQ(links(), expected);
}

TEST_F(UnitLinksTest, AFolderThatIsNoLongerEmptyStays) {
  const UnitLinks before = links();
  std::filesystem::create_directory(path("systemd/system/b.target.wants"));
  link("systemd/system/b.target.wants/a.service", "/lib/a.service");
  const UnitLinks after = links();
  link("systemd/system/b.target.wants/c.service", "/lib/c.service");
  ASSERT_TRUE(restore_unit_links(before, after, root));
  EXPECT_FALSE(exists("systemd/system/b.target.wants/a.service"));
  EXPECT_TRUE(exists("systemd/system/b.target.wants/c.service"));
}

TEST_F(UnitLinksTest, ALinkThatSomebodyPointedElsewhereStays) {
  const UnitLinks before = links();
  link("systemd/system/b.service", "/lib/b.service");
  const UnitLinks after = links();
  std::filesystem::remove(path("systemd/system/b.service"));
  link("systemd/system/b.service", "/dev/null");
  ASSERT_TRUE(restore_unit_links(before, after, root));
  EXPECT_EQ(std::filesystem::read_symlink(path("systemd/system/b.service")), "/dev/null");
}

TEST_F(UnitLinksTest, OfOneUnitOnlyItsOwnLinksCount) {
  const UnitLinks before = links();
  link("systemd/system/multi-user.target.wants/b.service", "/lib/b.service");
  link("systemd/system/alias.service", "/lib/a.service");
  link("rcS.d/S02ab", "../init.d/ab");
  std::filesystem::rename(path("rc2.d/S01a"), path("rc2.d/K01a"));
  UnitLinks expected = before;
  expected.erase(path("rc2.d/S01a"));
  expected[path("rc2.d/K01a")] = "../init.d/a";
  expected[path("systemd/system/alias.service")] = "/lib/a.service";
  EXPECT_EQ(only_of_unit(before, links(), "a.service"), expected);
}

TEST_F(UnitLinksTest, AnInitScriptIsStartedByItsLinksOfAnyRunLevel) {
  EXPECT_TRUE(started_by_init(links(), "a"));
  EXPECT_FALSE(started_by_init(links(), "b"));
  std::filesystem::rename(path("rc2.d/S01a"), path("rc2.d/K01a"));
  EXPECT_FALSE(started_by_init(links(), "a"));
}

TEST_F(UnitLinksTest, GoThroughTheJournal) { EXPECT_EQ(unit_links_from(to_value(links())), links()); }

}  // namespace
}  // namespace wright::agent
