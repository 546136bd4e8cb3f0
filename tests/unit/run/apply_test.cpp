#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "run/applying.hpp"
#include "unit/run/world.hpp"

namespace wright::testing {
namespace {

using ::testing::AnyOf;
using ::testing::Contains;
using ::testing::HasSubstr;
using ::testing::Not;

/// db has the broker, web the page that requires it: web waits for db.
constexpr auto two_hosts = R"([site]
name = "t"
[hosts.db]
address = "192.0.2.1"
[hosts.web]
address = "192.0.2.2"
[components.broker]
hosts = ["db"]
[components.page]
hosts = ["web"]
requires = ["broker"]
)";

Result<bool> yes(const std::vector<Plan>&, const Diagnostics&) { return true; }

std::map<std::string, std::string> states(const std::vector<Outcome>& outcomes) {
  std::map<std::string, std::string> out;
  for (const auto& outcome : outcomes) out[outcome.host] = outcome.state;
  return out;
}

class Apply : public ::testing::Test {
 protected:
  Apply() {
    world.site(two_hosts);
    world.host("db").changes = {creates("/etc/broker")};
    world.host("web").changes = {creates("/etc/page")};
  }

  Changed apply(const ApplySettings& settings = {}) {
    auto changed = wright::apply(world.run(), settings, yes);
    if (!changed) {
      ADD_FAILURE() << to_text(changed.error());
      return {};
    }
    return std::move(*changed);
  }

  int code(const Changed& changed) { return exit_code(changed, false, world.interruption.requested()); }

