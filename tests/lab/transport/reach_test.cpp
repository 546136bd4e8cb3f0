#include <algorithm>
#include <future>

#include "support.hpp"

namespace wright::lab {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;

/// A link that is cut is mended whatever comes of the test.
class Reach : public OnHost {
 protected:
  ~Reach() override {
    if (cut_) lab("mend host1");
  }
  void cut() {
    lab("cut host1");
    cut_ = true;
  }

 private:
  bool cut_ = false;
};

TEST_F(Reach, AClosedPortRefuses) {
  target_.port = 2;
  const auto one = refusal();
  EXPECT_EQ(one.fault, Fault::unreachable);
  EXPECT_THAT(one.what, HasSubstr("refuses"));
}

TEST_F(Reach, AnAddressWithoutAHostHasNoRoute) {
  target_.address.replace(target_.address.rfind('.'), std::string::npos, ".250");
  const auto one = refusal();
  EXPECT_EQ(one.fault, Fault::unreachable);
  EXPECT_THAT(one.what, HasSubstr("no route"));
}

TEST_F(Reach, AHostThatDoesNotAnswerTimesOut) {
  cut();
  target_.connect_timeout = 300ms;
  const auto one = refusal();
  EXPECT_EQ(one.fault, Fault::unreachable);
  EXPECT_THAT(one.what, HasSubstr("did not answer within 0.3 s"));
}

TEST_F(Reach, AnUnknownNameIsNoAddress) {
  target_.address = "no-such-host.invalid";
  const auto one = refusal();
  EXPECT_EQ(one.fault, Fault::unreachable);
  EXPECT_THAT(one.what, HasSubstr("no-such-host.invalid"));
}

TEST_F(Reach, AServerThatIsStoppedLosesTheConversation) {
  const auto connection = connected();
  ASSERT_TRUE(connection);
  on_host("pkill -KILL sshd; systemctl restart ssh");
  const auto nothing = connection->receive(60s);
  ASSERT_FALSE(nothing);
  EXPECT_EQ(nothing.error().items().front().fault, Fault::unreachable);
  EXPECT_THAT(to_text(nothing.error()), HasSubstr("lost the connection"));
}

// The figure is the promise (B1), not a measurement.
TEST_F(Reach, ACutLinkIsNoticedWithinThirtySeconds) {
  const auto waiting = connected();
  const auto sending = connected();
  ASSERT_TRUE(waiting && sending);
  cut();
  const auto begin = std::chrono::steady_clock::now();
  auto received = std::async(std::launch::async, [&] { return waiting->receive(120s); });
  Result<> sent;
  while (sent) sent = sending->send(Value::Map{{"type", "echo"}, {"text", std::string(1U << 20U, 'x')}});
  const auto sender_noticed = std::chrono::steady_clock::now() - begin;
  const auto nothing = received.get();
  const auto receiver_noticed = std::chrono::steady_clock::now() - begin;
  EXPECT_LT(sender_noticed, 30s);
  EXPECT_LT(receiver_noticed, 30s);
  EXPECT_EQ(sent.error().items().front().fault, Fault::unreachable);
  ASSERT_FALSE(nothing);
  EXPECT_EQ(nothing.error().items().front().fault, Fault::unreachable);
}

TEST_F(Reach, ASmallMessageBesideABlockedReceiveGoesAtOnce) {
  const auto connection = connected();
  ASSERT_TRUE(connection);
  auto answer = std::async(std::launch::async, [&] { return connection->receive(60s); });
  ASSERT_TRUE(connection->send(Value::Map{{"type", "echo"}, {"number", 1}}));
  EXPECT_TRUE(answer.get());
}

TEST_F(Reach, ManyConversationsAtOnceDoNotMix) {
  std::vector<std::future<bool>> all;
  for (int i = 0; i < 8; ++i)
    all.push_back(std::async(std::launch::async, [this, i] {
      const auto connection = connected();
      for (int k = 0; connection && k < 50; ++k)
        if (ask(*connection, {{"type", "echo"}, {"number", i}})["number"].int_or(-1) != i) return false;
      return connection != nullptr;
    }));
  EXPECT_EQ(std::count_if(all.begin(), all.end(), [](auto& one) { return one.get(); }), 8);
}

}  // namespace
}  // namespace wright::lab
