#include "agent/resources/account_files.hpp"

#include "agent/resources/home.hpp"
#include "unit/agent_resources/support.hpp"

namespace wright::agent {
namespace {

using ::testing::ElementsAre;

class AccountFilesTest : public ResourceTest {
 protected:
  AccountFilesTest() {
    write("etc/passwd", "root:x:0:0::/root:/bin/sh\n");
    write("etc/passwd-", "older\n");
    write("etc/group", "root:x:0:\ngames:x:60:\n");
    write("etc/shadow", "root:*:1::::::\n");
    write("etc/gshadow", "root:*::\ngames:*::\n");
  }
  Value record() {
    auto files = record_account_files(context, path("etc"));
    EXPECT_TRUE(files);
    return files ? *files : Value();
  }
  /// What useradd does to the files.
  void add_user() {
    write("etc/passwd-", read("etc/passwd"));
    write("etc/passwd", read("etc/passwd") + "app:x:999:999::/srv:/bin/sh\n");
    write("etc/group", "root:x:0:\ngames:x:60:app\napp:x:999:\n");
    write("etc/subuid", "app:100000:65536\n");
  }
  void restore(const AccountChange& change) {
    const auto restored = restore_account_files(change, context, path("etc"));
    EXPECT_TRUE(restored) << (restored ? "" : to_text(restored.error()));
  }
  void expect_as_before() {
    EXPECT_EQ(read("etc/passwd"), "root:x:0:0::/root:/bin/sh\n");
    EXPECT_EQ(read("etc/passwd-"), "older\n");
    EXPECT_EQ(read("etc/group"), "root:x:0:\ngames:x:60:\n");
    EXPECT_FALSE(exists("etc/subuid"));
  }
};

TEST_F(AccountFilesTest, AreAsBeforeWithTheirBackups) {
  const Value before = record();
  add_user();
  restore({before, record(), {"app"}, {}});
  expect_as_before();
  restore({before, record(), {"app"}, {}});
  expect_as_before();
}

TEST_F(AccountFilesTest, AreAsBeforeWhenTheChangeWasKilled) {
  const Value before = record();
  add_user();
  write("etc/passwd+", "half");
  write("etc/group.lock", "999999999\n");
  write("etc/group.999999999", "999999999");
  write("etc/group.999999998", "what somebody wrote into a file of such a name");
  write("etc/group." + std::to_string(::getpid()), "");
  restore({before, {}, {"app", "games"}, {}});
  expect_as_before();
  EXPECT_FALSE(exists("etc/passwd+"));
  EXPECT_FALSE(exists("etc/group.lock"));
  EXPECT_FALSE(exists("etc/group.999999999"));
  EXPECT_TRUE(exists("etc/group.999999998"));
  EXPECT_TRUE(exists("etc/group." + std::to_string(::getpid())));
}

TEST_F(AccountFilesTest, KeepWhatOthersDidMeanwhile) {
  const Value before = record();
  add_user();
  const Value after = record();
  write("etc/passwd-", "kept by the tool that added guest\n");
  write("etc/passwd", read("etc/passwd") + "guest:x:1001:1001::/:/bin/sh\n");
  write("etc/group", "root:x:0:\ngames:x:60:app,guest\napp:x:999:\nguest:x:1001:\n");
  restore({before, after, {"app"}, {}});
  EXPECT_EQ(read("etc/passwd"), "root:x:0:0::/root:/bin/sh\nguest:x:1001:1001::/:/bin/sh\n");
  EXPECT_EQ(read("etc/group"), "root:x:0:\ngames:x:60:guest\nguest:x:1001:\n");
  EXPECT_EQ(read("etc/passwd-"), "kept by the tool that added guest\n");
}

TEST_F(AccountFilesTest, KeepOthersAlsoWhenTheChangeWasKilled) {
  const Value before = record();
  add_user();
  write("etc/passwd", read("etc/passwd") + "guest:x:1001:1001::/:/bin/sh\n");
  restore({before, {}, {"app", "games"}, {}});
  EXPECT_EQ(read("etc/passwd"), "root:x:0:0::/root:/bin/sh\nguest:x:1001:1001::/:/bin/sh\n");
}

TEST_F(AccountFilesTest, KeepTheAccountsThatStay) {
  const Value before = record();
  add_user();
  write("etc/passwd", read("etc/passwd") + "web:x:998:998::/:/bin/sh\n");
  restore({before, record(), {"app", "web"}, {"web"}});
  EXPECT_EQ(read("etc/passwd"), "root:x:0:0::/root:/bin/sh\nweb:x:998:998::/:/bin/sh\n");
}

TEST_F(AccountFilesTest, NamesThatAreNone) {
  for (const char* good : {"www-data", "_apt", "Debian-exim", "a.b", "systemd-network", "machine$"})
    EXPECT_TRUE(is_account_name(good)) << good;
  for (const char* bad :
       {"", "-r", "a:b", "a b", "a,b", "a\nb", "123", "+x", "~x", "a/b", "a12345678901234567890123456789012"})
    EXPECT_FALSE(is_account_name(bad)) << bad;
}

TEST_F(AccountFilesTest, AHomeAsItWasMadeGoesWithTheFoldersAboveIt) {
  write("skel/.profile", "x");
  const auto before = record_home(path("srv/app/home"));
  ASSERT_TRUE(before);
  EXPECT_THAT((*before)["made"].strings(), ElementsAre(path("srv"), path("srv/app"), path("srv/app/home")));
  write("srv/app/home/.profile", "x");
  ASSERT_TRUE(take_home_back(*before, context, path("skel")));
  EXPECT_FALSE(exists("srv"));
  EXPECT_TRUE(context.quarantined.empty());
  ASSERT_TRUE(take_home_back(*before, context, path("skel")));
}

TEST_F(AccountFilesTest, AHomeWithMoreThanTheSkeletonGoesToQuarantine) {
  write("skel/.profile", "x");
  const auto before = record_home(path("home/app"));
  ASSERT_TRUE(before);
  write("home/app/.profile", "edited");
  write("home/other", "stays");
  ASSERT_TRUE(take_home_back(*before, context, path("skel")));
  EXPECT_EQ(context.quarantined.size(), 1U);
  EXPECT_FALSE(exists("home/app"));
  EXPECT_EQ(read("home/other"), "stays");
}

TEST_F(AccountFilesTest, AHomeThatWasThereIsNotTouched) {
  write("home/app/file", "mine");
  const auto before = record_home(path("home/app"));
  ASSERT_TRUE(before);
  ASSERT_TRUE(take_home_back(*before, context, path("skel")));
  EXPECT_EQ(read("home/app/file"), "mine");
}

}  // namespace
}  // namespace wright::agent
