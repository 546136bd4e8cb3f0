#include "agent/packages/request.hpp"

#include <gtest/gtest.h>

namespace wright::agent::packages {
namespace {

Wanted with_variables(std::string name, std::map<std::string, std::string> environment) {
  Wanted wanted;
  wanted.name = std::move(name);
  wanted.environment = std::move(environment);
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
  EXPECT_EQ(wanted.environment, (std::map<std::string, std::string>{{"DISABLE_DEMO", "true"}}));
  EXPECT_EQ(wanted.random_environment, std::vector<std::string>{"ADMIN_PASSWORD"});
  EXPECT_EQ(problems_of({wanted}), "");
}

TEST(PackageRequest, GivesTheScriptsTheVariablesOfAllPackages) {
  Wanted one = with_variables("opensearch", {{"DISABLE_DEMO", "true"}});
  one.random_environment = {"ADMIN_PASSWORD"};
  const std::vector<Wanted> all = {one, with_variables("nginx", {{"NGINX_DEMO", "0"}})};
  auto given = environment_of(all);
  const std::string first = given["ADMIN_PASSWORD"];
  EXPECT_EQ(given["DISABLE_DEMO"], "true");
  EXPECT_EQ(given["NGINX_DEMO"], "0");
  EXPECT_EQ(given.size(), 3U);
  EXPECT_GE(first.size(), 32U);
  EXPECT_NE(environment_of(all)["ADMIN_PASSWORD"], first);
}

TEST(PackageRequest, TwoPackagesDoNotWantOneVariableInTwoWays) {
  const Wanted one = with_variables("aa", {{"DEMO", "1"}});
  EXPECT_EQ(problems_of({one, with_variables("bb", {{"DEMO", "1"}})}), "");
  const std::string problems = problems_of({one, with_variables("bb", {{"DEMO", "2"}})});
  EXPECT_NE(problems.find("package:bb"), std::string::npos) << problems;
  EXPECT_NE(problems.find("another DEMO"), std::string::npos) << problems;
}

TEST(PackageRequest, RefusesVariablesThatChangeHowAptWorks) {
  for (const char* name : {"PATH", "LD_PRELOAD", "APT_CONFIG", "DEBIAN_FRONTEND", "DPKG_ROOT", "BASH_ENV", "", "a",
                           "1A", "A=B", "BASH_FUNC_x%%"})
    EXPECT_NE(problems_of({with_variables("aa", {{name, "x"}})}).find("is no variable"), std::string::npos) << name;
  Wanted random;
  random.name = "aa";
  random.random_environment = {"LD_LIBRARY_PATH"};
  EXPECT_NE(problems_of({random}), "");
  EXPECT_NE(problems_of({with_variables("aa", {{"DEMO", std::string("x\0y", 3)}})}), "");
}

}  // namespace
}  // namespace wright::agent::packages
