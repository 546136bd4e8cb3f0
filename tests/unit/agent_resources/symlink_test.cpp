#include "unit/agent_resources/support.hpp"

namespace wright::agent {
namespace {

using ::testing::ElementsAre;

class SymlinkTest : public ResourceTest {
 protected:
  std::unique_ptr<Kind> links = make_symlink_kind();

  [[nodiscard]] Resource link(const std::string& target) const {
    return resource("symlink", path("link"), {{"target", target}});
  }
  [[nodiscard]] std::string target() const { return std::filesystem::read_symlink(path("link")).string(); }
};

TEST_F(SymlinkTest, IsMadeAndTakenBack) {
  const Made made = make(*links, link("no/where"));
  ASSERT_TRUE(made.result) << problem_of(made.result);
  EXPECT_EQ(target(), "no/where");
  EXPECT_EQ(look(*links, link("no/where")).difference.action, Action::none);
  expect_undone(*links, made);
  EXPECT_FALSE(exists("link"));
}

TEST_F(SymlinkTest, PointsElsewhereAndBack) {
  ASSERT_EQ(::symlink("old", path("link").c_str()), 0);
  const Item item = look(*links, link("new"));
  EXPECT_THAT(names_of(item.difference), ElementsAre("target"));
  const Made made = make(*links, link("new"));
  EXPECT_EQ(target(), "new");
  expect_undone(*links, made);
  EXPECT_EQ(target(), "old");
  expect_undone(*links, made);
  EXPECT_EQ(target(), "old");
}

TEST_F(SymlinkTest, ReplacesAFileThatComesBack) {
  write("link", "a file");
  const Made made = make(*links, link("new"));
  ASSERT_TRUE(made.result) << problem_of(made.result);
  EXPECT_EQ(target(), "new");
  expect_undone(*links, made);
  EXPECT_EQ(read("link"), "a file");
}

TEST_F(SymlinkTest, OfADirectoryIsRemovedWithoutTouchingIt) {
  write("folder/file", "x");
  ASSERT_EQ(::symlink(path("folder").c_str(), path("link").c_str()), 0);
  const Resource absent = resource("symlink", path("link"), {{"ensure", "absent"}});
  const Made made = make(*links, absent);
  ASSERT_TRUE(made.result) << problem_of(made.result);
  EXPECT_FALSE(exists("link"));
  EXPECT_EQ(read("folder/file"), "x");
  expect_undone(*links, made);
  EXPECT_EQ(target(), path("folder"));
}

}  // namespace
}  // namespace wright::agent
