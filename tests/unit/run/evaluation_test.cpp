#include "run/evaluation.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "run/planning.hpp"
#include "unit/run/world.hpp"

namespace wright::testing {
namespace {

using ::testing::HasSubstr;

PluginDescription with_text_option(const std::string& plugin, const std::string& name) {
  PluginDescription description;
  description.name = plugin;
  Option option;
  option.name = name;
  description.options = {option};
  return description;
}

class EvaluationTest : public ::testing::Test {
 protected:
  EvaluationTest() {
    world.plugins["page"] = with_text_option("page", "target");
    world.evaluate = [this](const Evaluation& e) -> Result<Declared> {
      seen[e.component + "@" + e.host] = e;
      Declared declared;
      declared.exports = {{"url", "url-of-" + e.component + "-" + e.host}};
      return declared;
    };
  }

  std::string target(const std::string& instance) { return seen.at(instance).options.at("target").text_or("(none)"); }

  World world;
  std::map<std::string, Evaluation> seen;
};

TEST(FactsOfAHost, SayHowWrightComesIn) {
  SiteHost host;
  host.address = "192.0.2.2";
  host.port = 2222;
  host.user = "deploy";
  const Value::Map seen{{"ssh", Value::Map{{"client", "198.51.100.7"}, {"server_port", 22}}}};
  EXPECT_EQ(facts_of(host, seen).at("ssh"),
            Value(Value::Map{{"client", "198.51.100.7"}, {"port", 2222}, {"server_port", 22}, {"user", "deploy"}}));
  EXPECT_EQ(facts_of(host, {}).at("ssh"), Value(Value::Map{{"port", 2222}, {"user", "deploy"}}));
  host.address = "local";
  EXPECT_FALSE(facts_of(host, seen).contains("ssh"));
}

TEST_F(EvaluationTest, AnExportComesFromTheSameHostFirst) {
  world.site(R"([site]
name = "t"
[hosts.one]
address = "192.0.2.1"
[hosts.two]
address = "192.0.2.2"
[hosts.three]
address = "192.0.2.3"
[components.cache]
hosts = ["one", "two"]
[components.page]
hosts = ["two", "three"]
target = "${cache.url} of ${host.address} beside ${hosts.one.address}"
)");
  ASSERT_TRUE(plan(world.run()));
  EXPECT_EQ(target("page@two"), "url-of-cache-two of 192.0.2.2 beside 192.0.2.1");
  EXPECT_EQ(target("page@three"), "url-of-cache-one of 192.0.2.3 beside 192.0.2.1");
}

constexpr auto one_page = R"([site]
name = "t"
[hosts.web]
address = "192.0.2.2"
[components.cache]
[components.page]
target = "${cache.uri}"
)";

TEST_F(EvaluationTest, AnUnknownExportIsAnErrorAtItsOptionWithTheNearest) {
  world.site(one_page);
  auto planned = plan(world.run());
  ASSERT_FALSE(planned);
  const auto& one = planned.error().items()[0];
  EXPECT_THAT(one.where, HasSubstr("site.toml:7:"));
  EXPECT_THAT(one.next, HasSubstr("url"));
  EXPECT_EQ(exit_code(planned.error()), exit_bad_site);
}

TEST_F(EvaluationTest, APluginsProblemStandsAtItsOption) {
  world.site(R"([site]
name = "t"
[hosts.web]
address = "192.0.2.2"
[components.page]
target = "x"
)");
  world.evaluate = [](const Evaluation&) -> Result<Declared> {
    return failure({Severity::error, Fault::bad_site, "target", "is no target", {}, {}});
  };
  auto planned = plan(world.run());
  ASSERT_FALSE(planned);
  EXPECT_THAT(planned.error().items()[0].where, HasSubstr("site.toml:6:"));
  EXPECT_EQ(planned.error().items()[0].what, "\"target\": is no target");
}

TEST_F(EvaluationTest, TheProblemOfADependencyIsNotRepeatedByItsDependents) {
  world.site(one_page);
  world.evaluate = [](const Evaluation& e) -> Result<Declared> {
    return failure({Severity::error, Fault::bad_plugin, {}, e.component + " failed", {}, {}});
  };
  auto planned = plan(world.run());
  ASSERT_FALSE(planned);
  EXPECT_EQ(planned.error().items().size(), 1U);
}

TEST_F(EvaluationTest, MissingFactsOfAllComponentsAreAskedInOneBatch) {
  world.site("[site]\nname = \"t\"\n[hosts.web]\naddress = \"192.0.2.2\"\n[components.a]\n[components.b]\n");
  world.host("web").more_facts = {{"apt.candidate:a", "1"}, {"apt.candidate:b", "2"}};
  world.evaluate = [](const Evaluation& e) -> Result<Declared> {
    Declared declared;
    const std::string fact = "apt.candidate:" + e.component;
    if (!e.facts.contains(fact)) declared.missing_facts = {fact};
    return declared;
  };
  ASSERT_TRUE(plan(world.run()));
  const auto& received = world.host("web").received;
  ASSERT_EQ(received.size(), 3U);  // hello, facts, plan
  EXPECT_EQ(received[1]["names"].strings(), (std::vector<std::string>{"apt.candidate:a", "apt.candidate:b"}));
}

TEST_F(EvaluationTest, APluginThatNeverHasEnoughFactsIsTheProblem) {
  world.site("[site]\nname = \"t\"\n[hosts.web]\naddress = \"192.0.2.2\"\n[components.a]\n");
  world.evaluate = [](const Evaluation& e) -> Result<Declared> {
    Declared declared;
    declared.missing_facts = {"more:" + std::to_string(e.facts.size())};
    return declared;
  };
  auto planned = plan(world.run());
  ASSERT_FALSE(planned);
  EXPECT_EQ(planned.error().items()[0].fault, Fault::bad_plugin);
}

TEST_F(EvaluationTest, AHostThatOnlyGivesExportsIsNotLockedNorPlanned) {
  world.site(R"([site]
name = "t"
[hosts.db]
address = "192.0.2.1"
[hosts.web]
address = "192.0.2.2"
[components.cache]
hosts = ["db"]
[components.page]
hosts = ["web"]
target = "${cache.url}"
)");
  wright::Run run = world.run();
  run.limits = {"web"};
  ASSERT_TRUE(plan(run));
  EXPECT_EQ(target("page@web"), "url-of-cache-db");
  EXPECT_FALSE(world.was_told("db:plan"));
  EXPECT_TRUE(world.was_told("web:plan"));
}

}  // namespace
}  // namespace wright::testing
