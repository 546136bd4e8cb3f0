#include "agent/transaction/asking.hpp"

#include <gmock/gmock.h>

#include <chrono>
#include <condition_variable>
#include <mutex>

#include "unit/agent/world.hpp"

namespace wright::agent::testing {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

Probe probe(const std::string& component, const std::string& name, const std::string& from = "host") {
  Probe one;
  one.component = component;
  one.name = name;
  one.from = from;
  return one;
}

class AskingTest : public ::testing::Test {
 protected:
  World world;
  Context context = world.context();
  Cancellation cancellation;
  std::mutex mutex;

  Diagnostics ask(const std::vector<Probe>& probes) { return ask_side_by_side(probes, world.means(), context); }
};

TEST_F(AskingTest, ADeadServiceDelaysNoAnswerAboutAnother) {
  std::condition_variable answered;
  bool web_answered = false;
  bool waited = false;
  world.during_probe = [&](const std::string& name) {
    std::unique_lock lock(mutex);
    if (name == "web answers") web_answered = true;
    answered.notify_all();
    if (name == "db answers") waited = answered.wait_for(lock, std::chrono::seconds(10), [&] { return web_answered; });
  };
  EXPECT_FALSE(ask({probe("db", "db answers"), probe("web", "web answers")}).has_errors());
  EXPECT_TRUE(waited);
}

TEST_F(AskingTest, WhatAComponentLooksForItSentBefore) {
  EXPECT_FALSE(
      ask({probe("log", "send"), probe("web", "page"), probe("log", "find"), probe("log", "forget")}).has_errors());
  auto asked = world.log();
  std::erase(asked, "probe page");
  EXPECT_THAT(asked, ElementsAre("probe send", "probe find", "probe forget"));
}

TEST_F(AskingTest, ProblemsComeInTheProbesOrderAndAllOfThem) {
  world.failing_probes = {"one", "two", "three"};
  std::vector<std::string> where;
  const Diagnostics problems = ask({probe("web", "one"), probe("db", "two"), probe("web", "three")});
  for (const auto& problem : problems.items()) where.push_back(problem.where);
  EXPECT_THAT(where, ElementsAre("one", "two", "three"));
}

TEST_F(AskingTest, EachIsToldWhenItBeginsAndWhenItEnds) {
  world.failing_probes = {"two"};
  std::vector<std::string> told;
  context.emit = [&](const Event& event) { told.push_back(event.component + " " + event.subject + " " + event.state); };
  ask({probe("web", "one"), probe("web", "two"), probe("web", "outside", "controller")});
  EXPECT_THAT(told, ElementsAre("web one started", "web one done", "web two started", "web two failed"));
}

TEST_F(AskingTest, AServiceThatDoesNotRunIsNamedAndNotWaitedFor) {
  world.set("service:nginx", "running");
  std::map<std::string, std::int64_t> patience;
  Means means = world.means();
  means.probe = [&](const Probe& probe, Context&) -> Result<> {
    const std::lock_guard alone(mutex);
    patience[probe.name] = probe.deadline_ms;
    return {};
  };
  VerifyRequest request{{probe("web", "page"), probe("db", "query")}, {{"web", {"nginx"}}, {"db", {"mongod"}}}};
  for (auto& one : request.probes) one.deadline_ms = 60000;
  const Diagnostics problems = verify(request, means, context);
  ASSERT_EQ(problems.items().size(), 1U) << to_text(problems);
  EXPECT_EQ(problems.items()[0].where, "db/service:mongod");
  EXPECT_LE(patience["page"], 20000) << "it may need the other";
  EXPECT_LE(patience["query"], 1000);
}

TEST_F(AskingTest, AfterAFailureNothingOfTheComponentIsWaitedForLong) {
  std::map<std::string, std::int64_t> patience;
  Means means = world.means();
  means.probe = [&](const Probe& probe, Context&) -> Result<> {
    const std::lock_guard alone(mutex);
    patience[probe.name] = probe.deadline_ms;
    return probe.name == "first" ? Result<>(failure("first", "late", {}, {})) : Result<>();
  };
  std::vector<Probe> probes = {probe("db", "first"), probe("db", "second"), probe("web", "page")};
  for (auto& one : probes) one.deadline_ms = 60000;
  ask_side_by_side(probes, means, context);
  EXPECT_EQ(patience["first"], 60000);
  EXPECT_LE(patience["second"], 5000);
  EXPECT_EQ(patience["page"], 60000);
}

TEST_F(AskingTest, AnInterruptionEndsItEarly) {
  context.cancellation = &cancellation;
  world.during_probe = [&](const std::string&) { cancellation.cancel(); };
  ask({probe("web", "one"), probe("web", "two")});
  EXPECT_THAT(world.log(), ElementsAre("probe one"));
  EXPECT_THAT(ask({}).items(), IsEmpty());
}

}  // namespace
}  // namespace wright::agent::testing
