#include "transport/framed.hpp"

#include <gmock/gmock.h>
#include <sys/eventfd.h>
#include <sys/socket.h>

#include <atomic>
#include <future>
#include <thread>

#include "transport/fd_stream.hpp"

namespace wright {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;

/// A connection and the other end of its socket, for a test to misbehave with.
struct Pair {
  Pair() {
    int fds[2];
    EXPECT_EQ(::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, fds), 0);
    peer = Descriptor(fds[1]);
    connection = std::make_unique<FramedConnection>("web1", std::make_unique<FdStream>(Descriptor(fds[0])));
  }
  void say(std::string_view bytes) const {
    while (!bytes.empty()) {
      const ssize_t took = ::send(peer.get(), bytes.data(), bytes.size(), MSG_NOSIGNAL);
      if (took <= 0) return;
      bytes.remove_prefix(static_cast<std::size_t>(took));
    }
  }
  Descriptor peer;
  std::unique_ptr<FramedConnection> connection;
};

/// Always ready to be read, and never with anything to read: what a link does between its end and the news of it.
class ReadyForNothing final : public ByteStream {
 public:
  explicit ReadyForNothing(bool open) : open_(open), ready_(::eventfd(1, EFD_CLOEXEC)) {}
  Io<std::size_t> write(std::string_view) override { return 0; }
  Io<bool> flush() override { return false; }
  Io<bool> read(std::string&) override { return open_; }
  void read_errors(std::string&) override {}
  bool holds_input() override { return false; }
  void end_input() override {}
  void watch(std::vector<pollfd>& descriptors, bool) override { descriptors.push_back({ready_.get(), POLLIN, 0}); }
  std::optional<Ending> ending() override { return std::nullopt; }

 private:
  bool open_;
  Descriptor ready_;
};

const Value hello = Value::Map{{"type", "hello"}};

TEST(Preamble, MayBeSplitAnywhereAndFollowAlmostItself) {
  const std::string bytes = std::string(agent_preamble.substr(0, 15)) + std::string(agent_preamble) + frame(hello);
  for (std::size_t at = 0; at <= bytes.size(); ++at) {
    const Pair pair;
    pair.say(std::string_view(bytes).substr(0, at));
    auto rest = std::async(std::launch::async, [&] { pair.say(std::string_view(bytes).substr(at)); });
    ASSERT_TRUE(pair.connection->skip_to_preamble(after(20s))) << at;
    EXPECT_EQ(pair.connection->receive(20s).value(), hello) << at;
  }
}

TEST(Preamble, EndlessNoiseIsCutOff) {
  Pair pair;
  auto noise = std::async(std::launch::async, [&] { pair.say(std::string(64U << 20U, '#')); });
  const auto greeted = pair.connection->skip_to_preamble(after(60s));
  ASSERT_FALSE(greeted);
  EXPECT_EQ(greeted.error().reason, NoPreamble::Reason::noise);
  EXPECT_LE(greeted.error().said.size(), kept_errors);
  pair.connection.reset();  // ends the noise
}

TEST(Preamble, ATrickleOfNoiseDoesNotMoveTheDeadline) {
  Pair pair;
  std::atomic<bool> done{false};
  auto drip = std::async(std::launch::async, [&] {
    while (!done) {
      pair.say(".");
      std::this_thread::sleep_for(5ms);
    }
  });
  const auto greeted = pair.connection->skip_to_preamble(after(100ms));
  done = true;
  ASSERT_FALSE(greeted);
  EXPECT_EQ(greeted.error().reason, NoPreamble::Reason::silent);
}

TEST(Preamble, AnEndBeforeItTellsWhatWasSaid) {
  Pair pair;
  pair.say("This account is currently not available.\n");
  pair.peer.reset();
  const auto greeted = pair.connection->skip_to_preamble(after(20s));
  ASSERT_FALSE(greeted);
  EXPECT_EQ(greeted.error().reason, NoPreamble::Reason::ended);
  EXPECT_THAT(greeted.error().said, HasSubstr("not available"));
}

