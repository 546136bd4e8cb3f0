#include "agent/probes/bson.hpp"

#include <gtest/gtest.h>

namespace wright::agent {
namespace {

using namespace std::string_literals;

// The two examples of bsonspec.org.
const std::string hello = "\x16\x00\x00\x00\x02hello\x00\x06\x00\x00\x00world\x00\x00"s;
const std::string awesome =
    "\x31\x00\x00\x00\x04"
    "BSON\x00\x26\x00\x00\x00\x02"
    "0\x00\x08\x00\x00\x00"
    "awesome\x00\x01"
    "1\x00\x33\x33\x33\x33\x33\x33\x14\x40\x10"
    "2\x00\xc2\x07\x00\x00\x00\x00"s;

TEST(Bson, WritesTheSpecificationsExample) { EXPECT_EQ(Bson().text("hello", "world").bytes(), hello); }

TEST(Bson, ReadsTheSpecificationsExamples) {
  EXPECT_EQ(from_bson(hello), Value(Value::Map{{"hello", "world"}}));
  EXPECT_EQ(from_bson(awesome), Value(Value::Map{{"BSON", Value::List{"awesome", 5.05, 1986}}}));
}

TEST(Bson, ReadsWhatItWrites) {
  const std::string bytes = Bson()
                                .integer("ping", -2)
                                .boolean("yes", true)
                                .boolean("no", false)
                                .binary("raw", "a\0b"s)
                                .document("inside", Bson().text("x", "\u00fc"))
                                .list("many", {Bson().integer("n", 1), Bson()})
                                .texts("names", {"a", "b"})
                                .bytes();
  EXPECT_EQ(from_bson(bytes), Value(Value::Map{{"ping", -2},
                                               {"yes", true},
                                               {"no", false},
                                               {"raw", "a\0b"s},
                                               {"inside", Value::Map{{"x", "\u00fc"}}},
                                               {"many", Value::List{Value::Map{{"n", 1}}, Value::Map{}}},
                                               {"names", Value::List{"a", "b"}}}));
}

TEST(Bson, EveryCutOffDocumentIsNone) {
  for (const auto& whole : {hello, awesome}) {
    for (std::size_t size = 0; size < whole.size(); ++size) EXPECT_FALSE(from_bson(whole.substr(0, size))) << size;
    EXPECT_FALSE(from_bson(whole + '\0'));
  }
}

TEST(Bson, SizesThatLieAreRefused) {
  auto text = hello;
  text[11] = '\x7f';  // the text's own size
  EXPECT_FALSE(from_bson(text));
  text[11] = '\0';
  EXPECT_FALSE(from_bson(text));
}

TEST(Bson, DeepNestingIsRefused) {
  Bson deep;
  for (int i = 0; i < 40; ++i) deep = Bson().document("d", deep);
  EXPECT_FALSE(from_bson(deep.bytes()));
}

}  // namespace
}  // namespace wright::agent
