#include "unit/agent_resources/support.hpp"

namespace wright::agent {
namespace {

class SysctlTest : public ResourceTest {
 protected:
  std::unique_ptr<Kind> settings = make_sysctl_kind(path("proc"));

  static Resource setting(const std::string& name, const std::string& value) {
    return resource("sysctl", name, {{"value", value}});
  }
};

TEST_F(SysctlTest, IsSetAndTakenBack) {
  write("proc/net/core/somaxconn", "4096\n");
  const Resource wanted = setting("net.core.somaxconn", "8192");
  const Item item = look(*settings, wanted);
  EXPECT_EQ(item.difference.action, Action::update);
  EXPECT_EQ(item.difference.attributes.at(0).before.text_or(""), "4096");
  const Made made = make(*settings, wanted);
  ASSERT_TRUE(made.result) << problem_of(made.result);
  EXPECT_EQ(read("proc/net/core/somaxconn"), "8192\n");
  EXPECT_EQ(look(*settings, wanted).difference.action, Action::none);
  expect_undone(*settings, made);
  EXPECT_EQ(read("proc/net/core/somaxconn"), "4096\n");
  expect_undone(*settings, made);
  EXPECT_EQ(read("proc/net/core/somaxconn"), "4096\n");
}

TEST_F(SysctlTest, TabsBetweenNumbersAreNoDifference) {
  write("proc/net/ipv4/tcp_rmem", "4096\t131072\t6291456\n");
  EXPECT_EQ(look(*settings, setting("net.ipv4.tcp_rmem", "4096 131072  6291456")).difference.action, Action::none);
  EXPECT_EQ(look(*settings, setting("net.ipv4.tcp_rmem", "4096 1310726291456")).difference.action, Action::update);
}

TEST_F(SysctlTest, APointInANameIsOneAfterASlash) {
  write("proc/net/ipv4/conf/eth0.7/forwarding", "0\n");
  EXPECT_EQ(look(*settings, setting("net/ipv4/conf/eth0.7/forwarding", "0")).difference.action, Action::none);
  EXPECT_EQ(look(*settings, setting("net.ipv4.conf.eth0/7.forwarding", "0")).difference.action, Action::none);
}

TEST_F(SysctlTest, OneThatTheKernelHasNotIsAnError) {
  write("proc/net/core/somaxconn", "4096\n");
  const Resource wanted = setting("net.core.some_max_con", "1");
  EXPECT_EQ(look(*settings, wanted).difference.notes.size(), 1U);
  const Made made = make(*settings, wanted);
  ASSERT_FALSE(made.result);
  EXPECT_NE(problem_of(made.result).find("net.core.some_max_con"), std::string::npos);
  EXPECT_FALSE(exists("proc/net/core/some_max_con"));
  expect_undone(*settings, made);
}

}  // namespace
}  // namespace wright::agent