TEST(Framed, ATrickleOfAFrameDoesNotMoveTheDeadline) {
  Pair pair;
  std::atomic<bool> done{false};
  pair.say(std::string_view("\0\0\x40\0", 4));
  auto drip = std::async(std::launch::async, [&] {
    while (!done) {
      pair.say("x");
      std::this_thread::sleep_for(5ms);
    }
  });
  const auto nothing = pair.connection->receive(100ms);
  done = true;
  ASSERT_FALSE(nothing);
  EXPECT_THAT(to_text(nothing.error()), HasSubstr("did not answer within 0.1 s"));
}

TEST(Framed, ALinkThatIsAlwaysReadyDoesNotMoveTheDeadline) {
  FramedConnection connection("web1", std::make_unique<ReadyForNothing>(true));
  EXPECT_THAT(to_text(connection.receive(50ms).error()), HasSubstr("did not answer within 0.05 s"));
  const auto greeted = connection.skip_to_preamble(after(50ms));
  ASSERT_FALSE(greeted);
  EXPECT_EQ(greeted.error().reason, NoPreamble::Reason::silent);
}

TEST(Framed, AnExitStatusThatNeverComesIsNotWaitedForLong) {
  FramedConnection connection("web1", std::make_unique<ReadyForNothing>(false));
  EXPECT_THAT(to_text(connection.receive(60s).error()), HasSubstr("the agent's output ended"));
}

TEST(Framed, WhatCameBeforeTheEndIsStillReceived) {
  Pair pair;
  pair.say(frame(hello) + frame(hello));
  pair.peer.reset();
  EXPECT_TRUE(pair.connection->receive(20s));
  EXPECT_TRUE(pair.connection->receive(20s));
  const auto nothing = pair.connection->receive(20s);
  ASSERT_FALSE(nothing);
  EXPECT_EQ(nothing.error().items().front().fault, Fault::unreachable);
}

TEST(Framed, ASendThatFailsLeavesWhatWasSaidToBeReceived) {
  Pair pair;
  pair.say(frame(hello));
  pair.peer.reset();
  while (pair.connection->send(hello)) {
  }
  EXPECT_EQ(pair.connection->receive(20s).value(), hello);
  EXPECT_FALSE(pair.connection->receive(20s));
}

TEST(Framed, AnOversizedFrameIsRefusedBeforeItsMemoryIsTaken) {
  Pair pair;
  pair.say("\x7f\xff\xff\xff");
  EXPECT_FALSE(pair.connection->receive(20s));
}

TEST(Framed, CloseEndsASendThatThePeerDoesNotTake) {
  Pair pair;
  auto sent = std::async(std::launch::async, [&] {
    return pair.connection->send(Value::Map{{"text", std::string(8U << 20U, 'x')}});
  });
  std::this_thread::sleep_for(20ms);
  pair.connection->close();
  EXPECT_FALSE(sent.get());
}

TEST(Framed, TheFirstBeatIsThereBeforeAnyMessage) {
  Pair pair;
  pair.connection->start_beats(1h);
  ASSERT_TRUE(pair.connection->send(Value::Map{{"text", "x"}}));
  char buffer[4];
  ASSERT_EQ(::recv(pair.peer.get(), buffer, sizeof buffer, MSG_WAITALL), 4);
  EXPECT_EQ(std::string_view(buffer, 4), beat);
}

TEST(Framed, BeatsComeWhileNobodySends) {
  Pair pair;
  pair.connection->start_beats(5ms);
  std::string came;
  char buffer[256];
  while (came.size() < 3 * beat.size()) {
    const ssize_t got = ::recv(pair.peer.get(), buffer, sizeof buffer, 0);
    ASSERT_GT(got, 0);
    came.append(buffer, static_cast<std::size_t>(got));
  }
  FrameReader reader;
  reader.feed(came);
  EXPECT_TRUE(reader.next().value().is_null());
  EXPECT_TRUE(reader.beating());
  pair.connection->close();
  ssize_t got = 1;
  while (got > 0) got = ::recv(pair.peer.get(), buffer, sizeof buffer, 0);
  EXPECT_EQ(got, 0);
}

}  // namespace
}  // namespace wright
