#include "model/resource.hpp"

#include <gtest/gtest.h>

#include "unit/model/examples.hpp"

namespace wright {
namespace {

TEST(ResourceId, IsSplitAtTheFirstColon) {
  const auto id = parse_resource_id("command:a:b c");
  ASSERT_TRUE(id);
  EXPECT_EQ(id->kind, "command");
  EXPECT_EQ(id->name, "a:b c");
  EXPECT_EQ(to_string(*id), "command:a:b c");
  EXPECT_FALSE(parse_resource_id("file"));
  EXPECT_FALSE(parse_resource_id(""));
}

TEST(Resource, ComesBackWhole) {
  for (const auto& resource : {examples::config_file(), examples::password_file(), examples::service()}) {
    const auto back = resource_from(to_value(resource));
    ASSERT_TRUE(back) << to_text(back.error());
    EXPECT_EQ(*back, resource);
  }
}

TEST(Probe, ComesBackWhole) {
  const auto back = probe_from(to_value(examples::probe()));
  ASSERT_TRUE(back) << to_text(back.error());
  EXPECT_EQ(*back, examples::probe());
}

TEST(Resource, TellsEveryFieldThatIsMissing) {
  const auto back = resource_from(Value::Map{});
  ASSERT_FALSE(back);
  EXPECT_GE(back.error().items().size(), 4U) << to_text(back.error());
}

TEST(Resource, NeedsEachOfItsFields) {
  const Value whole = to_value(examples::service());
  for (const auto& [key, value] : *whole.as_map()) {
    Value::Map wrong = *whole.as_map();
    wrong[key] = 3.5;
    EXPECT_FALSE(resource_from(wrong)) << key;
  }
}

}  // namespace
}  // namespace wright
