#include "support.hpp"

#include <algorithm>
#include <thread>

namespace wright::lab {
namespace {

using testing::HasSubstr;

class AgentOnHost : public OnHost {
 protected:
  [[nodiscard]] std::string stored() const { return "/var/lib/wright/agent/" + agent_.sha256 + "/wright-agent"; }
  void expect_talk() const {
    const auto connection = connected();
    ASSERT_TRUE(connection);
    EXPECT_EQ(ask(*connection, {{"type", "echo"}, {"number", 42}})["number"].int_or(0), 42);
  }
};

TEST_F(AgentOnHost, IsStoredForRootAloneAndStartedAgainFromThere) {
  on_host("rm -rf /var/lib/wright");
  expect_talk();
  EXPECT_EQ(on_host("stat -c %U:%a /var/lib/wright /var/lib/wright/agent " + stored()), "root:700\nroot:700\nroot:700");
  EXPECT_THAT(on_host("sha256sum " + stored()), HasSubstr(agent_.sha256));
  const std::string before = on_host("stat -c %i:%Z " + stored());
  expect_talk();
  EXPECT_EQ(on_host("stat -c %i:%Z " + stored()), before);
  EXPECT_EQ(on_host("ls -A /var/lib/wright/agent/" + agent_.sha256), "verified\nwright-agent");
}

TEST_F(AgentOnHost, IsStoredAnewWhenItWasTamperedWith) {
  expect_talk();
  for (const std::string damage :
       {"printf x | dd of=F bs=1 seek=5000 conv=notrunc", "truncate -s 1000 F", "cp /bin/true F", "chmod 0755 F",
        "rm F", "rm F; ln -s /bin/true F", "chown daemon F", "chmod 0755 /var/lib/wright"}) {
    std::string script = damage;
    for (auto at = script.find('F'); at != std::string::npos; at = script.find('F')) script.replace(at, 1, stored());
    on_host(script + " 2>&1");
    expect_talk();
    EXPECT_THAT(on_host("sha256sum " + stored()), HasSubstr(agent_.sha256)) << damage;
    EXPECT_EQ(on_host("stat -c %F:%U:%a " + stored()), "regular file:root:700") << damage;
    EXPECT_EQ(on_host("stat -c %a /var/lib/wright"), "700") << damage;
  }
}

TEST_F(AgentOnHost, ANoteOfACheckIsNotBelievedForAnotherFile) {
  expect_talk();
  on_host("cp -p " + stored() + " /root/kept; printf x | dd of=" + stored() +
          " bs=1 seek=5000 conv=notrunc 2>&1; touch -r /root/kept " + stored());
  expect_talk();
  EXPECT_THAT(on_host("sha256sum " + stored()), HasSubstr(agent_.sha256));
}

TEST_F(AgentOnHost, AFolderOfSomebodyElseIsRefused) {
  on_host("rm -rf /var/lib/wright; mkdir -m 700 /var/lib/wright; chown daemon /var/lib/wright");
  EXPECT_THAT(refusal().next, HasSubstr("/var/lib/wright"));
  on_host("rm -rf /var/lib/wright; mkdir -m 700 /root/elsewhere; ln -s /root/elsewhere /var/lib/wright");
  EXPECT_EQ(refusal().fault, Fault::failed);
  on_host("rm -rf /var/lib/wright");
}

TEST_F(AgentOnHost, AFullDiskIsSaidAndLeavesNothing) {
  on_host(
      "rm -rf /var/lib/wright; mkdir -m 700 /var/lib/wright; mount -t tmpfs -o size=1m,mode=700 none /var/lib/wright");
  const auto one = refusal();
  EXPECT_EQ(one.fault, Fault::failed);
  EXPECT_THAT(one.why, HasSubstr("No space left"));
  EXPECT_EQ(on_host("ls -A /var/lib/wright/agent/*"), "");
  on_host("umount /var/lib/wright; rm -rf /var/lib/wright");
}

TEST_F(AgentOnHost, OlderOnesGoExceptTheNewestTwo) {
  on_host("rm -rf /var/lib/wright");
  std::vector<std::string> hashes;
  for (int i = 1; i <= 5; ++i) {
    agent_ = agent_with(folder_, std::string(static_cast<std::size_t>(i), '#'));
    hashes.push_back(agent_.sha256);
    expect_talk();
  }
  std::sort(hashes.begin() + 2, hashes.end());
  EXPECT_EQ(on_host("LC_ALL=C ls /var/lib/wright/agent"), hashes[2] + "\n" + hashes[3] + "\n" + hashes[4]);
}

TEST_F(AgentOnHost, AFileThatIsNotWhatItsHashSaysIsNotRun) {
  agent_.sha256 = std::string(64, 'a');
  const auto one = refusal();
  EXPECT_THAT(one.what, HasSubstr("damaged"));
  EXPECT_EQ(on_host("ls -A /var/lib/wright/agent/" + agent_.sha256), "");
}

TEST_F(AgentOnHost, ItsEndIsSaidWithItsLastWords) {
  const auto connection = connected();
  ASSERT_TRUE(connection);
  ASSERT_TRUE(connection->send(Value::Map{{"type", "complain"}, {"text", "no more"}}));
  ASSERT_TRUE(connection->send(Value::Map{{"type", "exit"}, {"number", 7}}));
  const auto nothing = connection->receive(std::chrono::seconds(30));
  ASSERT_FALSE(nothing);
  EXPECT_THAT(to_text(nothing.error()), HasSubstr("exit status 7"));
  EXPECT_THAT(to_text(nothing.error()), HasSubstr("no more"));
}

// sshd reports the end of the output and the exit status one after the other, and anything may lie in between.
TEST_F(AgentOnHost, ItsExitStatusMayComeLongAfterTheEndOfItsOutput) {
  const auto connection = connected();
  ASSERT_TRUE(connection);
  ASSERT_TRUE(connection->send(Value::Map{{"type", "linger"}, {"number", 7}}));
  const auto nothing = connection->receive(std::chrono::seconds(30));
  ASSERT_FALSE(nothing);
  EXPECT_THAT(to_text(nothing.error()), HasSubstr("exit status 7"));
}

TEST_F(AgentOnHost, AKilledOneIsNamedBySignal) {
  const auto connection = connected();
  ASSERT_TRUE(connection);
  ASSERT_TRUE(connection->send(Value::Map{{"type", "die"}}));
  const auto nothing = connection->receive(std::chrono::seconds(30));
  ASSERT_FALSE(nothing);
  EXPECT_THAT(to_text(nothing.error()), testing::AnyOf(HasSubstr("signal KILL"), HasSubstr("exit status 137")));
}

TEST_F(AgentOnHost, LargeMessagesGoBothWaysAndBeatsReachIt) {
  const auto connection = connected();
  ASSERT_TRUE(connection);
  const std::string text(12U << 20U, 'x');
  EXPECT_EQ(ask(*connection, {{"type", "echo"}, {"text", text}})["text"].text_or(""), text);
  while (!ask(*connection, {{"type", "beating"}})["beating"].bool_or(false))
    std::this_thread::sleep_for(std::chrono::milliseconds(200));
}

TEST_F(AgentOnHost, CloseLetsItSpeakToTheEnd) {
  const auto connection = connected();
  ASSERT_TRUE(connection);
  connection->close();
  const auto last = connection->receive(std::chrono::seconds(30));
  ASSERT_TRUE(last) << to_text(last.error());
  EXPECT_EQ((*last)["type"].text_or(""), "end of input");
}

}  // namespace
}  // namespace wright::lab