  World world;
};

TEST_F(Apply, CommitsEverywhereWhenAllArePrepared) {
  const auto changed = apply();
  EXPECT_EQ(states(changed.outcomes), (std::map<std::string, std::string>{{"db", "committed"}, {"web", "committed"}}));
  EXPECT_EQ(code(changed), exit_ok);
  EXPECT_TRUE(world.was_told("web:release broker@db"));
  EXPECT_LT(world.place("db:apply"), world.place("web:release broker@db"));
  EXPECT_LT(world.place("web:release broker@db"), world.place("db:finish commit"));
}

TEST_F(Apply, AHostWithoutChangesIsNotTouchedAndReleasesAtOnce) {
  world.host("db").changes = {};
  const auto changed = apply();
  EXPECT_EQ(states(changed.outcomes), (std::map<std::string, std::string>{{"db", "unchanged"}, {"web", "committed"}}));
  EXPECT_FALSE(world.was_told("db:apply"));
  EXPECT_TRUE(world.was_told("web:release broker@db"));
}

TEST_F(Apply, NothingToDoIsTwoQuestionsAHost) {
  world.host("db").changes = {};
  world.host("web").changes = {};
  EXPECT_EQ(code(apply()), exit_ok);
  EXPECT_EQ(world.host("db").received.size(), 2U);
  EXPECT_EQ(world.host("web").received.size(), 2U);
}

TEST_F(Apply, AFailureUndoesTheHostThatWasPrepared) {
  world.host("web").fails = true;
  const auto changed = apply();
  EXPECT_EQ(states(changed.outcomes),
            (std::map<std::string, std::string>{{"db", "rolled_back"}, {"web", "rolled_back"}}));
  // Its input is closed instead when the failure is heard of before it is known to be prepared.
  EXPECT_THAT(world.log(), AnyOf(Contains("db:finish rollback"), Contains("db:closed")));
  EXPECT_FALSE(world.was_told("db:finish commit"));
  EXPECT_EQ(code(changed), exit_rolled_back);
  ASSERT_FALSE(changed.problems.empty());
  EXPECT_THAT(changed.problems.items().back().next, HasSubstr("wright apply again"));
}

TEST_F(Apply, AHostThatWaitsInVainIsEnded) {
  world.host("db").fails = true;
  const auto changed = apply();
  EXPECT_TRUE(world.was_told("web:closed"));
  // "refused" when its end came before it was told to begin.
  EXPECT_THAT(states(changed.outcomes)["web"], AnyOf("rolled_back", "refused"));
  EXPECT_EQ(code(changed), exit_rolled_back);
}

TEST_F(Apply, StopCommitsWhatStandsAndEndsWhatWaitsInVain) {
  world.host("web").fails = true;
  EXPECT_EQ(states(apply({.stop_on_failure = true, .saved = {}}).outcomes)["db"], "committed");

  World other;
  other.site(two_hosts);
  other.host("db").changes = {creates("/etc/broker")};
  other.host("web").changes = {creates("/etc/page")};
  other.host("db").fails = true;
  auto changed = wright::apply(other.run(), {.stop_on_failure = true, .saved = {}}, yes);
  ASSERT_TRUE(changed);
  EXPECT_TRUE(other.was_told("web:closed"));
}

TEST_F(Apply, AFailedProbeFromOutsideUndoesDependentsFirst) {
  world.evaluate = [](const Evaluation& e) -> Result<Declared> {
    Declared declared;
    Probe probe;
    probe.kind = "tcp";
    probe.name = "a visitor reaches " + e.component;
    probe.component = e.component;
    probe.from = "controller";
    probe.attributes = {{"host", "192.0.2.2"}, {"port", 80}};
    declared.probes.push_back(probe);
    return declared;
  };
  world.probe = [](const Probe& probe) -> Result<> {
    if (probe.component == "page") return failure({}, "connection refused");
    return {};
  };
  const auto changed = apply();
  EXPECT_EQ(code(changed), exit_rolled_back);
  EXPECT_LT(world.place("web:finish rollback"), world.place("db:finish rollback"));
  ASSERT_EQ(changed.problems.items().size(), 2U);  // and what to do next
  EXPECT_EQ(changed.problems.items()[0].where, "web/page");
  EXPECT_THAT(changed.problems.items()[0].what, HasSubstr("connection refused"));
}

TEST_F(Apply, ALoginThatIsNotPossibleAnyMoreUndoesWhatPreventsIt) {
  world.evaluate = [](const Evaluation& e) -> Result<Declared> {
    Declared declared;
    if (e.component != "page") return declared;
    Probe probe;
    probe.kind = "login";
    probe.name = "wright can log in anew";
    probe.component = e.component;
    probe.from = "controller";
    declared.probes.push_back(probe);
    return declared;
  };
  world.probe = [](const Probe&) -> Result<> { return failure({}, "a login is no probe of the network"); };
  EXPECT_EQ(code(apply()), exit_ok);
  EXPECT_EQ(world.host("web").logins, 2);
  world.host("web").logins = 0;
  world.host("web").lets_in_once = true;
  const auto changed = apply();
  EXPECT_EQ(code(changed), exit_rolled_back);
  ASSERT_EQ(changed.problems.items().size(), 2U);  // and what to do next
  EXPECT_EQ(changed.problems.items()[0].where, "web/page");
  EXPECT_THAT(changed.problems.items()[0].what, HasSubstr("does not let root in"));
}

TEST_F(Apply, AnIncompleteRollbackOutweighsEverything) {
  world.host("web").fails = true;
  world.host("web").incomplete = true;
  EXPECT_EQ(code(apply()), exit_incomplete);
}

TEST_F(Apply, ALostConnectionUndoesTheOthersAndSaysUnreachable) {
  world.host("web").vanishes = true;
  const auto changed = apply();
  EXPECT_EQ(states(changed.outcomes), (std::map<std::string, std::string>{{"db", "rolled_back"}, {"web", "lost"}}));
  EXPECT_EQ(code(changed), exit_unreachable);
}

std::string refusal(const Result<Changed>& changed) { return changed ? "" : to_text(changed.error()); }

TEST_F(Apply, AHostThatMovedSinceThePlanStopsEveryHostBeforeItsFirstChange) {
  world.host("web").moves_after_plan = "file:/etc/page";
  const auto changed = wright::apply(world.run(), {}, yes);
  EXPECT_THAT(refusal(changed), AllOf(HasSubstr("web"), HasSubstr("file:/etc/page"), Not(HasSubstr("/stays"))));
  ASSERT_FALSE(changed);
  EXPECT_EQ(exit_code(changed.error()), exit_failed);
  EXPECT_FALSE(world.was_told("db:apply"));
  EXPECT_FALSE(world.was_told("web:apply"));
}

TEST_F(Apply, AHostWithoutChangesThatMovedStopsTheOthersToo) {
  world.host("db").changes = {};
  world.host("db").moves_after_plan = "file:/etc/broker";
  EXPECT_THAT(refusal(wright::apply(world.run(), {}, yes)), HasSubstr("file:/etc/broker"));
  EXPECT_FALSE(world.was_told("web:apply"));
}

// Between the look at all hosts and a host's own first change there is still a moment.
TEST_F(Apply, AHostThatMovesAtTheLastMomentRefusesAndTheOthersAreUndone) {
  world.host("web").digest = "moved";
  const auto changed = apply();
  EXPECT_EQ(states(changed.outcomes)["web"], "refused");
  EXPECT_FALSE(world.was_told("db:finish commit"));
  bool told = false;
  for (const auto& outcome : changed.outcomes)
    for (const auto& one : outcome.diagnostics.items()) told = told || one.fault == Fault::stale_plan;
  EXPECT_TRUE(told);
}

TEST_F(Apply, OneHostLooksAgainOnlyWhenItApplies) {
  world.site("[site]\nname = \"t\"\n[hosts.web]\naddress = \"192.0.2.2\"\n[components.page]\n");
  EXPECT_EQ(code(apply()), exit_ok);
  // hello, plan, apply, finish
  EXPECT_EQ(world.host("web").received.size(), 4U);
}

Plan saved_plan(const std::string& host, const std::string& digest, std::vector<Change> changes) {
  Plan plan;
  plan.host = host;
  plan.digest = digest;
  plan.changes = std::move(changes);
  plan.states = {{"file:/stays", "other"}};
  return plan;
}

TEST_F(Apply, ASavedPlanIsAppliedByItsOwnDigest) {
  const std::vector<Plan> stale{saved_plan("db", "digest", {creates("/etc/broker")}),
                                saved_plan("web", "of yesterday", {creates("/etc/page")})};
  const auto refused = wright::apply(world.run(), {.stop_on_failure = false, .saved = stale}, yes);
  EXPECT_THAT(refusal(refused), AllOf(HasSubstr("web"), HasSubstr("file:/stays"), Not(HasSubstr("db"))));
  EXPECT_FALSE(world.was_told("db:apply"));
  EXPECT_FALSE(world.was_told("web:apply"));

  const std::vector<Plan> fresh{saved_plan("db", "digest", {creates("/etc/broker")}), saved_plan("web", "digest", {})};
  const auto changed = apply({.stop_on_failure = false, .saved = fresh});
  EXPECT_EQ(states(changed.outcomes), (std::map<std::string, std::string>{{"db", "committed"}, {"web", "unchanged"}}));
}

TEST_F(Apply, ASavedPlanWithoutChangesIsStillAPromise) {
  const std::vector<Plan> saved{saved_plan("db", "digest", {}), saved_plan("web", "of yesterday", {})};
  const auto refused = wright::apply(world.run(), {.stop_on_failure = false, .saved = saved}, yes);
  EXPECT_THAT(refusal(refused), HasSubstr("web"));
}

TEST_F(Apply, UnreachableMeansNoChangeAnywhere) {
  world.host("web").unreachable = true;
  auto changed = wright::apply(world.run(), {}, yes);
  ASSERT_FALSE(changed);
  EXPECT_EQ(exit_code(changed.error()), exit_unreachable);
  EXPECT_FALSE(world.was_told("db:apply"));
  EXPECT_FALSE(world.was_told("db:plan"));
}

TEST_F(Apply, SkippedHostsHoldNobodyUp) {
  world.host("db").unreachable = true;
  wright::Run run = world.run();
  run.skip_unreachable = true;
  Diagnostics seen;
  auto changed = wright::apply(run, {}, [&](const std::vector<Plan>&, const Diagnostics& warnings) -> Result<bool> {
    seen = warnings;
    return true;
  });
  ASSERT_TRUE(changed) << to_text(changed.error());
  EXPECT_EQ(states(changed->outcomes), (std::map<std::string, std::string>{{"web", "committed"}}));
  ASSERT_EQ(seen.items().size(), 1U);
  EXPECT_THAT(seen.items()[0].what, HasSubstr("left out"));
}

TEST_F(Apply, WhenAllWouldBeSkippedThereIsNoRun) {
  world.host("db").unreachable = true;
  world.host("web").unreachable = true;
  wright::Run run = world.run();
  run.skip_unreachable = true;
  auto changed = wright::apply(run, {}, yes);
  ASSERT_FALSE(changed);
  EXPECT_EQ(exit_code(changed.error()), exit_unreachable);
}

TEST_F(Apply, ALockedHostSaysWhoHoldsIt) {
  world.host("web").locked_by = "root@other";
  auto changed = wright::apply(world.run(), {}, yes);
  ASSERT_FALSE(changed);
  EXPECT_EQ(exit_code(changed.error()), exit_locked);
  EXPECT_THAT(to_text(changed.error()), HasSubstr("root@other"));
}

TEST_F(Apply, WhatWasInterruptedIsRolledBackBeforeThePlan) {
  TransactionInfo open;
  open.id = "tx-old";
  world.host("web").interrupted = {open};
  EXPECT_EQ(code(apply()), exit_ok);
  EXPECT_LT(world.place("web:recover"), world.place("web:plan"));
  EXPECT_FALSE(world.was_told("db:recover"));
}

TEST_F(Apply, AnIncompleteRecoveryStopsTheRun) {
  TransactionInfo open;
  open.id = "tx-old";
  world.host("web").interrupted = {open};
  world.host("web").incomplete = true;
  EXPECT_EQ(code(apply()), exit_incomplete);
  EXPECT_FALSE(world.was_told("web:plan"));
}

TEST_F(Apply, NoMeansNo) {
  auto changed = wright::apply(world.run(), {}, [](const auto&, const auto&) -> Result<bool> { return false; });
  ASSERT_TRUE(changed);
  EXPECT_TRUE(changed->declined);
  EXPECT_FALSE(world.was_told("db:apply"));
}

TEST_F(Apply, AnInterruptionEndsEveryInput) {
  world.host("web").never_ends = true;
  world.on_event = [this](const Event& event) {
    if (event.event != "ready") return;
    EXPECT_TRUE(world.interruption.request());
  };
  const auto changed = apply();
  EXPECT_TRUE(world.was_told("web:closed"));
  EXPECT_TRUE(world.was_told("db:closed"));
  EXPECT_THAT(world.log(), Not(Contains("db:finish commit")));
  EXPECT_EQ(states(changed.outcomes)["db"], "rolled_back");
  EXPECT_THAT(states(changed.outcomes)["web"], AnyOf("rolled_back", "refused"));
  EXPECT_EQ(code(changed), exit_interrupted);
}

TEST_F(Apply, AnInterruptionBeforeAnyChangeIsLeftToTheCaller) { EXPECT_FALSE(world.interruption.request()); }

}  // namespace
}  // namespace wright::testing
