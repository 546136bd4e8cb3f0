#include "transport/local.hpp"

#include <gmock/gmock.h>

#include <future>

#include "model/protocol.hpp"
#include "transport/framed.hpp"

namespace wright {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;

Value message(const std::string& type, std::int64_t number = 0, const std::string& text = {}) {
  return Value::Map{{"type", type}, {"number", number}, {"text", text}};
}

Result<std::unique_ptr<Connection>> start(std::vector<std::string> arguments) {
  arguments.insert(arguments.begin(), FAKE_AGENT);
  return start_local("web1", arguments, 20s);
}

std::unique_ptr<Connection> serving() {
  auto connection = start({"serve"});
  EXPECT_TRUE(connection) << to_text(connection.error());
  return connection ? std::move(*connection) : nullptr;
}

const Diagnostic& first(const Diagnostics& all) { return all.items().front(); }

TEST(LocalAgent, AnswersInOrder) {
  auto agent = serving();
  for (int i = 0; i < 100; ++i) ASSERT_TRUE(agent->send(message("echo", i)));
  for (int i = 0; i < 100; ++i) ASSERT_EQ((*agent->receive(20s))["number"].int_or(-1), i);
}

TEST(LocalAgent, TakesAndGivesMessagesLargerThanAnyBuffer) {
  auto agent = serving();
  const Value large = message("echo", 0, std::string(10U << 20U, 'x'));
  auto answer = std::async(std::launch::async, [&] { return agent->receive(60s); });
  ASSERT_TRUE(agent->send(large));
  EXPECT_EQ(answer.get().value(), large);
}

TEST(LocalAgent, ManySendersBesideAReceiverMixNoFrames) {
  auto agent = serving();
  std::vector<std::future<void>> senders;
  for (int sender = 0; sender < 4; ++sender)
    senders.push_back(std::async(std::launch::async, [&agent, sender] {
      for (int i = 0; i < 50; ++i)
        EXPECT_TRUE(agent->send(message("echo", sender, std::string(static_cast<std::size_t>(i) * 1000, 'x'))));
    }));
  std::map<std::int64_t, std::size_t> got;
  for (int i = 0; i < 200; ++i) {
    const auto answer = agent->receive(30s);
    ASSERT_TRUE(answer) << to_text(answer.error());
    EXPECT_EQ((*answer)["text"].text_or("").size(), 1000 * got[(*answer)["number"].int_or(-1)]++);
  }
  for (auto& sender : senders) sender.get();
}

TEST(LocalAgent, SilenceIsUnreachableAndTheConversationGoesOn) {
  auto agent = serving();
  const auto nothing = agent->receive(20ms);
  ASSERT_FALSE(nothing);
  EXPECT_EQ(first(nothing.error()).fault, Fault::unreachable);
  EXPECT_THAT(first(nothing.error()).what, HasSubstr("within 0.02 s"));
  ASSERT_TRUE(agent->send(message("echo")));
  EXPECT_TRUE(agent->receive(20s));
}

TEST(LocalAgent, ItsEndSaysHowAndWhatItComplainedAbout) {
  auto agent = serving();
  ASSERT_TRUE(agent->send(message("complain", 0, "out of \x1b[31mluck\n")));
  ASSERT_TRUE(agent->send(message("exit", 7)));
  const auto nothing = agent->receive(20s);
  ASSERT_FALSE(nothing);
  EXPECT_EQ(first(nothing.error()).fault, Fault::unreachable);
  EXPECT_EQ(first(nothing.error()).where, "web1");
  EXPECT_THAT(first(nothing.error()).what, HasSubstr("exit status 7"));
  EXPECT_THAT(first(nothing.error()).why, HasSubstr("luck"));
  EXPECT_THAT(first(nothing.error()).why, testing::Not(HasSubstr("\x1b")));
  EXPECT_FALSE(agent->receive(20s));
}

TEST(LocalAgent, OnlyTheLastOfItsComplaintsIsKept) {
  auto agent = serving();
  ASSERT_TRUE(agent->send(message("complain", 0, "first" + std::string(100000, '.') + "last")));
  ASSERT_TRUE(agent->send(message("exit", 1)));
  const auto nothing = agent->receive(20s);
  ASSERT_FALSE(nothing);
  EXPECT_THAT(first(nothing.error()).why, HasSubstr("last"));
  EXPECT_LE(first(nothing.error()).why.size(), kept_errors);
}

TEST(LocalAgent, AKilledOneIsNamedBySignal) {
  auto agent = serving();
  ASSERT_TRUE(agent->send(message("die")));
  const auto nothing = agent->receive(20s);
  ASSERT_FALSE(nothing);
  EXPECT_THAT(first(nothing.error()).what, HasSubstr("signal KILL"));
  // Writing to it ends in an error, not in SIGPIPE.
  Result<> sent;
  for (int i = 0; i < 100 && sent; ++i) sent = agent->send(message("echo"));
  EXPECT_FALSE(sent);
}

TEST(LocalAgent, AFrameCutShortIsNoMessage) {
  auto agent = serving();
  ASSERT_TRUE(agent->send(message("raw", 0,
                                  std::string("\0\0\0\x09"
                                              "abc",
                                              7))));
  ASSERT_TRUE(agent->send(message("exit", 0)));
  const auto nothing = agent->receive(20s);
  ASSERT_FALSE(nothing);
  EXPECT_THAT(first(nothing.error()).what, HasSubstr("in the middle of a message"));
}

TEST(LocalAgent, GarbageEndsTheConversation) {
  auto agent = serving();
  ASSERT_TRUE(agent->send(message("raw", 0, "Segmentation fault")));
  EXPECT_FALSE(agent->receive(20s));
  ASSERT_TRUE(agent->send(message("echo")));
  EXPECT_FALSE(agent->receive(20s));
}

TEST(LocalAgent, AfterCloseItMayStillSpeakAndNothingMoreIsSent) {
  auto agent = serving();
  agent->close();
  const auto last = agent->receive(20s);
  ASSERT_TRUE(last) << to_text(last.error());
  EXPECT_EQ(message_type(*last), "end of input");
  EXPECT_FALSE(agent->send(message("echo")));
  EXPECT_FALSE(agent->receive(20s));
}

TEST(LocalAgent, LeadsItsOwnGroupSoThatAnInterruptIsForTheController) {
  auto agent = serving();
  ASSERT_TRUE(agent->send(message("group")));
  EXPECT_TRUE((*agent->receive(20s))["leads"].bool_or(false));
}

TEST(LocalAgent, NoiseBeforeThePreambleIsSkipped) {
  for (const char* size : {"1", "15", "16", "4096", "65000"}) {
    auto agent = start({"noise", size});
    ASSERT_TRUE(agent) << size << to_text(agent.error());
    ASSERT_TRUE((*agent)->send(message("echo", 5)));
    EXPECT_EQ((*(*agent)->receive(20s))["number"].int_or(0), 5);
  }
}

TEST(LocalAgent, TooMuchNoiseIsRefused) {
  const auto agent = start({"noise", "200000"});
  ASSERT_FALSE(agent);
  EXPECT_THAT(first(agent.error()).what, HasSubstr("64 KiB"));
}

TEST(LocalAgent, OneThatDoesNotStartSaysWhy) {
  const auto agent = start({"say", "no such thing", "5"});
  ASSERT_FALSE(agent);
  EXPECT_EQ(first(agent.error()).fault, Fault::failed);
  EXPECT_THAT(first(agent.error()).what, HasSubstr("exit status 5"));
  EXPECT_EQ(first(agent.error()).why, "no such thing");
}

TEST(LocalAgent, AMissingProgramIsNamed) {
  const auto agent = start_local("web1", {"/nonexistent/wright-agent", "serve"}, 20s);
  ASSERT_FALSE(agent);
  EXPECT_THAT(to_text(agent.error()), HasSubstr("/nonexistent/wright-agent"));
}

}  // namespace
}  // namespace wright
