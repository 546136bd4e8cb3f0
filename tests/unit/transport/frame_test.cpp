#include "transport/frame.hpp"

#include <gmock/gmock.h>

namespace wright {
namespace {

Value message(const std::string& text) { return Value(Value::Map{{"type", "hello"}, {"text", text}}); }

TEST(Frame, HasItsLengthInFourBytesFirst) {
  const std::string bytes = frame(message(std::string(70000, 'x')));
  const std::size_t length = bytes.size() - 4;
  EXPECT_EQ(bytes[0], 0);
  EXPECT_EQ(static_cast<unsigned char>(bytes[1]), length >> 16U);
  EXPECT_EQ(static_cast<unsigned char>(bytes[2]), length >> 8U & 0xffU);
  EXPECT_EQ(static_cast<unsigned char>(bytes[3]), length & 0xffU);
  EXPECT_EQ(*from_cbor(bytes.substr(4)), message(std::string(70000, 'x')));
}

TEST(Frame, IsReadWhereverItWasSplit) {
  const std::string bytes = frame(message("one")) + frame(message("two"));
  for (std::size_t at = 0; at <= bytes.size(); ++at) {
    FrameReader reader;
    std::vector<Value> read;
    for (const auto& part : {bytes.substr(0, at), bytes.substr(at)}) {
      reader.feed(part);
      for (auto next = reader.next(); next && !next->is_null(); next = reader.next()) read.push_back(*next);
    }
    EXPECT_THAT(read, testing::ElementsAre(message("one"), message("two"))) << "split at " << at;
    EXPECT_FALSE(reader.partial());
  }
}

TEST(Frame, ManyOfThemInOneFeedComeInOrder) {
  std::string bytes;
  for (int i = 0; i < 1000; ++i) bytes += frame(message(std::to_string(i)));
  FrameReader reader;
  reader.feed(bytes);
  for (int i = 0; i < 1000; ++i) ASSERT_EQ(reader.next().value(), message(std::to_string(i)));
  EXPECT_TRUE(reader.next().value().is_null());
}

TEST(Frame, UnfinishedOnesArePartial) {
  FrameReader reader;
  EXPECT_FALSE(reader.partial());
  const std::string bytes = frame(message("x"));
  reader.feed(bytes.substr(0, bytes.size() - 1));
  EXPECT_TRUE(reader.next().value().is_null());
  EXPECT_TRUE(reader.partial());
  reader.feed(bytes.substr(bytes.size() - 1));
  EXPECT_EQ(reader.next().value(), message("x"));
  EXPECT_FALSE(reader.partial());
}

TEST(Frame, AnOversizedLengthIsRefusedAtOnceAndForEver) {
  FrameReader reader;
  reader.feed(std::string_view("\x10\x00\x00\x01", 4));  // largest_frame + 1
  ASSERT_FALSE(reader.next());
  reader.feed(frame(message("too late")));
  EXPECT_FALSE(reader.next());
}

TEST(Frame, TheLargestLengthIsStillWaitedFor) {
  FrameReader reader;
  reader.feed(std::string_view("\x10\x00\x00\x00", 4));
  EXPECT_TRUE(reader.next().value().is_null());
}

TEST(Frame, GarbageIsRefusedForEver) {
  for (const auto& body : {std::string("\xff"), std::string("\xf6"), std::string("\xa1\x01\x02"), std::string("abc")}) {
    FrameReader reader;
    reader.feed(std::string("\0\0\0", 3) + static_cast<char>(body.size()) + body);
    EXPECT_FALSE(reader.next()) << testing::PrintToString(body);
    reader.feed(frame(message("too late")));
    EXPECT_FALSE(reader.next()) << testing::PrintToString(body);
  }
}

TEST(Frame, BeatsAreNoMessages) {
  FrameReader reader;
  EXPECT_FALSE(reader.beating());
  reader.feed(std::string(beat) + frame(message("x")) + std::string(beat) + std::string(beat));
  EXPECT_EQ(reader.next().value(), message("x"));
  EXPECT_TRUE(reader.beating());
  EXPECT_TRUE(reader.next().value().is_null());
  EXPECT_FALSE(reader.partial());
}

// Quadratic work on this much would take minutes and end in ctest's time-out.
TEST(Frame, LargeOnesInSmallPiecesAreReadInLinearTime) {
  const Value large = message(std::string(24U << 20U, 'x'));
  const std::string bytes = frame(large);
  FrameReader reader;
  for (std::size_t at = 0; at < bytes.size(); at += 64) {
    ASSERT_TRUE(reader.next().value().is_null());
    reader.feed(std::string_view(bytes).substr(at, 64));
  }
  EXPECT_EQ(reader.next().value(), large);

  std::string small;
  for (int i = 0; i < 200000; ++i) small += frame(message("x"));
  reader.feed(small);
  int read = 0;
  while (!reader.next().value().is_null()) {
    ++read;
    reader.feed("");
  }
  EXPECT_EQ(read, 200000);
}

}  // namespace
}  // namespace wright
