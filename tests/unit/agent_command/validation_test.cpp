#include <fcntl.h>
#include <gmock/gmock.h>
#include <sched.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include <chrono>
#include <csignal>
#include <thread>

#include "unit/agent_command/host_folder.hpp"

namespace wright::agent {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

std::string file_text(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

/// Everything about a tree that a change would show in: inode, mode, owner, times, content.
std::string fingerprint(const std::string& folder) {
  std::string all;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(folder)) {
    struct stat seen {};
    ::lstat(entry.path().c_str(), &seen);
    all += entry.path().string() + " " + std::to_string(seen.st_ino) + " " + std::to_string(seen.st_mode) + " " +
           std::to_string(seen.st_uid) + " " + std::to_string(seen.st_mtim.tv_nsec) + "\n";
    if (S_ISREG(seen.st_mode)) all += file_text(entry.path().string()) + "\n";
  }
  return all;
}

/// What is mounted below a folder; elsewhere others mount and unmount meanwhile.
std::string mounted_below(const std::string& folder) {
  std::ifstream in("/proc/self/mountinfo");
  std::string all;
  for (std::string line; std::getline(in, line);)
    if (line.find(" " + folder) != std::string::npos) all += line + "\n";
  return all;
}

/// Why this machine cannot run these tests; empty when it can.
std::string hindrance() {
  if (::geteuid() != 0) return "mount namespaces need root";
  const pid_t child = ::fork();
  if (child == 0) ::_exit(::unshare(CLONE_NEWNS) != 0 ? 1 : 0);
  int status = 0;
  ::waitpid(child, &status, 0);
  return status == 0 ? "" : "unshare(CLONE_NEWNS) is not allowed here";
}

class ValidationTest : public HostFolder {
 protected:
  void SetUp() override {
    if (const std::string why = hindrance(); !why.empty()) GTEST_SKIP() << why;
    write("etc/app/main.conf", "old main");
    write("etc/app/parts/a.conf", "old a");
    write("etc/app/untouched.conf", "untouched");
    write("etc/other/key", "old key");
    before = fingerprint(path("etc"));
  }
  void TearDown() override {
    if (IsSkipped()) return;
    EXPECT_EQ(fingerprint(path("etc")), before) << "the live files are not what they were";
    EXPECT_EQ(mounted_below(path("")), "") << "a mount was left";
    EXPECT_TRUE(!exists("state") || std::filesystem::is_empty(path("state"))) << "something was left in STATE";
  }

  Resource& add(const std::string& kind, const std::string& name, Value::Map attributes) {
    resources.push_back(std::make_unique<Resource>());
    resources.back()->id = {kind, path(name)};
    resources.back()->attributes = std::move(attributes);
    return *resources.back();
  }
  Resource& file(const std::string& name, const std::string& content, Value::Map more = {}) {
    more["content"] = content;
    more.emplace("mode", 0644);
    return add("file", name, std::move(more));
  }
  Result<> validate() {
    std::vector<Item> items;
    for (const auto& resource : resources) {
      Item item;
      item.resource = resource.get();
      item.difference.action = wanted_action;
      items.push_back(item);
    }
    return validate_together(items, context);
  }

