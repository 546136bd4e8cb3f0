#include "lab/resources/service_on_host.hpp"

namespace wright::agent {
namespace {

const std::string sleeping = "ExecStart=/bin/sleep infinity";

TEST_F(ServiceOnHost, IsEnabledAndStartedAndTakenBack) {
  unit(sleeping);
  const std::string before = links();
  const Resource wanted = service({{"enabled", true}, {"running", true}});
  const Item seen = look(*services, wanted);
  EXPECT_EQ(seen.difference.action, Action::update);
  EXPECT_EQ(seen.difference.attributes.size(), 2U);
  const Made made = make(*services, wanted);
  ASSERT_TRUE(made.result) << problem_of(made.result);
  EXPECT_EQ(state(), "active\nenabled");
  EXPECT_TRUE(holds(*services, wanted));
  take_back(*services, {made.record});
  EXPECT_EQ(state(), "inactive\ndisabled");
  EXPECT_EQ(links(), before);
  take_back(*services, {made.record});
  EXPECT_EQ(state(), "inactive\ndisabled");
}

TEST_F(ServiceOnHost, IsDisabledAndStoppedAndTakenBack) {
  unit(sleeping + "\n[Install]\nAlias=wsame.service\nAlso=ssh.service");
  shell(
      "systemctl enable -q --now wtest; ln -s /etc/systemd/system/wtest.service "
      "/etc/systemd/system/sockets.target.wants/wtest.service");
  const std::string before = links();
  const Made made = make(*services, service({{"enabled", false}, {"running", false}}));
  ASSERT_TRUE(made.result) << problem_of(made.result);
  EXPECT_EQ(state(), "inactive\ndisabled");
  take_back(*services, {made.record});
  EXPECT_EQ(state(), "active\nenabled");
  EXPECT_EQ(links(), before);
  shell(
      "rm /etc/systemd/system/sockets.target.wants/wtest.service; systemctl disable -q wtest; systemctl enable -q ssh");
}

TEST_F(ServiceOnHost, ManyAreSeenAtOnceInTheirOrder) {
  unit(sleeping);
  const Resource gone = service({{"running", true}}, "nosuch.timer");
  const Resource ssh = service({{"running", true}}, "sshd");
  const Resource ours = service({{"running", true}});
  const Resource* all[] = {&ours, &gone, &ssh, &ours};
  const auto seen = services->look(all, context);
  ASSERT_TRUE(seen);
  ASSERT_EQ(seen->size(), 4U);
  EXPECT_EQ(Value((*seen)[0].state)["running"], Value(false));
  EXPECT_FALSE((*seen)[1].exists);
  EXPECT_EQ(Value((*seen)[2].state)["running"], Value(true));
  EXPECT_EQ(Value((*seen)[2].state)["enabled"], Value(true));
  EXPECT_EQ((*seen)[3].state, (*seen)[0].state);
}

TEST_F(ServiceOnHost, RunsAgainWithItsOldConfigurationAfterARestart) {
  unit(sleeping + "\nEnvironment=V=old");
  shell("systemctl start wtest");
  unit(sleeping + "\nEnvironment=V=new", false);
  const Made made = told(*services, service({{"running", true}}), Action::restart);
  ASSERT_TRUE(made.result) << problem_of(made.result);
  EXPECT_EQ(property("Environment"), "V=new");
  const std::string during = property("InvocationID");
  unit(sleeping + "\nEnvironment=V=old", false);
  take_back(*services, {made.record});
  EXPECT_EQ(property("Environment"), "V=old");
  EXPECT_NE(property("InvocationID"), during);
  EXPECT_EQ(shell("tr '\\0' '\\n' </proc/$(systemctl show --value -p MainPID wtest)/environ | grep ^V="), "V=old");
}

TEST_F(ServiceOnHost, ThatWasNotRestartedIsLeftInPeace) {
  unit(sleeping);
  shell("systemctl start wtest");
  const std::string before = property("InvocationID");
  const Resource wanted = service({{"running", true}});
  Item item = look(*services, wanted);
  item.difference.action = Action::restart;
  const Item items[] = {item};
  const auto undo = services->prepare(items, context);
  ASSERT_TRUE(undo);
  take_back(*services, {{{wanted.id}, *undo, {}, {}}});
  EXPECT_EQ(property("InvocationID"), before);
}

TEST_F(ServiceOnHost, ReloadsOrElseRestarts) {
  unit(sleeping + "\nExecReload=/bin/touch /run/wtest-reloaded");
  shell("systemctl start wtest");
  const std::string before = property("InvocationID");
  const Made made = told(*services, service({{"running", true}}), Action::reload);
  ASSERT_TRUE(made.result) << problem_of(made.result);
  EXPECT_EQ(property("InvocationID"), before);
  EXPECT_EQ(shell("ls /run/wtest-reloaded; rm /run/wtest-reloaded"), "/run/wtest-reloaded");
  take_back(*services, {made.record});
  EXPECT_EQ(property("InvocationID"), before);
  EXPECT_EQ(shell("ls /run/wtest-reloaded; rm /run/wtest-reloaded"), "/run/wtest-reloaded");
  unit(sleeping);
  const Made again = told(*services, service({{"running", true}}), Action::reload);
  ASSERT_TRUE(again.result) << problem_of(again.result);
  EXPECT_NE(property("InvocationID"), before);
}

TEST_F(ServiceOnHost, StartedThenRestartedInOneTransactionIsStoppedAgain) {
  unit(sleeping);
  const Resource wanted = service({{"running", true}});
  const Made started = make(*services, wanted);
  const Made restarted = told(*services, wanted, Action::restart);
  ASSERT_TRUE(started.result && restarted.result);
  take_back(*services, {started.record, restarted.record});
  EXPECT_EQ(state(), "inactive\ndisabled");
}

TEST_F(ServiceOnHost, OfAnInitScriptIsEnabledAndTakenBack) {
  write("/etc/init.d/wscript",
        "#!/bin/sh\n### BEGIN INIT INFO\n# Provides: wscript\n# Required-Start:\n# Required-Stop:\n# Default-Start: 2 "
        "3 4 5\n"
        "# Default-Stop: 0 1 6\n# Short-Description: test\n### END INIT INFO\nexit 0\n");
  shell("chmod 755 /etc/init.d/wscript; systemctl daemon-reload");
  const std::string before = links();
  const Resource wanted = service({{"enabled", true}}, "wscript");
  const Item seen = look(*services, wanted);
  EXPECT_EQ(seen.difference.attributes.size(), 1U);
  const Made made = make(*services, wanted);
  ASSERT_TRUE(made.result) << problem_of(made.result);
  EXPECT_TRUE(holds(*services, wanted));
  EXPECT_NE(links(), before);
  take_back(*services, {made.record});
  EXPECT_EQ(links(), before);
  shell("rm /etc/init.d/wscript; systemctl daemon-reload");
}

TEST_F(ServiceOnHost, KilledAnywhereItIsAsBefore) {
  unit(sleeping + "\nExecStartPre=/bin/sleep 0.1");
  const std::string before = links();
  const Resource wanted = service({{"enabled", true}, {"running", true}});
  for (int ms = 0; ms <= 400; ms += 40) {
    const UndoRecord record = make_killed(*services, wanted, std::chrono::milliseconds(ms));
    ::usleep(30000);
    take_back(*services, {record});
    EXPECT_EQ(state(), "inactive\ndisabled") << "killed after " << ms << " ms";
    EXPECT_EQ(links(), before) << "killed after " << ms << " ms";
  }
}

}  // namespace
}  // namespace wright::agent
