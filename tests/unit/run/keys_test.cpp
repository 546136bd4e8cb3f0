#include "run/keys.hpp"

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <set>
#include <thread>

#include "base/sha256.hpp"
#include "run/saved_plan.hpp"

namespace wright {
namespace {

namespace fs = std::filesystem;

class KeysTest : public ::testing::Test {
 protected:
  KeysTest() : folder(fs::temp_directory_path() / ("wright-keys-" + random_hex(8))) { fs::create_directory(folder); }
  ~KeysTest() override { fs::remove_all(folder); }

  static unsigned mode(const fs::path& path) {
    struct stat status {};
    return ::lstat(path.c_str(), &status) == 0 ? status.st_mode & 07777 : 0;
  }

  fs::path folder;
};

TEST_F(KeysTest, IsMadeOnceAndPrivate) {
  const auto first = site_key(folder);
  ASSERT_TRUE(first) << to_text(first.error());
  EXPECT_EQ(first->reveal().size(), 64U);
  EXPECT_EQ(mode(folder / ".wright"), 0700U);
  EXPECT_EQ(mode(folder / ".wright/site.key"), 0600U);
  EXPECT_EQ(site_key(folder)->reveal(), first->reveal());
  EXPECT_EQ(std::distance(fs::directory_iterator(folder / ".wright"), {}), 1) << "a staged file was left";
}

TEST_F(KeysTest, RunsAtTheSameTimeGetTheSameKey) {
  std::vector<std::string> keys(16);
  std::vector<std::thread> threads;
  for (auto& key : keys)
    threads.emplace_back([&] {
      if (auto made = site_key(folder)) key = made->reveal();
    });
  for (auto& thread : threads) thread.join();
  EXPECT_EQ(std::set<std::string>(keys.begin(), keys.end()).size(), 1U);
  EXPECT_EQ(keys[0].size(), 64U);
}

TEST_F(KeysTest, ALinkIsRefused) {
  fs::create_directory(folder / ".wright");
  std::ofstream(folder / "elsewhere") << std::string(64, 'a') << "\n";
  fs::permissions(folder / "elsewhere", fs::perms(0600));
  fs::create_symlink(folder / "elsewhere", folder / ".wright/site.key");
  EXPECT_FALSE(site_key(folder));
}

TEST_F(KeysTest, ALinkedFolderIsRefused) {
  fs::create_directory(folder / "elsewhere");
  fs::create_directory_symlink(folder / "elsewhere", folder / ".wright");
  EXPECT_FALSE(site_key(folder));
  EXPECT_TRUE(fs::is_empty(folder / "elsewhere"));
}

TEST_F(KeysTest, AKeyThatOthersCanReadIsRefusedWithoutShowingIt) {
  ASSERT_TRUE(site_key(folder));
  const std::string key = site_key(folder)->reveal();
  fs::permissions(folder / ".wright/site.key", fs::perms(0644));
  const auto refused = site_key(folder);
  ASSERT_FALSE(refused);
  EXPECT_EQ(to_text(refused.error()).find(key), std::string::npos);
}

TEST_F(KeysTest, ADamagedKeyIsRefused) {
  fs::create_directory(folder / ".wright");
  std::ofstream(folder / ".wright/site.key") << "not a key\n";
  fs::permissions(folder / ".wright/site.key", fs::perms(0600));
  EXPECT_FALSE(site_key(folder));
}

TEST_F(KeysTest, ASavedPlanComesBackAndIsPrivate) {
  Plan plan;
  plan.host = "web";
  plan.digest = "d";
  plan.states["file:/x"] = "s";
  const std::string path = folder / "plan";
  ASSERT_TRUE(save_plans(path, "shop", {{plan}, {"nginx"}, {"web"}}));
  EXPECT_EQ(mode(path), 0600U);
  auto loaded = load_plans(path, "shop");
  ASSERT_TRUE(loaded) << to_text(loaded.error());
  EXPECT_EQ(loaded->plans, std::vector<Plan>{plan});
  EXPECT_EQ(loaded->components, std::vector<std::string>{"nginx"});
  EXPECT_EQ(loaded->limits, std::vector<std::string>{"web"});
  EXPECT_FALSE(load_plans(path, "another"));
}

TEST_F(KeysTest, WhatIsNoPlanIsRefused) {
  std::ofstream(folder / "x") << "hello";
  EXPECT_FALSE(load_plans(folder / "x", "shop"));
  EXPECT_FALSE(load_plans(folder / "missing", "shop"));
}

TEST_F(KeysTest, SavingReplacesALinkInsteadOfFollowingIt) {
  std::ofstream(folder / "victim") << "untouched";
  fs::create_symlink(folder / "victim", folder / "plan");
  ASSERT_TRUE(save_plans(folder / "plan", "shop", {}));
  EXPECT_FALSE(fs::is_symlink(folder / "plan"));
  std::string text;
  std::ifstream(folder / "victim") >> text;
  EXPECT_EQ(text, "untouched");
}

}  // namespace
}  // namespace wright
