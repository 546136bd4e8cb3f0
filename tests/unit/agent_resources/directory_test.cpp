#include "unit/agent_resources/support.hpp"

namespace wright::agent {
namespace {

using ::testing::HasSubstr;

class DirectoryTest : public ResourceTest {
 protected:
  std::unique_ptr<Kind> directories = make_directory_kind();

  [[nodiscard]] Resource directory(Value::Map attributes = {{"mode", 0750}}) const {
    return at("directory", "data", std::move(attributes));
  }
};

TEST_F(DirectoryTest, IsMadeAndTakenBack) {
  const Made made = make(*directories, directory());
  ASSERT_TRUE(made.result) << problem_of(made.result);
  EXPECT_EQ(mode_of("data"), 0750U);
  context.request.clear();
  EXPECT_EQ(look(*directories, directory()).difference.action, Action::none);
  expect_undone(*directories, made);
  EXPECT_FALSE(exists("data"));
  EXPECT_TRUE(context.quarantined.empty());
}

TEST_F(DirectoryTest, WithWhatCameIntoItGoesToQuarantine) {
  const Made made = make(*directories, directory());
  write("data/table", "rows");
  expect_undone(*directories, made);
  EXPECT_FALSE(exists("data"));
  ASSERT_EQ(context.quarantined.size(), 1U);
  EXPECT_EQ(read("state/quarantine/t1" + path("data/table")), "rows");
}

TEST_F(DirectoryTest, OfDataGoesToQuarantineEvenWhenEmpty) {
  const Made made = make(*directories, directory({{"mode", 0750}, {"data", true}}));
  expect_undone(*directories, made);
  EXPECT_FALSE(exists("data"));
  EXPECT_EQ(context.quarantined.size(), 1U);
}

TEST_F(DirectoryTest, ThatWasThereKeepsItsContentAndGetsItsModeBack) {
  write("data/table", "rows");
  ::chmod(path("data").c_str(), 0701);
  const Made made = make(*directories, directory());
  ASSERT_TRUE(made.result) << problem_of(made.result);
  EXPECT_EQ(mode_of("data"), 0750U);
  expect_undone(*directories, made);
  EXPECT_EQ(mode_of("data"), 0701U);
  EXPECT_EQ(read("data/table"), "rows");
}

TEST_F(DirectoryTest, RemovedWithItsContentComesBackWhole) {
  write("data/deep/table", "rows");
  ::chmod(path("data").c_str(), 0711);
  const Resource absent = directory({{"ensure", "absent"}});
  const Made made = make(*directories, absent);
  ASSERT_TRUE(made.result) << problem_of(made.result);
  EXPECT_FALSE(exists("data"));
  expect_undone(*directories, made);
  EXPECT_EQ(read("data/deep/table"), "rows");
  EXPECT_EQ(mode_of("data"), 0711U);
  expect_undone(*directories, made);
  EXPECT_EQ(read("data/deep/table"), "rows");
}

TEST_F(DirectoryTest, RemovedWhenEmptyComesBackEmpty) {
  std::filesystem::create_directory(path("data"));
  const Made made = make(*directories, directory({{"ensure", "absent"}}));
  ASSERT_TRUE(made.result) << problem_of(made.result);
  EXPECT_FALSE(exists("data"));
  expect_undone(*directories, made);
  EXPECT_TRUE(std::filesystem::is_empty(path("data")));
}

TEST_F(DirectoryTest, WhereAFileIsRefusesAndLeavesTheFile) {
  write("data", "a file");
  const Resource wanted = directory();
  const Item items[] = {look(*directories, wanted)};
  EXPECT_THAT(problem_of(directories->prepare(items, context)), HasSubstr("a file is where the directory must be"));
  const Resource absent = directory({{"ensure", "absent"}});
  const Item item = look(*directories, absent);
  EXPECT_EQ(item.difference.action, Action::none);
  EXPECT_THAT(item.difference.notes.at(0), HasSubstr("left alone"));
}

}  // namespace
}  // namespace wright::agent
