#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "run/rolling_back.hpp"
#include "unit/run/world.hpp"

namespace wright::testing {
namespace {

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

TransactionInfo committed(const std::string& id, const std::string& run, const std::string& started) {
  TransactionInfo t;
  t.id = id;
  t.run = run;
  t.started = started;
  t.kind = "apply";
  t.state = "committed";
  return t;
}

Result<bool> yes(const std::vector<Plan>&, const Diagnostics&) { return true; }

class Rollback : public ::testing::Test {
 protected:
  Rollback() { world.site(two_hosts); }

  Changed rollback(std::vector<std::string> words = {}, const std::string& to = {}) {
    world.run();  // makes the hosts known
    auto changed = wright::rollback(world.run(std::move(words)), {.to = to}, yes);
    if (!changed) {
      ADD_FAILURE() << to_text(changed.error());
      return {};
    }
    return std::move(*changed);
  }

  /// The request that a host was sent, or null.
  const Value& request(const std::string& host) {
    static const Value nothing;
    for (const auto& message : world.host(host).received)
      if (message_type(message) == "rollback") return message;
    return nothing;
  }

  World world;
};

TEST_F(Rollback, UndoesTheLastRunOnEveryHostItChangedDependentsFirst) {
  world.host("db").history = {committed("t2", "run-2", "2024-01-02T00:00:00Z"),
                              committed("t1", "run-1", "2024-01-01T00:00:00Z")};
  world.host("web").history = {committed("t3", "run-2", "2024-01-02T00:00:01Z")};
  const auto changed = rollback();
  EXPECT_EQ(request("db")["run"].text_or(""), "run-2");
  EXPECT_EQ(request("web")["run"].text_or(""), "run-2");
  EXPECT_LT(world.place("web:rollback"), world.place("db:rollback"));
  EXPECT_LT(world.place("db:rollback"), world.place("web:finish commit"));
  EXPECT_EQ(exit_code(changed, true, false), exit_ok);
}

TEST_F(Rollback, LeavesHostsAloneThatTheRunDidNotChange) {
  world.host("db").history = {committed("t1", "run-1", "2024-01-01T00:00:00Z")};
  world.host("web").history = {committed("t3", "run-2", "2024-01-02T00:00:01Z")};
  rollback();
  EXPECT_TRUE(world.was_told("web:rollback"));
  EXPECT_FALSE(world.was_told("db:rollback"));
}

TEST_F(Rollback, WhatWasRolledBackAlreadyIsNotTheLastRun) {
  auto undone = committed("t3", "run-2", "2024-01-02T00:00:01Z");
  undone.state = "rolled_back";
  world.host("web").history = {undone, committed("t1", "run-1", "2024-01-01T00:00:00Z")};
  rollback();
  EXPECT_EQ(request("web")["run"].text_or(""), "run-1");
}

TEST_F(Rollback, WhichRunIsTheLastDoesNotHangOnTheHostsClocks) {
  // The clock of db is ten years ahead of that of web, and was set back before the second run.
  world.host("db").history = {committed("t2", "run-2", "2034-01-01T00:00:00Z"),
                              committed("t1", "run-1", "2044-01-01T00:00:00Z")};
  world.host("web").history = {committed("t4", "run-2", "2024-01-02T00:00:00Z"),
                               committed("t3", "run-1", "2024-01-01T00:00:00Z")};
  rollback();
  EXPECT_EQ(request("db")["run"].text_or(""), "run-2");
  EXPECT_EQ(request("web")["run"].text_or(""), "run-2");
}

TEST_F(Rollback, ARunThatAHostHasALaterOneThanIsNotTheLast) {
  world.host("db").history = {committed("t1", "run-1", "2034-01-01T00:00:00Z")};
  world.host("web").history = {committed("t4", "run-2", "2024-01-02T00:00:00Z"),
                               committed("t3", "run-1", "2024-01-01T00:00:00Z")};
  rollback();
  EXPECT_EQ(request("web")["run"].text_or(""), "run-2");
  EXPECT_FALSE(world.was_told("db:rollback"));
}

TEST_F(Rollback, NothingToUndoIsNoFailure) {
  const auto changed = rollback();
  EXPECT_TRUE(changed.outcomes.empty());
  EXPECT_EQ(exit_code(changed, true, false), exit_ok);
}

TEST_F(Rollback, AnInterruptedTransactionIsTheLastOne) {
  TransactionInfo open;
  open.id = "t9";
  open.run = "run-9";
  world.host("web").interrupted = {open};
  world.host("web").history = {committed("t1", "run-1", "2024-01-01T00:00:00Z")};
  const auto changed = rollback();
  EXPECT_TRUE(world.was_told("web:recover"));
  EXPECT_FALSE(world.was_told("web:rollback"));
  ASSERT_EQ(changed.outcomes.size(), 1U);
  EXPECT_EQ(changed.outcomes[0].state, "rolled_back");
}

TEST_F(Rollback, TheRestOfAnInterruptedRunGoesWithIt) {
  TransactionInfo open;
  open.id = "t9";
  open.run = "run-9";
  world.host("web").interrupted = {open};
  world.host("db").history = {committed("t8", "run-9", "2024-01-03T00:00:00Z")};
  rollback();
  EXPECT_EQ(request("db")["run"].text_or(""), "run-9");
}

TEST_F(Rollback, NamedComponentsAreAskedOfTheirHosts) {
  rollback({"page"});
  EXPECT_EQ(request("web")["components"].strings(), std::vector<std::string>{"page"});
  EXPECT_FALSE(world.was_told("db:rollback"));
}

TEST_F(Rollback, WhoStaysWithoutWhatItRequiresIsTold) {
  for (const auto& [words, told] : {std::pair<std::vector<std::string>, std::string>{{"broker"}, "page"},
                                    {{"broker", "page"}, ""},
                                    {{"page"}, ""}}) {
    world.run();  // makes the hosts known
    std::string where;
    const auto changed = wright::rollback(world.run(words), {}, [&](const auto&, const Diagnostics& warnings) {
      for (const auto& warning : warnings.items()) where += warning.where;
      return Result<bool>(true);
    });
    ASSERT_TRUE(changed) << to_text(changed.error());
    EXPECT_EQ(where, told);
  }
}

TEST_F(Rollback, AComponentThatLeftTheSiteMayBeAnywhere) {
  Change change;
  change.id = {"file", "/etc/gone"};
  change.components = {"gone"};
  world.host("web").changes = {change};
  rollback({"gone"});
  EXPECT_EQ(request("web")["components"].strings(), std::vector<std::string>{"gone"});
  EXPECT_EQ(request("db")["components"].strings(), std::vector<std::string>{"gone"});
}

TEST_F(Rollback, AComponentThatIsNowhereIsAnErrorAndNothingIsUndone) {
  world.run();
  auto changed = wright::rollback(world.run({"pages"}), {}, yes);
  ASSERT_FALSE(changed);
  EXPECT_EQ(exit_code(changed.error()), exit_usage);
  EXPECT_NE(to_text(changed.error()).find("did you mean \"page\"?"), std::string::npos);
  EXPECT_FALSE(world.was_told("web:rollback"));
}

TEST_F(Rollback, ToIsAskedWhereTheTransactionIs) {
  world.host("web").history = {committed("t3", "run-2", "2024-01-02T00:00:01Z")};
  rollback({}, "t3");
  EXPECT_EQ(request("web")["to"].text_or(""), "t3");
  EXPECT_FALSE(world.was_told("db:rollback"));

  auto unknown = wright::rollback(world.run(), {.to = "t0"}, yes);
  ASSERT_FALSE(unknown);
  EXPECT_EQ(exit_code(unknown.error()), exit_usage);
}

TEST_F(Rollback, CarriesTheDigestOfThePlanThatWasShown) {
  world.host("web").history = {committed("t3", "run-2", "2024-01-02T00:00:01Z")};
  world.host("web").planned_digest = "shown";
  rollback();
  EXPECT_EQ(request("web")["digest"].text_or(""), "shown");
}

}  // namespace
}  // namespace wright::testing
