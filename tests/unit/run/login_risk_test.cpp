#include "run/login_risk.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "run/applying.hpp"
#include "unit/run/world.hpp"

namespace wright::testing {
namespace {

using ::testing::HasSubstr;

Change change_of(const std::string& kind, const std::string& name, Action action) {
  Change change;
  change.id = {kind, name};
  change.action = action;
  return change;
}

bool is_risk(const Change& change) {
  Plan plan;
  plan.changes = {creates("/etc/page"), change};
  const Change* found = login_risk(plan, "deploy");
  return found != nullptr && found->id == change.id;
}

TEST(LoginRisk, IsWhatSshdOrAFirewallMayDo) {
  for (const auto* unit : {"ssh", "ssh.service", "sshd", "ssh.socket", "nftables", "wright-firewall", "fail2ban"})
    for (const auto action : {Action::reload, Action::restart, Action::update, Action::remove})
      EXPECT_TRUE(is_risk(change_of("service", unit, action))) << unit << " " << name_of(action);
  for (const auto* path : {"/etc/ssh/sshd_config.d/60-wright.conf", "/etc/ssh", "/home/deploy/.ssh/authorized_keys",
                           "/etc/sudoers.d/deploy", "/etc/wright/firewall.nft"})
    for (const auto* kind : {"file", "directory", "symlink"})
      EXPECT_TRUE(is_risk(change_of(kind, path, Action::remove))) << kind << " " << path;
  EXPECT_TRUE(is_risk(change_of("package", "openssh-server", Action::update)));
  EXPECT_TRUE(is_risk(change_of("user", "deploy", Action::update)));
}

TEST(LoginRisk, IsNothingElse) {
  for (const auto* unit : {"nginx", "sshguard", "ssh.timer"})
    EXPECT_FALSE(is_risk(change_of("service", unit, Action::restart))) << unit;
  for (const auto* path : {"/etc/sshguard.conf", "/etc/nginx/nginx.conf", "/srv/ssh/x", "/srv/x.ssh"})
    EXPECT_FALSE(is_risk(change_of("file", path, Action::create))) << path;
  EXPECT_FALSE(is_risk(change_of("service", "ssh", Action::none)));
  EXPECT_FALSE(is_risk(change_of("package", "openssh-client", Action::update)));
  EXPECT_FALSE(is_risk(change_of("user", "shop", Action::create)));
}

Result<bool> yes(const std::vector<Plan>&, const Diagnostics&) { return true; }

/// A site of one host, whose component declares no login; and what left it, or is in it.
class LoginAtRisk : public ::testing::Test {
 protected:
  void at(const std::string& address, std::vector<Change> changes) {
    world.site("[site]\nname = \"t\"\n[hosts.web]\naddress = \"" + address + "\"\n[components.page]\n");
    world.host("web").changes = std::move(changes);
    world.host("web").logins = 0;
  }

  int code() {
    auto changed = wright::apply(world.run(), {}, yes);
    if (!changed) return exit_code(changed.error());
    problems = to_text(changed->problems);
    return exit_code(*changed, false, false);
  }

  static Change pruned_reload() {
    Change change = change_of("service", "ssh", Action::reload);
    change.components = {"base"};
    change.pruned = true;
    return change;
  }

  World world;
  std::string problems;
};

TEST_F(LoginAtRisk, IsAskedForBeforeTheCommit) {
  at("192.0.2.2", {pruned_reload()});
  EXPECT_EQ(code(), exit_ok);
  EXPECT_EQ(world.host("web").logins, 2);
}

TEST_F(LoginAtRisk, UndoesEverythingWhenItFails) {
  at("192.0.2.2", {pruned_reload()});
  world.host("web").lets_in_once = true;
  EXPECT_EQ(code(), exit_rolled_back);
  EXPECT_TRUE(world.was_told("web:finish rollback"));
  EXPECT_FALSE(world.was_told("web:finish commit"));
  EXPECT_THAT(problems, HasSubstr("web/base"));
  EXPECT_THAT(problems, HasSubstr("wright can log in anew"));
}

TEST_F(LoginAtRisk, IsNotAskedForWithoutARisk) {
  at("192.0.2.2", {creates("/etc/page")});
  EXPECT_EQ(code(), exit_ok);
  at("192.0.2.2", {});
  EXPECT_EQ(code(), exit_ok);
  EXPECT_EQ(world.host("web").logins, 1);
}

TEST_F(LoginAtRisk, IsAskedForOnceWhenAPluginDeclaresItToo) {
  world.evaluate = [](const Evaluation& e) -> Result<Declared> {
    Declared declared;
    Probe probe;
    probe.kind = "login";
    probe.name = "wright can log in anew";
    probe.component = e.component;
    probe.from = "controller";
    declared.probes.push_back(probe);
    return declared;
  };
  at("192.0.2.2", {pruned_reload()});
  EXPECT_EQ(code(), exit_ok);
  EXPECT_EQ(world.host("web").logins, 2);
}

TEST_F(LoginAtRisk, IsNothingThatALocalHostHas) {
  at("local", {pruned_reload()});
  EXPECT_EQ(code(), exit_ok);
  EXPECT_EQ(world.host("web").logins, 1);
  for (const auto& event : world.events) EXPECT_NE(event.event, "probe");
}

}  // namespace
}  // namespace wright::testing
