#include "agent/files/files.hpp"
#include "unit/agent_resources/support.hpp"

namespace wright::agent {
namespace {

using ::testing::HasSubstr;

constexpr uid_t somebody = 65534;

/// A resource at ROOT/way/conf, where `way` is a link to ROOT/elsewhere. Who may change the link decides whether it is
/// followed, so the tests need root, as the agent does.
class WayTest : public ResourceTest {
 protected:
  std::unique_ptr<Kind> files = make_file_kind();
  std::unique_ptr<Kind> directories = make_directory_kind();
  std::unique_ptr<Kind> links = make_symlink_kind();
  /// The link's own folder: HostFolder's is below /tmp, which everybody may change, but which is no link's folder.
  std::string folder = path("folder");

  void SetUp() override {
    if (::geteuid() != 0) GTEST_SKIP() << "only root can own what others must not change";
    std::filesystem::create_directories(folder);
    std::filesystem::create_directories(path("elsewhere"));
    link(path("elsewhere"));
  }
  void link(const std::string& target) {
    std::filesystem::remove(folder + "/way");
    std::filesystem::create_symlink(target, folder + "/way");
  }
  void expect_followed() {
    const Made made = make(*files, at("file", "folder/way/conf", {{"content", "new\n"}}));
    ASSERT_TRUE(made.result) << problem_of(made.result);
    EXPECT_EQ(read("elsewhere/conf"), "new\n");
    EXPECT_TRUE(std::filesystem::is_symlink(folder + "/way"));
    expect_undone(*files, made);
    EXPECT_FALSE(exists("elsewhere/conf"));
  }
  static void expect_refusal(const std::string& problem, const std::string& of) {
    EXPECT_THAT(problem, HasSubstr(of));
    EXPECT_THAT(problem, HasSubstr("a symbolic link that others than root can change is on the way"));
  }
  void expect_refused() {
    for (Kind* kind : {files.get(), directories.get(), links.get()}) {
      const Resource wanted = kind == files.get() ? at("file", "folder/way/conf", {{"content", "new\n"}})
                              : kind == directories.get()
                                  ? at("directory", "folder/way/conf")
                                  : resource("symlink", path("folder/way/conf"), {{"target", "/etc/passwd"}});
      const Resource* one[] = {&wanted};
      expect_refusal(problem_of(kind->look(one, context)), wanted.id.name);
    }
    expect_refusal(problem_of(replace_file(path("folder/way/conf"), "new\n", {})), path("folder/way/conf"));
    expect_refusal(problem_of(set_ownership(path("folder/way/old"), {})), path("folder/way/old"));
    expect_refusal(problem_of(remove_path(path("folder/way/old"))), path("folder/way/old"));
    EXPECT_FALSE(exists("elsewhere/conf"));
  }
};

TEST_F(WayTest, OverALinkThatOnlyRootCanChangeIsFollowed) {
  expect_followed();
  link("../elsewhere");
  expect_followed();
}

TEST_F(WayTest, OverALinkOfSomebodyElseIsRefused) {
  ASSERT_EQ(::lchown((folder + "/way").c_str(), somebody, somebody), 0);
  expect_refused();
}

TEST_F(WayTest, OverALinkInAFolderOfSomebodyElseIsRefused) {
  ASSERT_EQ(::chown(folder.c_str(), somebody, somebody), 0);
  expect_refused();
}

TEST_F(WayTest, OverALinkInAFolderThatOthersWriteIsRefused) {
  for (const mode_t mode : {0775U, 0757U, 01777U}) {
    ASSERT_EQ(::chmod(folder.c_str(), mode), 0);
    expect_refused();
  }
}

TEST_F(WayTest, OverALinkToALinkOfSomebodyElseIsRefused) {
  std::filesystem::create_symlink(path("elsewhere"), path("theirs"));
  ASSERT_EQ(::lchown(path("theirs").c_str(), somebody, somebody), 0);
  link(path("theirs"));
  expect_refused();
}

TEST_F(WayTest, ThatBecomesALinkAfterThePlanIsRefused) {
  std::filesystem::remove(folder + "/way");
  std::filesystem::create_directory(folder + "/way");
  const Resource wanted = at("file", "folder/way/conf", {{"content", "new\n"}});
  const Item items[] = {look(*files, wanted)};
  const auto undo = files->prepare(items, context);
  ASSERT_TRUE(undo) << problem_of(undo);
  std::filesystem::remove(folder + "/way");
  link(path("elsewhere"));
  ASSERT_EQ(::lchown((folder + "/way").c_str(), somebody, somebody), 0);
  expect_refusal(problem_of(files->change(items, *undo, context)), wanted.id.name);
  EXPECT_FALSE(exists("elsewhere/conf"));
}

TEST_F(WayTest, InACircleOfLinksEnds) {
  link("way");
  EXPECT_THAT(problem_of(look_at(path("folder/way/conf"))), HasSubstr(path("folder/way/conf")));
}

}  // namespace
}  // namespace wright::agent
