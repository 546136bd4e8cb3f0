#include "lab/resources/on_host.hpp"

namespace wright::agent {
namespace {

class AccountsOnHost : public OnHost {
 protected:
  std::unique_ptr<Kind> users = make_user_kind();
  std::unique_ptr<Kind> groups = make_group_kind();

  static Resource user(const std::string& name, Value::Map attributes = {}) {
    Resource resource;
    resource.id = {"user", name};
    resource.attributes = std::move(attributes);
    return resource;
  }
  static Resource group(const std::string& name, Value::Map attributes = {}) {
    Resource resource;
    resource.id = {"group", name};
    resource.attributes = std::move(attributes);
    return resource;
  }
  static std::string all_files() {
    std::string all;
    for (const char* file : {"passwd", "group", "shadow", "gshadow", "subuid", "subgid", "passwd-", "group-", "shadow-",
                             "gshadow-", "subuid-", "subgid-"})
      all += std::string(file) + "\n" + read(std::string("/etc/") + file);
    return all;
  }
};

TEST_F(AccountsOnHost, AUserWithGroupsAndHomeComesAndGoesWithoutATrace) {
  const std::string before = all_files();
  const Resource team = group("wteam", {{"gid", 4711}});
  const Resource worker = user("wworker", {{"uid", 4712},
                                           {"create_home", true},
                                           {"home", "/srv/wright/homes/worker"},
                                           {"shell", "/bin/sh"},
                                           {"comment", "A worker, 50% --odd"},
                                           {"groups", std::vector<std::string>{"wteam", "adm"}}});
  const Made team_made = make(*groups, team);
  ASSERT_TRUE(team_made.result) << problem_of(team_made.result);
  const Made made = make(*users, worker);
  ASSERT_TRUE(made.result) << problem_of(made.result);
  EXPECT_TRUE(holds(*groups, team));
  EXPECT_TRUE(holds(*users, worker));
  EXPECT_EQ(shell("id wworker"), "uid=4712(wworker) gid=4712(wworker) groups=4712(wworker),4(adm),4711(wteam)");
  EXPECT_EQ(shell("getent passwd wworker"), "wworker:x:4712:4712:A worker, 50% --odd:/srv/wright/homes/worker:/bin/sh");
  EXPECT_EQ(shell("stat -c %U /srv/wright/homes/worker/.profile"), "wworker");
  take_back(*users, {made.record});
  take_back(*groups, {team_made.record});
  EXPECT_EQ(all_files(), before);
  EXPECT_EQ(shell("ls /srv"), "");
  take_back(*users, {made.record});
  EXPECT_EQ(all_files(), before);
}

TEST_F(AccountsOnHost, ASystemUserTakesTheGroupOfItsName) {
  const Made group_made = make(*groups, group("wdaemon", {{"system", true}}));
  const Resource daemon = user("wdaemon", {{"system", true}});
  const Made made = make(*users, daemon);
  ASSERT_TRUE(made.result) << problem_of(made.result);
  EXPECT_EQ(shell("id -gn wdaemon"), "wdaemon");
  EXPECT_EQ(shell("getent passwd wdaemon | cut -d: -f6,7"), "/nonexistent:/usr/sbin/nologin");
  EXPECT_LT(std::stoi(shell("id -u wdaemon")), 1000);
  EXPECT_TRUE(holds(*users, daemon));
  take_back(*users, {made.record});
  take_back(*groups, {group_made.record});
}

TEST_F(AccountsOnHost, WhatCameIntoTheHomeGoesToQuarantine) {
  const Made made = make(*users, user("wwriter", {{"create_home", true}}));
  ASSERT_TRUE(made.result) << problem_of(made.result);
  write("/home/wwriter/novel.txt", "It was a dark night.");
  take_back(*users, {made.record});
  ASSERT_EQ(context.quarantined.size(), 1U);
  EXPECT_EQ(shell("cat /var/lib/wright/quarantine/test/home/wwriter*/novel.txt"), "It was a dark night.");
  EXPECT_EQ(shell("ls /home"), "");
}

TEST_F(AccountsOnHost, AHomeThatWasThereStays) {
  shell("mkdir /home/wguest; echo mine >/home/wguest/note");
  const Made made = make(*users, user("wguest", {{"home", "/home/wguest"}, {"create_home", true}}));
  ASSERT_TRUE(made.result) << problem_of(made.result);
  take_back(*users, {made.record});
  EXPECT_EQ(read("/home/wguest/note"), "mine\n");
  shell("rm -r /home/wguest");
}

TEST_F(AccountsOnHost, AnExistingUserIsChangedAndChangedBack) {
  shell(
      "cp -a /etc/passwd /etc/group /etc/shadow /etc/gshadow /etc/subuid /etc/subgid /etc/passwd- /etc/group- "
      "/etc/shadow- /etc/gshadow- /var/lib/wright; useradd -m -u 4800 -s /bin/sh -G adm wold; "
      "echo 'wold:secret' | chpasswd; mkdir /home/wold/data; chown wold: /home/wold/data");
  const std::string before = all_files();
  const Resource changed = user("wold", {{"uid", 4801},
                                         {"shell", "/bin/bash"},
                                         {"comment", "Other"},
                                         {"groups", std::vector<std::string>{"adm", "games"}}});
  const Item seen = look(*users, changed);
  EXPECT_EQ(seen.difference.action, Action::update);
  ASSERT_EQ(seen.difference.attributes.size(), 4U);
  EXPECT_EQ(seen.difference.attributes[3].after, Value(std::vector<std::string>{"games"}));
  const Made made = make(*users, changed);
  ASSERT_TRUE(made.result) << problem_of(made.result);
  EXPECT_EQ(shell("id wold"), "uid=4801(wold) gid=4800(wold) groups=4800(wold),4(adm),60(games)");
  EXPECT_EQ(shell("stat -c %u /home/wold/data"), "4801");
  take_back(*users, {made.record});
  EXPECT_EQ(all_files(), before);
  EXPECT_EQ(shell("stat -c %u /home/wold/data"), "4800");

  const Made removed = make(*users, user("wold", {{"ensure", "absent"}}));
  ASSERT_TRUE(removed.result) << problem_of(removed.result);
  EXPECT_EQ(shell("getent passwd wold"), "");
  EXPECT_EQ(shell("ls -d /home/wold"), "/home/wold");
  take_back(*users, {removed.record});
  EXPECT_EQ(all_files(), before);
  shell(
      "rm -rf /home/wold /etc/subuid- /etc/subgid-; cd /var/lib/wright; mv passwd group shadow gshadow subuid subgid "
      "passwd- group- shadow- gshadow- /etc");
}

TEST_F(AccountsOnHost, WhatOthersAddedMeanwhileStays) {
  shell(
      "cp -a /etc/passwd /etc/group /etc/shadow /etc/gshadow /etc/subuid /etc/subgid /etc/passwd- /etc/group- "
      "/etc/shadow- /etc/gshadow- /var/lib/wright");
  const Made made = make(*users, user("wours", {{"groups", std::vector<std::string>{"games"}}}));
  ASSERT_TRUE(made.result) << problem_of(made.result);
  shell("useradd wtheirs; usermod -aG games wtheirs");
  take_back(*users, {made.record});
  EXPECT_EQ(shell("getent passwd wours"), "");
  EXPECT_EQ(shell("getent group games"), "games:x:60:wtheirs");
  EXPECT_NE(shell("id -u wtheirs"), "");
  EXPECT_EQ(shell("grep -c wtheirs /etc/shadow"), "1");
  EXPECT_EQ(shell("pwck -rq; grpck -rq"), "");
  shell(
      "rm -f /etc/subuid- /etc/subgid-; cd /var/lib/wright; mv passwd group shadow gshadow subuid subgid passwd- "
      "group- "
      "shadow- gshadow- /etc");
}

TEST_F(AccountsOnHost, KilledAnywhereItLeavesNothing) {
  const std::string before = all_files();
  const Resource killed = user("wkilled", {{"create_home", true}, {"groups", std::vector<std::string>{"adm"}}});
  for (int ms = 0; ms <= 60; ms += 3) {
    const UndoRecord record = make_killed(*users, killed, std::chrono::milliseconds(ms));
    // What outlived the agent is given the time that a new one takes to get here.
    ::usleep(50000);
    take_back(*users, {record});
    EXPECT_EQ(all_files(), before) << "killed after " << ms << " ms";
    EXPECT_EQ(shell("ls -A /home; ls -A /etc | grep -e lock$ -e '+$' | grep -v -e .pwd.lock"), "");
  }
}

TEST_F(AccountsOnHost, BadNamesAndNumbersAreToldApart) {
  const Resource option = user("-rf");
  const Item items[] = {look(*users, option)};
  EXPECT_FALSE(users->prepare(items, context));
  const Made made = make(*users, user("wtaken", {{"uid", 0}}));
  EXPECT_NE(problem_of(made.result).find("UID 0 is not unique"), std::string::npos) << problem_of(made.result);
  take_back(*users, {made.record});
}

}  // namespace
}  // namespace wright::agent
