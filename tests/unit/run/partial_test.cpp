#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "run/applying.hpp"
#include "run/inspecting.hpp"
#include "run/planning.hpp"
#include "run/verifying.hpp"
#include "unit/run/world.hpp"

namespace wright::testing {
namespace {

using ::testing::HasSubstr;

/// Two hosts, of which "db" cannot be reached.
class Partial : public ::testing::Test {
 protected:
  Partial() {
    world.site(R"([site]
name = "t"
[hosts.web]
address = "192.0.2.2"
[hosts.db]
address = "192.0.2.3"
[components.page]
hosts = ["web", "db"]
)");
    world.evaluate = [](const Evaluation&) { return Declared(); };
    world.host("web").changes = {creates("/etc/page")};
    world.host("db").unreachable = true;
  }

  static void is_about_db(const Diagnostics& problems) {
    ASSERT_EQ(problems.items().size(), 1U) << to_text(problems);
    EXPECT_EQ(problems.items()[0].where, "db");
    EXPECT_EQ(exit_code(problems), exit_unreachable);
  }

  World world;
};

TEST_F(Partial, ThePlanShowsWhatItCan) {
  const auto planned = wright::plan(world.run());
  ASSERT_TRUE(planned) << to_text(planned.error());
  ASSERT_EQ(planned->plans.size(), 1U);
  EXPECT_EQ(planned->plans[0].host, "web");
  EXPECT_EQ(planned->plans[0].changes.size(), 1U);
  is_about_db(planned->missing);
}

TEST_F(Partial, StatusHistoryAndFactsShowWhatTheyCan) {
  const auto status = wright::status(world.run());
  ASSERT_TRUE(status) << to_text(status.error());
  ASSERT_EQ(status->hosts.size(), 1U);
  EXPECT_EQ(status->hosts[0].host, "web");
  is_about_db(status->missing);
  const auto history = wright::history(world.run(), 5);
  ASSERT_TRUE(history) << to_text(history.error());
  EXPECT_EQ(history->hosts.size(), 1U);
  is_about_db(history->missing);
  const auto facts = wright::facts(world.run(), {});
  ASSERT_TRUE(facts) << to_text(facts.error());
  EXPECT_EQ(facts->hosts.size(), 1U);
  is_about_db(facts->missing);
}

TEST_F(Partial, VerifyAsksWhoAnswers) {
  const auto verified = wright::verify(world.run());
  ASSERT_TRUE(verified) << to_text(verified.error());
  ASSERT_EQ(verified->outcomes.size(), 1U);
  EXPECT_EQ(verified->outcomes[0].host, "web");
  is_about_db(verified->missing);
}

TEST_F(Partial, NothingIsChangedUnlessAllAreThere) {
  const auto changed = wright::apply(world.run(), {}, [](const auto&, const auto&) { return Result<bool>(true); });
  ASSERT_FALSE(changed);
  is_about_db(changed.error());
  EXPECT_FALSE(world.was_told("web:apply"));
}

TEST_F(Partial, NobodyThereIsAFailure) {
  world.host("web").unreachable = true;
  EXPECT_FALSE(wright::plan(world.run()));
  EXPECT_FALSE(wright::status(world.run()));
  EXPECT_FALSE(wright::verify(world.run()));
}

TEST_F(Partial, AFactThatNoHostKnowsIsAnError) {
  world.host("web").facts = {{"os", Value::Map{{"id", "debian"}}}};
  const auto facts = wright::facts(world.run(), {"os.di"});
  ASSERT_FALSE(facts);
  EXPECT_EQ(exit_code(facts.error()), exit_usage);
  EXPECT_THAT(to_text(facts.error()), HasSubstr("did you mean \"os.id\"?"));
  EXPECT_FALSE(wright::facts(world.run(), {"apt.candidat:nginx"}));
  EXPECT_FALSE(wright::facts(world.run(), {"path.exists:here"}));
}

TEST_F(Partial, AFactThatIsNotThereIsAnAnswer) {
  world.host("db").unreachable = false;
  world.host("web").facts = {{"apt.candidate:nosuch", Value()}};
  EXPECT_TRUE(wright::facts(world.run(), {"apt.candidate:nosuch"}));
  world.host("web").facts = {{"swap", Value::Map{{"total_bytes", 1}}}, {"swap.total_bytes", 1}};
  world.host("db").facts = {{"swap.total_bytes", Value()}};
  EXPECT_TRUE(wright::facts(world.run(), {"swap.total_bytes"})) << "one host knows it";
}

}  // namespace
}  // namespace wright::testing
