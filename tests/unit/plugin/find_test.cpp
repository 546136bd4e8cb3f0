#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "unit/plugin/fixtures.hpp"

namespace wright::testing {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
namespace fs = std::filesystem;

class Find : public ::testing::Test {
 protected:
  void SetUp() override {
    umask(022);
    std::string pattern = (fs::temp_directory_path() / "wright-find-XXXXXX").string();
    ASSERT_NE(mkdtemp(pattern.data()), nullptr);
    root = fs::canonical(pattern);
    folder = root / "plugins";
    fs::create_directory(folder);
  }
  void TearDown() override { fs::remove_all(root); }

  std::string put(const fs::path& path) const {
    std::ofstream(path) << "x";
    return path;
  }
  std::vector<std::string> names(const std::vector<std::string>& folders) const {
    const auto found = find_plugins(folders);
    EXPECT_TRUE(found) << problems_of(found);
    std::vector<std::string> out;
    if (found)
      for (const auto& one : *found) out.push_back(one.name + "=" + one.path);
    return out;
  }

  fs::path root;
  fs::path folder;
};

TEST_F(Find, gives_every_shared_object_and_the_first_of_a_name) {
  const fs::path other = root / "other";
  fs::create_directory(other);
  const auto a = put(folder / "a.so");
  put(folder / "notes.txt");
  put(other / "a.so");
  const auto b = put(other / "b.so");
  EXPECT_EQ(names({folder, other}), (std::vector<std::string>{"a=" + a, "b=" + b}));
}

TEST_F(Find, tells_every_file_and_folder_that_others_can_write) {
  ASSERT_EQ(chmod(put(folder / "a.so").c_str(), 0666), 0);
  ASSERT_EQ(chmod(put(folder / "b.so").c_str(), 0664), 0);
  const fs::path open = root / "open";
  fs::create_directory(open);
  ASSERT_EQ(chmod(open.c_str(), 0777), 0);
  const auto found = find_plugins({folder, open});
  ASSERT_FALSE(found);
  EXPECT_THAT(to_text(found.error()),
              AllOf(HasSubstr("a.so"), HasSubstr("everybody can write to it"), HasSubstr("/open")));
  // The caller's own group may, unless the caller is root.
  if (geteuid() == 0) {
    EXPECT_THAT(to_text(found.error()), AllOf(HasSubstr("b.so"), HasSubstr("its group can write")));
  }
}

TEST_F(Find, refuses_a_folder_below_one_that_others_can_write) {
  put(folder / "a.so");
  ASSERT_EQ(chmod(root.c_str(), 0777), 0);
  EXPECT_THAT(problems_of(find_plugins({folder})), HasSubstr(root.string() + ": everybody can write"));
  ASSERT_EQ(chmod(root.c_str(), 01777), 0);
  EXPECT_TRUE(find_plugins({folder})) << "the sticky bit keeps others from renaming what stands in it";
}

TEST_F(Find, refuses_what_belongs_to_another_user) {
  if (geteuid() != 0) GTEST_SKIP() << "only root can give files away";
  ASSERT_EQ(chown(put(folder / "a.so").c_str(), 4321, 0), 0);
  EXPECT_THAT(problems_of(find_plugins({folder})), HasSubstr("user with the id 4321"));
}

TEST_F(Find, follows_links_and_checks_what_they_lead_to) {
  const auto real = put(root / "real.so");
  fs::create_symlink(real, folder / "linked.so");
  EXPECT_EQ(names({folder}), std::vector<std::string>{"linked=" + real});
  ASSERT_EQ(chmod(real.c_str(), 0666), 0);
  EXPECT_THAT(problems_of(find_plugins({folder})), HasSubstr(real + ": everybody can write"));
  fs::remove(real);
  EXPECT_THAT(problems_of(find_plugins({folder})), HasSubstr("does not exist"));
}

TEST_F(Find, refuses_what_is_no_regular_file_without_opening_it) {
  ASSERT_EQ(mkfifo((folder / "pipe.so").c_str(), 0600), 0);
  fs::create_directory(folder / "folder.so");
  EXPECT_THAT(problems_of(find_plugins({folder})), AllOf(HasSubstr("is a pipe"), HasSubstr("is a folder")));
}

TEST_F(Find, names_a_folder_that_is_not_there) {
  EXPECT_THAT(problems_of(find_plugins({folder / "none"})), AllOf(HasSubstr("/none"), HasSubstr("does not exist")));
}

TEST_F(Find, searches_given_folders_before_its_own) {
  const auto folders = plugin_directories({"/given"});
  ASSERT_FALSE(folders.empty());
  EXPECT_EQ(folders.front(), "/given");
}

}  // namespace
}  // namespace wright::testing
