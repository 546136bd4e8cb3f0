#include <gmock/gmock.h>

#include "site/reference.hpp"

namespace wright {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

Result<Value> look_up(const Reference& reference) {
  static const Value::Map known{
      {"port", 8080},
      {"ratio", 2.0},
      {"tls", true},
      {"url", "http://x"},
      {"table", Value::Map{{"a", 1}}},
      {"peers", Value::List{"10.0.0.1", "10.0.0.2"}},
      {"none", Value::List{}},
      {"mixed", Value::List{"a", Value(Secret("hidden"))}},
  };
  if (reference.kind == Reference::Kind::secret && reference.path == "password") return Value(Secret("s3cret"));
  const auto found = known.find(reference.path);
  if (found == known.end()) return failure("", "there is no such thing");
  return found->second;
}

Value resolved(const Value& value) {
  auto out = resolve(value, look_up);
  EXPECT_TRUE(out) << to_text(out.error());
  return out.value_or(Value());
}

Value::List list(std::initializer_list<Value> items) { return items; }

TEST(Resolve, ATextThatIsAReferenceTakesItsType) {
  EXPECT_EQ(resolved("${a.port}"), Value(8080));
  EXPECT_EQ(resolved("${a.tls}"), Value(true));
  EXPECT_EQ(resolved("${a.table}"), Value(Value::Map{{"a", 1}}));
  EXPECT_EQ(resolved("${a.peers}"), Value(list({"10.0.0.1", "10.0.0.2"})));
  EXPECT_EQ(resolved("${secret.password}"), Value(Secret("s3cret")));
}

TEST(Resolve, WithTextAroundItBecomesText) {
  EXPECT_EQ(resolved("${a.url}:${a.port}/${a.tls}"), Value("http://x:8080/true"));
  EXPECT_EQ(resolved("x${a.ratio}"), Value("x2.0"));
  EXPECT_EQ(resolved("plain"), Value("plain"));
  EXPECT_EQ(resolved(7), Value(7));
}

TEST(Resolve, EscapesBecomePlain) {
  EXPECT_EQ(resolved("$${HOME} $x"), Value("${HOME} $x"));
  EXPECT_EQ(resolved("$${${a.port}}"), Value("${8080}"));
}

TEST(Resolve, WhatWasPutInIsNotReadAgain) {
  const Lookup evil = [](const Reference&) -> Result<Value> { return Value("${secret.password}"); };
  EXPECT_EQ(*resolve("<${a.b}>", evil), Value("<${secret.password}>"));
  EXPECT_EQ(*resolve("${a.b}", evil), Value("${secret.password}"));
}

TEST(Resolve, ASecretInATextMakesItOne) {
  EXPECT_EQ(resolved("postgres://u:${secret.password}@${a.url}"), Value(Secret("postgres://u:s3cret@http://x")));
  EXPECT_EQ(resolved("${a.port}${secret.password}"), Value(Secret("8080s3cret")));
}

TEST(Resolve, AListInAListIsSplicedIn) {
  EXPECT_EQ(resolved(list({"a", "${x.peers}", "b"})), Value(list({"a", "10.0.0.1", "10.0.0.2", "b"})));
  EXPECT_EQ(resolved(list({"${x.none}"})), Value(Value::List{}));
  EXPECT_EQ(resolved(list({list({"${x.peers}"})})), Value(list({list({"10.0.0.1", "10.0.0.2"})})));
}

TEST(Resolve, TextAroundAListIsMadeForEachElement) {
  EXPECT_EQ(resolved(list({"${x.peers}/32", "z"})), Value(list({"10.0.0.1/32", "10.0.0.2/32", "z"})));
  EXPECT_EQ(resolved(list({"${a.port}:${x.peers}:${a.tls}"})),
            Value(list({"8080:10.0.0.1:true", "8080:10.0.0.2:true"})));
  EXPECT_EQ(resolved(list({"<${x.none}>"})), Value(Value::List{}));
  EXPECT_EQ(resolved("${x.peers}/32"), Value(list({"10.0.0.1/32", "10.0.0.2/32"})));
  EXPECT_EQ(resolved(list({"-${x.mixed}"})), Value(list({"-a", Secret("-hidden")})));
}

TEST(Resolve, GoesThroughTablesAndLists) {
  const Value value(Value::Map{{"sites", list({Value::Map{{"port", "${a.port}"}, {"${a.port}", "kept"}}})}});
  EXPECT_EQ(resolved(value), Value(Value::Map{{"sites", list({Value::Map{{"port", 8080}, {"${a.port}", "kept"}}})}}));
}

std::vector<std::string> problems_of(const Value& value, const std::string& at = {}) {
  std::vector<std::string> out;
  const auto result = resolve(value, look_up, at);
  if (result) return out;
  for (const auto& one : result.error().items()) out.push_back(one.where + " " + one.what);
  return out;
}

TEST(Resolve, CollectsProblemsWithTheirKeys) {
  const Value value(Value::Map{{"a", "${x.missing} ${secret.other}"},
                               {"b", list({"ok", Value::Map{{"c", "${x.gone}"}}})},
                               {"d", "t ${x.table}"},
                               {"e", "${x.peers}${x.peers}"},
                               {"f", "${"}});
  EXPECT_THAT(
      problems_of(value),
      ElementsAre("a ${x.missing}: there is no such thing", "a ${secret.other}: there is no such thing",
                  "b[1].c ${x.gone}: there is no such thing",
                  "d ${x.table} is a table, which cannot stand inside a text",
                  "e ${x.peers} is a second list in one text", HasSubstr("f bad reference ${: it is not closed")));
  EXPECT_THAT(problems_of(Value::Map{{"k", "${x.gone}"}}, "sites[0]"),
              ElementsAre("sites[0].k ${x.gone}: there is no such thing"));
}

TEST(Resolve, AListInOneTextDoesNotSpreadTheNext) {
  EXPECT_EQ(resolved(Value::Map{{"a", "${x.peers}!"}, {"b", "plain ${a.port}"}}),
            Value(Value::Map{{"a", list({"10.0.0.1!", "10.0.0.2!"})}, {"b", "plain 8080"}}));
  // Also after a text that failed half way.
  EXPECT_THAT(problems_of(Value::Map{{"a", "${x.peers}${x.gone}"}, {"b", "${x.peers}!"}}),
              ElementsAre(HasSubstr("a ${x.gone}")));
}

}  // namespace
}  // namespace wright
