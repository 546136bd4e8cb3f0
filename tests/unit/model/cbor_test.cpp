#include <gtest/gtest.h>

#include <limits>

#include "model/encoding.hpp"
#include "unit/model/examples.hpp"

namespace wright {
namespace {

using namespace std::string_literals;

Value through(const Value& value) {
  auto back = from_cbor(to_cbor(value));
  EXPECT_TRUE(back) << to_text(back.error());
  return back.value_or(Value("lost"));
}

TEST(Cbor, BringsBackEveryTypeAndEdge) {
  const Value values[] = {Value(),
                          true,
                          false,
                          0,
                          -1,
                          23,
                          24,
                          255,
                          256,
                          65535,
                          65536,
                          std::numeric_limits<std::int64_t>::max(),
                          std::numeric_limits<std::int64_t>::min(),
                          0.0,
                          -0.5,
                          1e300,
                          1.0,
                          "",
                          "text",
                          std::string(70000, 'x'),
                          "\0\xFF\xC0 no utf-8"s,
                          Secret(""),
                          Secret("hunter2"),
                          Secret(std::string(300, '\xFF')),
                          Value::List{},
                          Value::List(1000, Value(7)),
                          Value::Map{},
                          Value::Map{{"", 1}, {"a.b", Value::Map{{"list", Value::List{Value(), Secret("x")}}}}}};
  for (const auto& value : values) EXPECT_EQ(through(value), value) << value.type_name();
}

TEST(Cbor, KeepsIntegersAndNumbersApart) {
  EXPECT_NE(through(1.0).as_double(), nullptr);
  EXPECT_NE(through(1).as_int(), nullptr);
}

TEST(Cbor, KeepsSecretsAndTextsApart) {
  const Value back = through(Value::Map{{"open", "x"}, {"hidden", Secret("x")}});
  EXPECT_NE(back["open"].as_string(), nullptr);
  EXPECT_NE(back["hidden"].as_secret(), nullptr);
  EXPECT_NE(back["open"], back["hidden"]);
}

TEST(Cbor, EqualValuesHaveEqualBytes) {
  Value::Map one;
  one["b"] = 1;
  one["a"] = 2;
  EXPECT_EQ(to_cbor(one), to_cbor(Value::Map{{"a", 2}, {"b", 1}}));
  EXPECT_EQ(to_cbor(to_value(examples::catalog())), to_cbor(to_value(examples::catalog())));
}

TEST(Cbor, HasTheBytesOfTheStandard) {
  // RFC 8949, appendix A.
  EXPECT_EQ(to_cbor(Value::Map{{"a", 1}, {"b", Value::List{2, 3}}}), "\xa2\x61\x61\x01\x61\x62\x82\x02\x03");
  EXPECT_EQ(to_cbor(Value(Secret("\x01\x02\x03\x04"))), "\x44\x01\x02\x03\x04");
  EXPECT_EQ(*from_cbor("\x3b\x7f\xff\xff\xff\xff\xff\xff\xff"), Value(std::numeric_limits<std::int64_t>::min()));
}

TEST(Cbor, TakesValuesUpToTheDepthItSays) {
  Value value = 1;
  for (int i = 0; i < 64; ++i) value = Value::List{std::move(value)};
  EXPECT_EQ(through(value), value);
  EXPECT_FALSE(from_cbor(to_cbor(Value::List{value})));
}

}  // namespace
}  // namespace wright
