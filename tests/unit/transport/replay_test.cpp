#include "transport/replay.hpp"

#include <gmock/gmock.h>

#include "model/protocol.hpp"

namespace wright {
namespace {

using namespace std::chrono_literals;

TEST(Replay, AnswersAsScriptedAndKeepsWhatItGot) {
  auto record = std::make_shared<Replay::Record>();
  Replay replay({{"status", {plain_message("one"), plain_message("two")}}, {"recover", {plain_message("three")}}},
                record);
  EXPECT_EQ(record->left, 2U);
  ASSERT_TRUE(replay.send(plain_message("status")));
  EXPECT_EQ(message_type(*replay.receive(0ms)), "one");
  EXPECT_EQ(message_type(*replay.receive(0ms)), "two");
  EXPECT_FALSE(replay.receive(0ms));
  ASSERT_TRUE(replay.send(plain_message("recover")));
  EXPECT_EQ(message_type(*replay.receive(0ms)), "three");
  EXPECT_EQ(record->left, 0U);
  EXPECT_THAT(record->sent, testing::ElementsAre(plain_message("status"), plain_message("recover")));
  replay.close();
  EXPECT_TRUE(record->closed);
}

TEST(Replay, RefusesWhatTheScriptDoesNotExpect) {
  Replay replay(std::vector<Exchange>{Exchange{"status", {}}});
  EXPECT_FALSE(replay.send(plain_message("apply")));
  EXPECT_TRUE(replay.send(plain_message("status")));
  EXPECT_FALSE(replay.send(plain_message("status")));
}

TEST(Replay, LosesTheConnectionWhereTheScriptSays) {
  Replay replay({{"apply", {plain_message("event")}, true}, {"finish", {}}});
  ASSERT_TRUE(replay.send(plain_message("apply")));
  EXPECT_TRUE(replay.receive(0ms));
  const auto lost = replay.receive(0ms);
  ASSERT_FALSE(lost);
  EXPECT_EQ(lost.error().items().front().fault, Fault::unreachable);
  EXPECT_FALSE(replay.send(plain_message("finish")));
}

}  // namespace
}  // namespace wright
