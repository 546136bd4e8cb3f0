#include "agent/packages/service_policy.hpp"

#include <gmock/gmock.h>

#include <cstdio>
#include <filesystem>
#include <fstream>

#include "agent/process/process.hpp"

namespace wright::agent::packages {
namespace {

/// What the script says to `policy-rc.d arguments...`, asked by a real shell.
int answer(const std::string& script, const std::vector<std::string>& arguments) {
  char name[] = "/tmp/wright-policy-XXXXXX";
  const std::string folder = mkdtemp(name);
  std::ofstream(folder + "/policy") << script;
  Command asking;
  asking.argv = {"/bin/sh", folder + "/policy"};
  asking.argv.insert(asking.argv.end(), arguments.begin(), arguments.end());
  const auto finished = run(asking, Context());
  std::filesystem::remove_all(folder);
  return finished ? finished->exit_code : -1;
}

TEST(ServicePolicy, HoldsBackStartsButNotStops) {
  const std::string script = policy_script({}, {});
  EXPECT_EQ(answer(script, {"nginx", "start", "2"}), 101);
  EXPECT_EQ(answer(script, {"--quiet", "nginx.service", "restart"}), 101);
  EXPECT_EQ(answer(script, {"nginx", "stop", "0"}), 0);
  EXPECT_EQ(answer(script, {"nginx", "reload"}), 0);
  EXPECT_EQ(answer(script, {}), 0);
}

TEST(ServicePolicy, WhatRunsGoesOn) {
  const std::string script = policy_script({"ssh", "getty@tty1", "dbus.socket"}, {});
  EXPECT_EQ(answer(script, {"ssh.service", "restart"}), 0);
  EXPECT_EQ(answer(script, {"ssh", "restart"}), 0);
  EXPECT_EQ(answer(script, {"dbus.socket", "start"}), 0);
  EXPECT_EQ(answer(script, {"ssh-agent", "start"}), 101);
  EXPECT_EQ(answer(script, {"logrotate.timer", "start"}), 0);
}

TEST(ServicePolicy, AsksTheOneThatWasThere) {
  const std::string script = policy_script({"ssh"}, "/bin/false");
  EXPECT_EQ(answer(script, {"ssh", "restart"}), 1);
  EXPECT_EQ(answer(script, {"nginx", "start"}), 101);
}

}  // namespace
}  // namespace wright::agent::packages
