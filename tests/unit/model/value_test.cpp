#include "model/value.hpp"

#include <gmock/gmock.h>

namespace wright {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

TEST(Value, GivesWhatItHoldsAndNothingElse) {
  const Value map = Value::Map{{"text", "x"}, {"integer", 7}, {"yes", true}, {"secret", Secret("s")}};
  EXPECT_EQ(map["text"].text_or("other"), "x");
  EXPECT_EQ(map["secret"].text_or("other"), "s");
  EXPECT_EQ(map["integer"].text_or("other"), "other");
  EXPECT_EQ(map["integer"].int_or(1), 7);
  EXPECT_EQ(map["text"].int_or(1), 1);
  EXPECT_TRUE(map["yes"].bool_or(false));
  EXPECT_FALSE(map["integer"].bool_or(false));
  EXPECT_TRUE(map["none"].is_null());
  EXPECT_TRUE(Value(1)["none"].is_null());
  EXPECT_TRUE(map["none"]["deeper"].is_null());
}

TEST(Value, ATextIsNoBoolean) {
  // A char pointer would turn into a bool all by itself.
  EXPECT_NE(Value("x").as_string(), nullptr);
  const char* text = "y";
  EXPECT_NE(Value(text).as_string(), nullptr);
}

TEST(Value, ListsStrings) {
  EXPECT_THAT(Value(std::vector<std::string>{"a", "b"}).strings(), ElementsAre("a", "b"));
  EXPECT_THAT(Value(Value::List{"a", 1, "b"}).strings(), ElementsAre("a", "b"));
  EXPECT_THAT(Value("a").strings(), IsEmpty());
}

TEST(Value, KnowsASecretAtAnyDepth) {
  EXPECT_TRUE(Value(Secret("x")).has_secret());
  EXPECT_TRUE(Value(Value::List{1, Value::Map{{"a", Value::List{Secret("x")}}}}).has_secret());
  EXPECT_FALSE(Value(Value::List{1, Value::Map{{"a", "x"}}}).has_secret());
}

TEST(Value, NamesItsType) {
  EXPECT_EQ(Value().type_name(), "null");
  EXPECT_EQ(Value(false).type_name(), "boolean");
  EXPECT_EQ(Value(1).type_name(), "integer");
  EXPECT_EQ(Value(1.5).type_name(), "number");
  EXPECT_EQ(Value("x").type_name(), "string");
  EXPECT_EQ(Value(Secret("x")).type_name(), "secret");
  EXPECT_EQ(Value(Value::List{}).type_name(), "list");
  EXPECT_EQ(Value(Value::Map{}).type_name(), "table");
}

TEST(Value, DiffersByTypeAndContent) {
  EXPECT_FALSE(Value(1) == Value(1.0));
  EXPECT_FALSE(Value("x") == Value(Secret("x")));
  EXPECT_FALSE(Value() == Value(false));
  EXPECT_TRUE(Value(Value::Map{{"a", 1}}) == Value(Value::Map{{"a", 1}}));
}

}  // namespace
}  // namespace wright