  std::vector<std::unique_ptr<Resource>> resources;
  Action wanted_action = Action::update;
  std::string before;
};

TEST_F(ValidationTest, WithoutAValidateNothingIsRunOrMade) {
  file("etc/app/main.conf", "new");
  EXPECT_TRUE(validate());
  EXPECT_FALSE(exists("state"));
}

TEST_F(ValidationTest, ARefusalTellsWhatTheProgramSaid) {
  file("etc/app/main.conf", "broken", {{"validate", shell("echo on stdout; echo 'bad directive' >&2; exit 4")}});
  const auto valid = validate();
  ASSERT_FALSE(valid);
  EXPECT_THAT(problem_of(valid), AllOf(HasSubstr("bad directive"), HasSubstr("on stdout"), HasSubstr("exit code 4"),
                                       HasSubstr(path("etc/app/main.conf"))));
}

TEST_F(ValidationTest, SeesEveryChangeInItsNewState) {
  const std::string etc = path("etc");
  file(
      "etc/app/main.conf", "new main",
      {{"validate", shell("cd " + etc +
                          " && test \"$(cat app/main.conf)\" = 'new main' && test \"$(cat app/parts/b.conf)\" = 'new b'"
                          " && test ! -e app/parts/a.conf && test \"$(cat app/untouched.conf)\" = untouched"
                          " && test \"$(readlink app/link)\" = parts/b.conf && test \"$(cat app/link)\" = 'new b'"
                          " && test \"$(stat -c %a-%U app/fresh)\" = 750-nobody"
                          " && test \"$(cat app/fresh/deep/x)\" = x && test \"$(cat other/key)\" = 'new key'"
                          " && test \"$(stat -c %a-%U other/key)\" = 640-nobody")},
       {"validate_tree", path("etc/app")}});
  file("etc/app/parts/b.conf", "new b");
  add("file", "etc/app/parts/a.conf", {{"ensure", "absent"}});
  add("symlink", "etc/app/link", {{"target", "parts/b.conf"}});
  add("directory", "etc/app/fresh", {{"mode", 0750}, {"owner", "nobody"}});
  add("directory", "etc/app/fresh/deep", {{"mode", 0755}});
  file("etc/app/fresh/deep/x", "x");
  file("etc/other/key", "new key", {{"mode", 0640}, {"owner", "nobody"}});
  const auto valid = validate();
  EXPECT_TRUE(valid) << problem_of(valid);
}

TEST_F(ValidationTest, ATreeThatIsStillToComeIsThere) {
  const std::string tree = path("etc/coming/soon");
  add("directory", "etc/coming", {{"mode", 0755}});
  add("directory", "etc/coming/soon", {{"mode", 0700}});
  file("etc/coming/soon/main.conf", "fresh",
       {{"validate", shell("test \"$(cat " + tree + "/main.conf)\" = fresh")}, {"validate_tree", tree}});
  const auto valid = validate();
  EXPECT_TRUE(valid) << problem_of(valid);
  EXPECT_FALSE(exists("etc/coming"));
}

TEST_F(ValidationTest, ADirectoryThatChangesKeepsWhatIsInIt) {
  add("directory", "etc/app", {{"mode", 0711}, {"group", "nogroup"}});
  file("etc/other/key", "new key",
       {{"validate", shell("test \"$(stat -c %a-%G " + path("etc/app") + ")\" = 711-nogroup && test \"$(cat " +
                           path("etc/app/parts/a.conf") + ")\" = 'old a'")}});
  const auto valid = validate();
  EXPECT_TRUE(valid) << problem_of(valid);
}

TEST_F(ValidationTest, ADirectoryThatGoesIsNotThere) {
  add("directory", "etc/app/parts", {{"ensure", "absent"}});
  file("etc/other/key", "new key", {{"validate", shell("test ! -e " + path("etc/app/parts"))}});
  const auto valid = validate();
  EXPECT_TRUE(valid) << problem_of(valid);
}

TEST_F(ValidationTest, AFolderReachedThroughALinkIsTheSameFolder) {
  std::filesystem::create_directory_symlink(path("etc/app"), path("shortcut"));
  file("shortcut/main.conf", "through the link",
       {{"validate", shell("test \"$(cat " + path("etc/app/main.conf") + ")\" = 'through the link'")}});
  const auto valid = validate();
  EXPECT_TRUE(valid) << problem_of(valid);
}

TEST_F(ValidationTest, TheStagedFileHasItsNameModeAndOwner) {
  file("etc/app/main.conf", "staged",
       {{"mode", 0640},
        {"owner", "nobody"},
        {"validate", Value(std::vector<std::string>{"/bin/sh", "-c",
                                                    "test $(basename $1) = main.conf && test \"$(cat $1)\" = staged && "
                                                    "test $(stat -c %a-%U $1) = 640-nobody && test $1 != " +
                                                        path("etc/app/main.conf"),
                                                    "sh", "{}"})}});
  const auto valid = validate();
  EXPECT_TRUE(valid) << problem_of(valid);
}

TEST_F(ValidationTest, AStagedPathIsShownAsTheLiveOne) {
  file("etc/app/main.conf", "staged",
       {{"validate", Value(std::vector<std::string>{"/bin/sh", "-c", "echo \"$1:3: no\"; exit 1", "sh", "{}"})}});
  const auto valid = validate();
  ASSERT_FALSE(valid);
  EXPECT_THAT(problem_of(valid), AllOf(HasSubstr(path("etc/app/main.conf") + ":3: no"), Not(HasSubstr(path("state")))));
}

TEST_F(ValidationTest, EachDistinctCommandRunsOnceAndAllProblemsComeTogether) {
  const Value counted = shell("echo ran >> " + path("log") + "; echo first says no; exit 1");
  file("etc/app/main.conf", "1", {{"validate", counted}});
  file("etc/app/parts/a.conf", "2", {{"validate", counted}});
  file("etc/other/key", "3", {{"validate", shell("echo second says no; exit 1")}});
  const auto valid = validate();
  ASSERT_FALSE(valid);
  EXPECT_THAT(problem_of(valid), AllOf(HasSubstr("first says no"), HasSubstr("second says no")));
  EXPECT_EQ(read("log"), "ran\n");
}

/// As with /var/lib/app and /var/lib/wright.
TEST_F(ValidationTest, AChangeBesideTheStateFolderIsSeenToo) {
  std::filesystem::create_directories(path("lib/neighbour"));
  write("lib/neighbour/x", "there");
  context.state_folder = path("lib/state");
  add("directory", "lib/app", {{"mode", 0750}});
  file("lib/app/x", "new",
       {{"validate", Value(std::vector<std::string>{"/bin/sh", "-c",
                                                    "cd " + path("lib") +
                                                        " && test $(cat app/x) = new && test $(cat neighbour/x) = "
                                                        "there && test $(cat $1) = new",
                                                    "sh", "{}"})}});
  file("etc/other/key", "new key", {{"validate", shell("test \"$(cat " + path("etc/other/key") + ")\" = 'new key'")}});
  const auto valid = validate();
  EXPECT_TRUE(valid) << problem_of(valid);
  EXPECT_TRUE(std::filesystem::is_empty(path("lib/state")));
  EXPECT_FALSE(exists("lib/app"));
}

TEST_F(ValidationTest, WhatDoesNotChangeIsNotTried) {
  wanted_action = Action::none;
  file("etc/app/main.conf", "1", {{"validate", shell("exit 1")}});
  EXPECT_TRUE(validate());
}

TEST_F(ValidationTest, AProgramThatIsMissingIsARefusal) {
  file("etc/app/main.conf", "1", {{"validate", Value(std::vector<std::string>{"/nowhere/nginx", "-t"})}});
  const auto valid = validate();
  ASSERT_FALSE(valid);
  EXPECT_THAT(problem_of(valid), HasSubstr("/nowhere/nginx"));
}

TEST_F(ValidationTest, AProgramThatChangesFilesThereChangesNoLiveFileThatIsManaged) {
  file("etc/app/main.conf", "new",
       {{"validate", shell("cd " + path("etc/app") +
                           " && echo spoilt > main.conf && rm -f link && touch made && "
                           "test $(cat main.conf) = spoilt")}});
  const auto valid = validate();
  EXPECT_TRUE(valid) << problem_of(valid);
}

TEST_F(ValidationTest, ASecretIsNotInTheError) {
  Resource& resource =
      file("etc/app/main.conf", "", {{"validate", shell("cat " + path("etc/app/main.conf") + "; exit 1")}});
  resource.attributes["content"] = Secret("password = hunter2hunter2\nuser = app\n");
  const auto valid = validate();
  ASSERT_FALSE(valid);
  EXPECT_THAT(problem_of(valid), Not(HasSubstr("hunter2hunter2")));
}

TEST_F(ValidationTest, CancellingEndsIt) {
  file("etc/app/main.conf", "1", {{"validate", shell("touch " + path("began") + "; sleep 60")}});
  std::thread canceller([this] {
    while (!exists("began")) ::usleep(10000);
    cancellation.cancel();
  });
  const auto valid = validate();
  canceller.join();
  ASSERT_FALSE(valid);
  EXPECT_EQ(valid.error().items().front().fault, Fault::interrupted);
}

/// SIGKILL at any moment: nothing of it is left, and while it runs nobody else sees what is staged.
TEST_F(ValidationTest, AnAgentThatIsKilledLeavesNothing) {
  Resource& resource = file("etc/app/main.conf", "",
                            {{"validate", shell("cat " + path("etc/app/main.conf") + " | wc -c > " + path("size") +
                                                "; echo $$ > " + path("pid") + "; exec sleep 60")}});
  resource.attributes["content"] = Secret("a secret of 24 bytes ...");
  const pid_t agent = ::fork();
  if (agent == 0) {
    (void)validate();
    ::_exit(0);
  }
  while (read("pid").empty()) ::usleep(10000);
  EXPECT_EQ(read("size"), "24\n");
  EXPECT_EQ(fingerprint(path("etc")), before);
  EXPECT_TRUE(std::filesystem::is_empty(path("state")));
  const auto validator = static_cast<pid_t>(std::stol(read("pid")));
  ::kill(agent, SIGKILL);
  ::waitpid(agent, nullptr, 0);
  bool gone = false;
  for (int i = 0; i < 500 && !gone; ++i) {
    const std::string status = file_text("/proc/" + std::to_string(validator) + "/stat");
    gone = status.empty() || status.find(") Z") != std::string::npos;
    ::usleep(10000);
  }
  EXPECT_TRUE(gone) << "the validator outlived the agent";
}

TEST_F(ValidationTest, KilledAtRandomMomentsTheLiveFilesStayAsTheyAre) {
  file("etc/app/main.conf", "new main", {{"validate", shell("true")}});
  add("directory", "etc/app/fresh", {{"mode", 0750}});
  for (int i = 0; i < 40; ++i) {
    const pid_t agent = ::fork();
    if (agent == 0) {
      (void)validate();
      ::_exit(0);
    }
    ::usleep(static_cast<useconds_t>(i) * 250);
    ::kill(agent, SIGKILL);
    ::waitpid(agent, nullptr, 0);
    ASSERT_EQ(fingerprint(path("etc")), before) << i;
  }
}

}  // namespace
}  // namespace wright::agent
