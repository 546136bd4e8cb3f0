#include "agent/packages/request.hpp"
#include "agent/packages/record.hpp"

#include <gtest/gtest.h>

namespace wright::agent::packages {
namespace {

Wanted with_variables(std::string name, std::map<std::string, std::string> environment) {
  Wanted wanted;
  wanted.name = std::move(name);
  wanted.variables.fixed = std::move(environment);
  return wanted;
}

std::string problems_of(const std::vector<Wanted>& all) {
  const auto checked = check(all);
  return checked ? "" : to_text(checked.error());
}

TEST(PackageRequest, ReadsTheVariablesOfAResource) {
  Resource resource;
  resource.id = {"package", "opensearch"};
  resource.attributes["environment"] = Value::Map{{"DISABLE_DEMO", "true"}};
  resource.attributes["random_environment"] = std::vector<std::string>{"ADMIN_PASSWORD"};
  const auto wanted = wanted_of(resource);
  EXPECT_EQ(wanted.variables.fixed, (std::map<std::string, std::string>{{"DISABLE_DEMO", "true"}}));
  EXPECT_EQ(wanted.variables.random, std::vector<std::string>{"ADMIN_PASSWORD"});
  EXPECT_EQ(problems_of({wanted}), "");
}

TEST(PackageVariables, AreThoseOfAllPackagesWithOtherRandomTextsEachTime) {
  Variables all{{{"DISABLE_DEMO", "true"}}, {"ADMIN_PASSWORD"}};
  all.add({{{"NGINX_DEMO", "0"}}, {"ADMIN_PASSWORD"}});
  auto given = all.given();
  const std::string first = given["ADMIN_PASSWORD"];
  EXPECT_EQ(given["DISABLE_DEMO"], "true");
  EXPECT_EQ(given["NGINX_DEMO"], "0");
  EXPECT_EQ(given.size(), 3U);
  EXPECT_GE(first.size(), 32U);
  EXPECT_NE(all.given()["ADMIN_PASSWORD"], first);
}

TEST(PackageVariables, AreInTheRecordWithoutTheRandomTexts) {
  Record record;
  record.variables = {{{"DISABLE_DEMO", "true"}}, {"ADMIN_PASSWORD"}};
  const auto again = record_from(to_value(record));
  ASSERT_TRUE(again);
  EXPECT_EQ(again->variables.fixed, record.variables.fixed);
  EXPECT_EQ(again->variables.random, record.variables.random);
}

TEST(PackageRequest, TwoPackagesDoNotWantOneVariableInTwoWays) {
  const Wanted one = with_variables("aa", {{"DEMO", "1"}});
  EXPECT_EQ(problems_of({one, with_variables("bb", {{"DEMO", "1"}})}), "");
  const std::string problems = problems_of({one, with_variables("bb", {{"DEMO", "2"}})});
  EXPECT_NE(problems.find("package:bb"), std::string::npos) << problems;
  EXPECT_NE(problems.find("another DEMO"), std::string::npos) << problems;
  Wanted random;
  random.name = "cc";
  random.variables.random = {"DEMO"};
  EXPECT_NE(problems_of({one, random}).find("another DEMO"), std::string::npos);
  EXPECT_NE(problems_of({random, one}).find("another DEMO"), std::string::npos);
}

TEST(PackageRequest, RefusesVariablesThatChangeHowAptWorks) {
  for (const char* name : {"PATH", "LD_PRELOAD", "APT_CONFIG", "DEBIAN_FRONTEND", "DPKG_ROOT", "BASH_ENV", "PERL5OPT",
                           "SHELLOPTS", "LANG", "", "a", "1A", "A=B", "BASH_FUNC_x%%"})
    EXPECT_NE(problems_of({with_variables("aa", {{name, "x"}})}).find("is no variable"), std::string::npos) << name;
  Wanted random;
  random.name = "aa";
  random.variables.random = {"LD_LIBRARY_PATH"};
  EXPECT_NE(problems_of({random}), "");
  EXPECT_NE(problems_of({with_variables("aa", {{"DEMO", std::string("x\0y", 3)}})}), "");
}

}  // namespace
}  // namespace wright::agent::packages
