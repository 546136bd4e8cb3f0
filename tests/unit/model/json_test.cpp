#include <gmock/gmock.h>

#include <limits>

#include "model/encoding.hpp"

namespace wright {
namespace {

TEST(Json, IsOneLineOrIndented) {
  const Value value = Value::Map{{"a", Value::List{1, 2.5, true, Value()}}, {"b", "x\n\"y\""}};
  EXPECT_EQ(to_json(value), R"({"a":[1,2.5,true,null],"b":"x\n\"y\""})");
  EXPECT_EQ(to_json(Value::Map{{"a", 1}}, 2), "{\n  \"a\": 1\n}");
}

TEST(Json, NeverShowsASecret) {
  const Value value = Value::Map{{"a", Secret("hunter2")}, {"b", Value::List{Secret("x")}}};
  EXPECT_EQ(to_json(value), R"json({"a":"(secret)","b":["(secret)"]})json");
}

TEST(Json, ReplacesWhatIsNoUtf8) { EXPECT_EQ(to_json(Value("a\xFFz")), "\"a\xEF\xBF\xBDz\""); }

TEST(Json, EscapesControlCharacters) { EXPECT_EQ(to_json(Value("\x1b[2J")), "\"\\u001b[2J\""); }

TEST(Json, IsReadBack) {
  const Value value = Value::Map{{"a", Value::List{1, -2.5, true, Value(), "ключ"}}, {"b", Value::Map{}}};
  EXPECT_EQ(from_json(to_json(value)).value_or(Value("lost")), value);
  EXPECT_EQ(from_json("-0").value_or(Value("lost")), Value(0));
  EXPECT_EQ(from_json("9223372036854775807").value_or(Value()), Value(std::numeric_limits<std::int64_t>::max()));
}

TEST(Json, RefusesWhatIsNone) {
  for (const char* text : {"", "{", "[1,]", "nul", "{\"a\":1,\"a\":2}", "18446744073709551615", "1 2", "'a'", "1e999"})
    EXPECT_FALSE(from_json(text)) << text;
  EXPECT_FALSE(from_json(std::string(100'000, '[')));
}

}  // namespace
}  // namespace wright
