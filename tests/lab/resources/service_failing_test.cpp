#include "lab/resources/service_on_host.hpp"

namespace wright::agent {
namespace {

TEST_F(ServiceOnHost, ThatDoesNotStartSaysWhy) {
  unit("Type=oneshot\nExecStart=/bin/sh -c 'echo the port is taken by \\033[31mothers; exit 3'");
  const Made made = make(*services, service({{"running", true}}));
  const std::string problem = problem_of(made.result);
  EXPECT_NE(problem.find("the port is taken by"), std::string::npos) << problem;
  EXPECT_NE(problem.find("exit-code, status 3"), std::string::npos) << problem;
  EXPECT_EQ(problem.find('\033'), std::string::npos) << problem;
  take_back(*services, {made.record});
  EXPECT_EQ(state(), "inactive\ndisabled");
}

TEST_F(ServiceOnHost, ThatDiesSoonAfterItsStartDoesNotRun) {
  unit("ExecStart=/bin/sh -c 'sleep 0.3; echo out of memory; exit 1'");
  const Made made = make(*services, service({{"running", true}, {"stable_ms", 1000}}));
  const std::string problem = problem_of(made.result);
  EXPECT_NE(problem.find("did not stay up"), std::string::npos) << problem;
  EXPECT_NE(problem.find("out of memory"), std::string::npos) << problem;
  take_back(*services, {made.record});
}

TEST_F(ServiceOnHost, ThatSystemdKeepsRestartingDoesNotRun) {
  unit("Restart=always\nRestartSec=0\nExecStart=/bin/sh -c 'sleep 0.2; echo again; exit 1'");
  const Made made = make(*services, service({{"running", true}, {"stable_ms", 1500}}));
  const std::string problem = problem_of(made.result);
  EXPECT_NE(problem.find("did not stay up"), std::string::npos) << problem;
  take_back(*services, {made.record});
  EXPECT_EQ(state(), "inactive\ndisabled");
}

TEST_F(ServiceOnHost, ThatIsNotUpInTimeIsStopped) {
  unit("Type=notify\nExecStart=/bin/sleep infinity");
  const Made made = make(*services, service({{"running", true}, {"timeout_ms", 400}}));
  EXPECT_NE(problem_of(made.result).find("was not up in 400 ms"), std::string::npos) << problem_of(made.result);
  take_back(*services, {made.record});
  EXPECT_NE(property("ActiveState"), "activating");
}

TEST_F(ServiceOnHost, ThatFailsWithItsNewConfigurationRunsWithTheOld) {
  unit("ExecStart=/bin/sleep infinity");
  shell("systemctl start wtest");
  unit("ExecStart=/bin/false", false);
  const Made made = told(*services, service({{"running", true}}), Action::restart);
  EXPECT_FALSE(made.result);
  unit("ExecStart=/bin/sleep infinity", false);
  take_back(*services, {made.record});
  EXPECT_EQ(state(), "active\ndisabled");
}

TEST_F(ServiceOnHost, ThatWasFailingOverAndOverDoesSoAgain) {
  unit("Restart=always\nRestartSec=60\nExecStart=/bin/false");
  shell("systemctl start wtest; sleep 0.2");
  ASSERT_EQ(property("SubState"), "auto-restart");
  const Made made = make(*services, service({{"running", true}}));
  EXPECT_FALSE(made.result);
  take_back(*services, {made.record});
  EXPECT_EQ(property("SubState"), "auto-restart");
  shell("systemctl stop wtest");
}

TEST_F(ServiceOnHost, ThatIsMissingOrMaskedSaysSo) {
  const Made missing = make(*services, service({{"running", true}}, "wnone"));
  EXPECT_NE(problem_of(missing.result).find("no unit is named wnone.service"), std::string::npos)
      << problem_of(missing.result);
  take_back(*services, {missing.record});
  shell("systemctl mask -q wmasked.service");
  const Resource masked = service({{"running", true}, {"enabled", true}}, "wmasked");
  EXPECT_TRUE(look(*services, masked).difference.obstacle);
  const Made made = make(*services, masked);
  EXPECT_NE(problem_of(made.result).find("is masked"), std::string::npos) << problem_of(made.result);
  take_back(*services, {made.record});
  EXPECT_EQ(shell("systemctl is-enabled wmasked"), "masked");
  shell("systemctl unmask -q wmasked.service");
}

TEST_F(ServiceOnHost, WithoutAnInstallSectionCannotBeEnabled) {
  write("/etc/systemd/system/wtest.service", "[Service]\nExecStart=/bin/sleep infinity\n");
  shell("systemctl daemon-reload");
  const Made made = make(*services, service({{"enabled", true}}));
  EXPECT_NE(problem_of(made.result).find("no [Install] section"), std::string::npos) << problem_of(made.result);
  take_back(*services, {made.record});
}

TEST_F(ServiceOnHost, WhoseFileIsNewIsFound) {
  shell("systemctl status wtest");  // so that systemd knows that there is none
  unit("ExecStart=/bin/sleep infinity", false);
  const Made made = make(*services, service({{"running", true}}));
  ASSERT_TRUE(made.result) << problem_of(made.result);
  take_back(*services, {made.record});
}

TEST_F(ServiceOnHost, NamesThatAreNoneAreRefused) {
  for (const char* name : {"-x", "a b", "a@", "*", "", "../x"}) {
    const Resource resource = service({{"running", true}}, name);
    const Resource* one[] = {&resource};
    EXPECT_FALSE(services->look(one, context)) << name;
  }
}

}  // namespace
}  // namespace wright::agent
