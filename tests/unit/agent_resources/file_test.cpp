#include "unit/agent_resources/support.hpp"

namespace wright::agent {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

class FileTest : public ResourceTest {
 protected:
  std::unique_ptr<Kind> files = make_file_kind();

  [[nodiscard]] Resource file(const std::string& content, int mode = 0640) const {
    return at("file", "conf", {{"content", content}, {"mode", mode}});
  }
};

TEST_F(FileTest, IsMadeAndTakenBack) {
  const Resource wanted = file("one\n");
  EXPECT_EQ(look(*files, wanted).difference.action, Action::create);
  const Made made = make(*files, wanted);
  ASSERT_TRUE(made.result) << problem_of(made.result);
  EXPECT_EQ(read("conf"), "one\n");
  EXPECT_EQ(mode_of("conf"), 0640U);
  context.request.clear();
  EXPECT_EQ(look(*files, wanted).difference.action, Action::none);
  expect_undone(*files, made);
  EXPECT_FALSE(exists("conf"));
  expect_undone(*files, made);
  EXPECT_FALSE(exists("conf"));
}

TEST_F(FileTest, ComesBackWithContentModeAndTime) {
  write("conf", "old\n");
  ::chmod(path("conf").c_str(), 0604);
  const std::int64_t time = time_of("conf");
  const Made made = make(*files, file("new\n"));
  ASSERT_TRUE(made.result) << problem_of(made.result);
  EXPECT_EQ(read("conf"), "new\n");
  expect_undone(*files, made);
  EXPECT_EQ(read("conf"), "old\n");
  EXPECT_EQ(mode_of("conf"), 0604U);
  EXPECT_EQ(time_of("conf"), time);
}

/// As `setfacl -m u:7:r` on a file of mode 0640 writes it: version 2, then tag, permissions and id of each (acl(5)).
std::string readable_for_user_7() {
  const std::string no_id(4, '\xff');
  const auto entry = [](char tag, char permissions, const std::string& id) {
    return std::string{tag, '\0', permissions, '\0'} + id;
  };
  return std::string("\2\0\0\0", 4) + entry(1, 6, no_id) + entry(2, 4, std::string("\7\0\0\0", 4)) +
         entry(4, 4, no_id) + entry(16, 4, no_id) + entry(32, 0, no_id);
}

TEST_F(FileTest, KeepsAccessListsAndOtherAttributesAndGetsThemBack) {
  const char* const list = "system.posix_acl_access";
  write("conf", "old\n");
  ::chmod(path("conf").c_str(), 0640);
  set_extended("conf", "user.note", "mine");
  set_extended("conf", list, readable_for_user_7());
  const Made changed = make(*files, file("new\n"));
  ASSERT_TRUE(changed.result) << problem_of(changed.result);
  EXPECT_EQ(extended("conf", "user.note"), "mine");
  EXPECT_EQ(extended("conf", list), readable_for_user_7());
  ::removexattr(path("conf").c_str(), "user.note");
  set_extended("conf", "user.later", "not before");
  expect_undone(*files, changed);
  EXPECT_EQ(extended("conf", "user.note"), "mine");
  EXPECT_EQ(extended("conf", "user.later"), "");
  EXPECT_EQ(extended("conf", list), readable_for_user_7());

  const Made removed = make(*files, at("file", "conf", {{"ensure", "absent"}}));
  ASSERT_TRUE(removed.result) << problem_of(removed.result);
  EXPECT_FALSE(exists("conf"));
  expect_undone(*files, removed);
  EXPECT_EQ(extended("conf", "user.note"), "mine");
  EXPECT_EQ(extended("conf", list), readable_for_user_7());
}

TEST_F(FileTest, OfWhichOnlyTheModeDiffersKeepsItsContent) {
  write("conf", "same\n");
  ::chmod(path("conf").c_str(), 0600);
  const std::int64_t time = time_of("conf");
  const Item item = look(*files, file("same\n"));
  EXPECT_THAT(names_of(item.difference), ElementsAre("mode"));
  const Made made = make(*files, file("same\n"));
  ASSERT_TRUE(made.result) << problem_of(made.result);
  EXPECT_EQ(mode_of("conf"), 0640U);
  EXPECT_EQ(time_of("conf"), time);
  expect_undone(*files, made);
  EXPECT_EQ(mode_of("conf"), 0600U);
}

TEST_F(FileTest, ThatSomebodyEditedIsKeptBeforeItIsReplaced) {
  write("conf", "old\n");
  Made made = make(*files, file("new\n"));
  write("conf", "by hand\n");
  made.record.edited = made.record.ids;
  expect_undone(*files, made);
  EXPECT_EQ(read("conf"), "old\n");
  ASSERT_EQ(context.kept.size(), 1U);
  EXPECT_EQ(read("state/kept/t1" + path("conf")), "by hand\n");
}

TEST_F(FileTest, ThatIsALinkIsReplacedAndTheLinkComesBack) {
  write("elsewhere", "precious\n");
  ASSERT_EQ(::symlink("elsewhere", path("conf").c_str()), 0);
  const Item item = look(*files, file("new\n"));
  EXPECT_EQ(item.difference.action, Action::update);
  const Made made = make(*files, file("new\n"));
  ASSERT_TRUE(made.result) << problem_of(made.result);
  EXPECT_EQ(read("conf"), "new\n");
  EXPECT_EQ(read("elsewhere"), "precious\n");
  expect_undone(*files, made);
  EXPECT_EQ(std::filesystem::read_symlink(path("conf")), "elsewhere");
  EXPECT_EQ(read("elsewhere"), "precious\n");
}

TEST_F(FileTest, NeverReplacesADirectory) {
  std::filesystem::create_directory(path("conf"));
  const Resource wanted = file("new\n");
  const Item items[] = {look(*files, wanted)};
  EXPECT_THAT(problem_of(files->prepare(items, context)), HasSubstr("a directory is where the file must be"));
}

TEST_F(FileTest, IsRemovedAndComesBack) {
  write("conf", "old\n");
  const Resource absent = at("file", "conf", {{"ensure", "absent"}});
  EXPECT_EQ(look(*files, absent).difference.action, Action::remove);
  const Made made = make(*files, absent);
  ASSERT_TRUE(made.result) << problem_of(made.result);
  EXPECT_FALSE(exists("conf"));
  EXPECT_EQ(look(*files, absent).difference.action, Action::none);
  expect_undone(*files, made);
  EXPECT_EQ(read("conf"), "old\n");
}

TEST_F(FileTest, KilledBeforeItsChangeIsLeftAsItWas) {
  write("conf", "old\n");
  const Resource wanted = file("new\n");
  const Item items[] = {look(*files, wanted)};
  const auto undo = files->prepare(items, context);
  ASSERT_TRUE(undo);
  write("." + std::string("conf") + ".other", "not ours\n");
  expect_undone(*files, {{{wanted.id}, *undo, {}, {}}, Value()});
  EXPECT_EQ(read("conf"), "old\n");
  EXPECT_EQ(read(".conf.other"), "not ours\n");
}

TEST_F(FileTest, ShowsItsDiffButNeverThatOfASecret) {
  write("conf", "a\nold\n");
  const Item item = look(*files, file("a\nnew\n"));
  ASSERT_FALSE(item.difference.attributes.empty());
  EXPECT_THAT(item.difference.attributes[0].diff, HasSubstr("-old\n+new\n"));
  const Resource secret = at("file", "conf", {{"content", Value(Secret("a\nhidden\n"))}, {"mode", 0600}});
  const Item hidden = look(*files, secret);
  ASSERT_FALSE(hidden.difference.attributes.empty());
  EXPECT_TRUE(hidden.difference.attributes[0].secret);
  EXPECT_EQ(hidden.difference.attributes[0].diff, "");
  EXPECT_TRUE(hidden.difference.attributes[0].before.is_null());
  EXPECT_TRUE(hidden.observed.before["content"].is_null());
  const Made made = make(*files, secret);
  ASSERT_TRUE(made.result) << problem_of(made.result);
  EXPECT_EQ(read("conf"), "a\nhidden\n");
}

TEST_F(FileTest, StateIsTheSameWhateverTheTime) {
  write("conf", "same\n");
  const Item first = look(*files, file("same\n"));
  const timespec times[2] = {{1, 0}, {2, 0}};
  ::utimensat(AT_FDCWD, path("conf").c_str(), times, 0);
  EXPECT_EQ(look(*files, file("same\n")).observed.state, first.observed.state);
  write("conf", "else\n");
  EXPECT_NE(look(*files, file("same\n")).observed.state, first.observed.state);
}

TEST_F(FileTest, EveryProblemIsToldAtOnce) {
  const Resource unknown = resource(
      "file", path("conf"), {{"content", "x"}, {"mode", 0600}, {"owner", "nobody-here"}, {"group", "no-group"}});
  const Made made = make(*files, unknown);
  EXPECT_THAT(problem_of(made.result), HasSubstr("nobody-here"));
  EXPECT_THAT(problem_of(made.result), HasSubstr("no-group"));
  EXPECT_FALSE(exists("conf"));
}

}  // namespace
}  // namespace wright::agent
