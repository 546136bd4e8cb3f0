#include "site/toml_text.hpp"

#include <gmock/gmock.h>

#include "site/document.hpp"

namespace wright {
namespace {

Value read_back(const Value& value) {
  Problems problems("x");
  const Node table = parse_document("x = " + to_toml(value) + "\n", problems);
  EXPECT_TRUE(problems.empty()) << to_toml(value) << "\n" << to_text(problems.errors());
  return to_value(table)["x"];
}

TEST(ToToml, IsReadBackAsTheSameValue) {
  const Value values[] = {"",
                          "plain",
                          "quotes \" and \\ and 'these'",
                          std::string("\x01\x7F\t\r\n\x1F"),
                          "ключ €",
                          true,
                          false,
                          0,
                          -7,
                          INT64_MAX,
                          INT64_MIN,
                          0.5,
                          1.0,
                          -1e300,
                          1e-7,
                          100000000000000000000.0,
                          Value::List{},
                          Value::List{1, "a", Value::List{true}},
                          Value::Map{},
                          Value::Map{{"a", 1}, {"b c", "x"}, {"", 2}, {"quo\"te", Value::Map{{"x.y", 0.25}}}}};
  for (const auto& value : values) EXPECT_EQ(read_back(value), value) << to_toml(value);
}

TEST(ToToml, EscapesWhatNoSiteFileMayHold) {
  EXPECT_EQ(to_toml("a\x1b\x7f\xC2\x9b\xE2\x80\xAE\xE2\x81\xA6z"), "\"a\\u001b\\u007f\\u009b\\u202e\\u2066z\"");
  const Value kept = "\xC2\xA0\xE2\x80\xAF\xE2\x81\xAA\xE2\x80";  // neighbours, and one cut off
  EXPECT_EQ(to_toml(kept), "\"" + *kept.as_string() + "\"");
  EXPECT_EQ(read_back("\xE2\x80\xAE\xE2\x81\xA9"), Value("\xE2\x80\xAE\xE2\x81\xA9"));
}

TEST(ToToml, NeverShowsASecret) { EXPECT_EQ(to_toml(Value::List{Secret("hidden")}), "[(secret)]"); }

}  // namespace
}  // namespace wright
