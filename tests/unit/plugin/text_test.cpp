// The texts of the C++ layer. A program of its own: the SDK and core both have a wright::Secret, and are never in one.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <wright/render.hpp>

namespace wright {
namespace {

using ::testing::HasSubstr;

template <class Body>
std::string thrown_by(Body body) {
  try {
    body();
  } catch (const std::logic_error& e) {
    return e.what();
  }
  return "(nothing)";
}

TEST(Format, replaces_each_field_and_keeps_doubled_braces) {
  EXPECT_EQ(format("{}:{} {} {}", "host", 80, true, 0.5), "host:80 true 0.5");
  EXPECT_EQ(format("{{{}}}", std::string("x")), "{x}");
  EXPECT_EQ(format("no fields"), "no fields");
  EXPECT_EQ(format("{}", "{}"), "{}") << "arguments are not read as fields";
  EXPECT_EQ(format("{}{}", std::uint8_t{7}, 'c'), "7c");
}

TEST(Format, with_a_secret_is_one) { EXPECT_EQ(format_secret("{}:{}", "user", Secret("pass")).reveal(), "user:pass"); }

TEST(Render, replaces_names_and_nothing_else) {
  EXPECT_EQ(render("a {{x}} b { } {{y}}{{x}}", {{"x", "1"}, {"y", 2}}), "a 1 b { } 21");
  EXPECT_EQ(render("{{x}}", {{"x", "{{y}}"}}), "{{y}}") << "values are not read as templates";
  EXPECT_EQ(render("", {}), "");
}

TEST(Render, throws_at_names_that_do_not_match_and_at_secrets) {
  EXPECT_THAT(thrown_by([] { render("{{x}}", {}); }), HasSubstr("{{x}} has no value"));
  EXPECT_THAT(thrown_by([] { render("x", {{"y", 1}}); }), HasSubstr("the value y is not used"));
  EXPECT_THAT(thrown_by([] { render("{{x", {{"x", 1}}); }), HasSubstr("{{ without }}"));
  EXPECT_THAT(thrown_by([] { render("{{ x }}", {{"x", 1}}); }), HasSubstr("{{ x }} has no value"));
  EXPECT_THAT(thrown_by([] { render("{{x}}", {{"x", Secret("s")}}); }), HasSubstr("render_secret"));
  EXPECT_EQ(render_secret("p={{x}}", {{"x", Secret("s")}}).reveal(), "p=s");
}

}  // namespace
}  // namespace wright
