#include "agent/packages/tree.hpp"

#include <gmock/gmock.h>
#include <sys/stat.h>

#include <filesystem>
#include <fstream>

#include "agent/packages/image.hpp"
#include "agent/packages/surroundings.hpp"

namespace wright::agent::packages {
namespace {

using ::testing::ElementsAre;

Entry file(off_t size = 1) { return {'f', 0644, 0, 0, size, 7}; }
Entry folder(std::int64_t time = 0) { return {'d', 0755, 0, 0, 0, time}; }

std::vector<std::string> paths_of(const std::vector<Alteration>& all) {
  std::vector<std::string> out;
  for (const auto& one : all) out.push_back(one.path);
  return out;
}

TEST(Tree, WalksWithoutFollowingLinks) {
  char name[] = "/tmp/wright-tree-XXXXXX";
  const std::string root = mkdtemp(name);
  std::filesystem::create_directories(root + "/a/b");
  std::filesystem::create_directories(root + "/left/c");
  std::ofstream(root + "/a/with\nnewline") << "xyz";
  std::filesystem::create_symlink("/etc", root + "/link");
  const auto tree = walk({root, {"/left"}, {}});
  std::filesystem::remove_all(root);
  ASSERT_TRUE(tree);
  std::vector<std::string> paths;
  for (const auto& path : *tree) paths.push_back(path.path);
  EXPECT_THAT(paths, ElementsAre("/a", "/a/b", "/a/with\nnewline", "/link"));
  EXPECT_EQ(find(*tree, "/a/with\nnewline")->size, 3);
  EXPECT_EQ(find(*tree, "/link")->type, 'l');
  EXPECT_EQ(find(*tree, "/li"), nullptr);
  const auto back = tree_from(to_bytes(*tree));
  ASSERT_TRUE(back);
  EXPECT_TRUE(alterations(*tree, *back).empty());
}

TEST(Tree, DamageIsFound) {
  const std::string bytes = to_bytes({{"/a", file()}, {"/b", file()}});
  EXPECT_TRUE(tree_from(bytes));
  for (std::size_t cut = 1; cut < bytes.size(); ++cut)
    EXPECT_EQ(tree_from(bytes.substr(0, cut)).has_value(), bytes[cut - 1] == '\0') << cut;
  EXPECT_FALSE(tree_from(to_bytes({{"/b", file()}, {"/a", file()}})));
}

TEST(Tree, TimesOfFoldersAreNoAlteration) {
  const Tree before{{"/a", folder(1)}, {"/a/f", file()}, {"/b", file()}};
  const Tree after{{"/a", folder(2)}, {"/a/f", file(2)}, {"/c", file()}};
  EXPECT_THAT(paths_of(alterations(before, after)), ElementsAre("/a/f", "/b", "/c"));
}

TEST(Image, CoversWhatMaintainerScriptsWrite) {
  EXPECT_TRUE(Image::covers("/etc/passwd"));
  EXPECT_TRUE(Image::covers("/var/lib/ucf/hashfile"));
  EXPECT_FALSE(Image::covers("/etcetera"));
  EXPECT_FALSE(Image::covers("/var/lib/postgresql/15/main/PG_VERSION"));
}

class Made : public ::testing::Test {
 protected:
  Made() {
    around.before.tree = {{"/etc", folder()},
                          {"/usr", folder()},
                          {"/var", folder()},
                          {"/var/lib", folder()},
                          {"/var/lib/mysql", folder()}};
    around.after.tree = {{"/etc", folder()},           {"/etc/nginx", folder()},
                         {"/usr", folder()},           {"/usr/nginx", file()},
                         {"/var", folder()},           {"/var/lib", folder()},
                         {"/var/lib/mysql", folder()}, {"/var/lib/mysql/binlog.2", file()},
                         {"/var/lib/nginx", folder()}};
  }
  Surroundings around;
};

TEST_F(Made, IsWhatTheChangeBrought) {
  EXPECT_TRUE(is_made(around, "/etc/nginx"));
  EXPECT_TRUE(is_made(around, "/usr/nginx"));
  EXPECT_TRUE(is_made(around, "/var/lib/nginx/came/since"));
  EXPECT_EQ(outermost_made(around, "/var/lib/nginx/came/since"), "/var/lib/nginx");
  EXPECT_FALSE(is_made(around, "/var/lib"));
}

TEST_F(Made, IsNotWhatAnotherServiceWroteAtTheSameTime) {
  EXPECT_FALSE(is_made(around, "/var/lib/mysql/binlog.2"));
  around.listed.insert("/var/lib/mysql");
  EXPECT_TRUE(is_made(around, "/var/lib/mysql/binlog.2"));
}

TEST_F(Made, IsNotWhatCameSinceBesideIt) { EXPECT_FALSE(is_made(around, "/etc/human.conf")); }

TEST_F(Made, IsNotWhatOtherPackagesBrought) {
  around.strangers.insert("/usr/nginx");
  EXPECT_FALSE(is_made(around, "/usr/nginx"));
}

TEST_F(Made, OfAPartIsWhatItsPackagesList) {
  around.whole = false;
  EXPECT_FALSE(is_made(around, "/etc/nginx"));
  around.listed.insert("/etc/nginx");
  EXPECT_TRUE(is_made(around, "/etc/nginx/conf.d/x"));
  EXPECT_FALSE(is_made(around, "/usr/nginx"));
}

}  // namespace
}  // namespace wright::agent::packages
