#include "schema/check.hpp"

#include <gmock/gmock.h>

#include "unit/schema/plugin.hpp"

namespace wright {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

const WhereIs where = [](const std::string& key) { return "<" + key + ">"; };

std::vector<std::string> texts(const Diagnostics& problems) {
  std::vector<std::string> out;
  for (const auto& one : problems.items()) {
    EXPECT_EQ(one.fault, Fault::bad_site);
    out.push_back(one.where + " " + one.what + (one.next.empty() ? "" : " | " + one.next));
  }
  return out;
}

/// The options with the required one, so that a test is about the others.
Value::Map with_token(Value::Map options) {
  options.emplace("token", "${secret.token}");
  return options;
}

std::vector<std::string> checked(const Value::Map& options) {
  return texts(check_options(proxy_plugin(), with_token(options), where));
}

std::vector<std::string> completed_badly(const Value::Map& options) {
  const auto result = complete_options(proxy_plugin(), with_token(options), where);
  return result ? std::vector<std::string>{} : texts(result.error());
}

Value::List list(std::initializer_list<Value> items) { return items; }

TEST(CheckOptions, AcceptsWhatThePluginTakes) {
  EXPECT_THAT(checked({{"port", 1},
                       {"level", "info"},
                       {"ratio", 1},
                       {"weights", list({1, 9})},
                       {"tags", Value::Map{{"any key", "x"}}},
                       {"pools", Value::Map{{"a", Value::Map{{"name", "x"}}}}},
                       {"sites", list({Value::Map{{"name", "x"}, {"tls", Value::Map{{"days", 3}}}}})}}),
              IsEmpty());
}

TEST(CheckOptions, SuggestsTheNearestNameAtEveryDepth) {
  EXPECT_THAT(checked({{"prot", 1}}),
              ElementsAre("<prot> plugin \"proxy\" has no option \"prot\" | did you mean \"port\"?"));
  EXPECT_THAT(checked({{"sites", list({Value::Map{{"name", "x"}, {"tsl", true}}})}}),
              ElementsAre("<sites[0].tsl> \"sites[0]\" has no key \"tsl\" | did you mean \"tls\"?"));
  EXPECT_THAT(checked({{"sites", list({Value::Map{{"name", "x"}, {"tls", Value::Map{{"zzzzzz", true}}}}})}}),
              ElementsAre("<sites[0].tls.zzzzzz> \"sites[0].tls\" has no key \"zzzzzz\" | known: days"));
}

TEST(CheckOptions, TellsWrongTypes) {
  EXPECT_THAT(checked({{"port", "80"}}), ElementsAre("<port> \"port\" must be an integer, not a string"));
  EXPECT_THAT(checked({{"port", 80.0}}), ElementsAre("<port> \"port\" must be an integer, not a number"));
  EXPECT_THAT(checked({{"ratio", true}}), ElementsAre("<ratio> \"ratio\" must be a number, not a boolean"));
  EXPECT_THAT(checked({{"level", 1}}), ElementsAre("<level> \"level\" must be a string, not an integer"));
  EXPECT_THAT(checked({{"sites", Value::Map{}}}), ElementsAre("<sites> \"sites\" must be a list, not a table"));
  EXPECT_THAT(checked({{"sites", list({1})}}), ElementsAre("<sites[0]> \"sites[0]\" must be a table, not an integer"));
  EXPECT_THAT(checked({{"tags", list({})}}), ElementsAre("<tags> \"tags\" must be a table, not a list"));
  EXPECT_THAT(checked({{"tags", Value::Map{{"a", 1}}}}),
              ElementsAre("<tags.a> \"tags.a\" must be a string, not an integer"));
  EXPECT_THAT(checked({{"limits", 3}}), ElementsAre("<limits> \"limits\" must be a table, not an integer"));
  EXPECT_THAT(checked({{"token", 3}}), ElementsAre("<token> \"token\" must be a string, not an integer"));
  EXPECT_THAT(checked({{"sites", list({Value::Map{{"name", "x"}, {"plain", "no"}}})}}),
              ElementsAre("<sites[0].plain> \"sites[0].plain\" must be true or false, not a string"));
}

TEST(CheckOptions, TellsWhatIsOutOfRange) {
  EXPECT_THAT(checked({{"port", 0}}), ElementsAre("<port> \"port\" must be from 1 to 65535, not 0"));
  EXPECT_THAT(checked({{"port", 65536}}), ElementsAre("<port> \"port\" must be from 1 to 65535, not 65536"));
  EXPECT_THAT(checked({{"ratio", 0.25}}), ElementsAre("<ratio> \"ratio\" must be at least 0.5, not 0.25"));
  EXPECT_THAT(checked({{"ratio", 0}}), ElementsAre("<ratio> \"ratio\" must be at least 0.5, not 0"));
  EXPECT_THAT(checked({{"weights", list({1, 10})}}),
              ElementsAre("<weights[1]> \"weights[1]\" must be at most 9, not 10"));
  EXPECT_THAT(
      checked({{"level", "wran"}}),
      ElementsAre("<level> \"level\" must be \"debug\", \"info\" or \"warn\", not \"wran\" | did you mean \"warn\"?"));
}

TEST(CheckOptions, TellsWhatIsMissingAndWhatItIsFor) {
  const auto problems = check_options(proxy_plugin(), {{"sites", list({Value::Map{}})}}, where);
  EXPECT_THAT(texts(problems), ElementsAre("<sites[0].name> \"sites[0]\" needs the key \"name\"",
                                           "<token> plugin \"proxy\" needs the option \"token\""));
  EXPECT_EQ(problems.items()[1].why, "Handed to every client.");
}

TEST(CheckOptions, TellsAllAtOnce) {
  EXPECT_THAT(checked({{"port", 0}, {"levl", 1}, {"sites", list({1, Value::Map{{"nam", 1}}})}}), ::testing::SizeIs(5));
}

TEST(CheckOptions, DoesNotJudgeTextsWithReferencesYet) {
  EXPECT_THAT(checked({{"port", "${a.port}"},
                       {"level", "${a.level}"},
                       {"sites", "${a.sites}"},
                       {"weights", list({"${a.weights}"})},
                       {"limits", "${a.limits}"}}),
              IsEmpty());
  EXPECT_THAT(checked({{"port", "$${a.port}"}}), ElementsAre(HasSubstr("must be an integer, not a string")));
}

TEST(CompleteOptions, FillsInDefaultsAtEveryDepth) {
  const auto options = complete_options(
      proxy_plugin(),
      with_token({{"sites", list({Value::Map{{"name", "a"}, {"tls", Value::Map{}}}, Value::Map{{"name", "b"}}})}}),
      where);
  ASSERT_TRUE(options) << to_text(options.error());
  const Value all(*options);
  EXPECT_EQ(all["port"], Value(8080));
  EXPECT_EQ(all["level"], Value("warn"));
  EXPECT_EQ(all["weights"], Value(Value::List{}));
  EXPECT_EQ(all["limits"], Value(Value::Map{{"rate", 7}}));
  const auto& sites = *all["sites"].as_list();
  EXPECT_EQ(sites[0]["plain"], Value(false));
  EXPECT_EQ(sites[0]["tls"]["days"], Value(90));
  EXPECT_TRUE(sites[1]["tls"].is_null()) << "a table that nobody gave and that has no default";
  EXPECT_FALSE(options->contains("ratio"));
}

TEST(CompleteOptions, MakesSecretsOfTexts) {
  const auto options =
      complete_options(proxy_plugin(), {{"token", "t"}, {"tags", Value::Map{{"a", "b"}, {"c", Secret("d")}}}}, where);
  ASSERT_TRUE(options) << to_text(options.error());
  EXPECT_EQ(options->at("token"), Value(Secret("t")));
  EXPECT_EQ(options->at("tags"), Value(Value::Map{{"a", Secret("b")}, {"c", Secret("d")}}));
}

TEST(CompleteOptions, GivesNumbersAsNumbers) {
  EXPECT_EQ(complete_options(proxy_plugin(), with_token({{"ratio", 2}}), where)->at("ratio"), Value(2.0));
}

TEST(CompleteOptions, JudgesWhatReferencesBecame) {
  EXPECT_THAT(completed_badly({{"port", "${looks.like} one"}}),
              ElementsAre("<port> \"port\" must be an integer, not a string"));
  EXPECT_THAT(completed_badly({{"level", "x\x1b[2J"}}), ElementsAre(HasSubstr("not \"x\\x1b[2J\"")));
}

TEST(CheckOptions, RefusesASecretInTheOpenBeforeItIsKnownAndNamesWhatTakesOne) {
  const auto problems = check_options(proxy_plugin(), with_token({{"level", "x-${secret.db}"}}), where);
  ASSERT_EQ(problems.items().size(), 1U) << to_text(problems);
  EXPECT_EQ(problems.items()[0].where, "<level>");
  EXPECT_THAT(problems.items()[0].next, HasSubstr("token"));
  EXPECT_TRUE(check_options(proxy_plugin(), {{"token", "${secret.db}"}}, where).empty());
}

TEST(CompleteOptions, LetsNoSecretIntoTheOpen) {
  const auto problems = completed_badly({{"level", Secret("hidden")}, {"port", Secret("hidden")}});
  EXPECT_THAT(problems, ElementsAre(HasSubstr("<level> \"level\" is not kept secret, so no secret can be put into it"),
                                    "<port> \"port\" must be an integer, not a secret"));
  EXPECT_THAT(problems[0] + problems[1], Not(HasSubstr("hidden")));
}

}  // namespace
}  // namespace wright
