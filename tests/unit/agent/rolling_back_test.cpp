#include <gmock/gmock.h>

#include <filesystem>
#include <fstream>
#include <iterator>

#include "unit/agent/world.hpp"

namespace wright::agent::testing {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;
using ::testing::UnorderedElementsAre;

std::string only_transaction_of(World& world, std::size_t place) { return history_of(world).at(place).id; }

Plan reversal_now(World& world, const RollbackRequest& request) {
  Journal journal(world.state_folder());
  Context context = world.context();
  auto blueprint = plan_reversal(request, journal, world.means(), context);
  if (blueprint) return blueprint->plan;
  ADD_FAILURE() << to_text(blueprint.error());
  return {};
}

TEST(RollingBack, TheLastTransactionLeavesTheOnesBefore) {
  World world;
  ASSERT_EQ(apply_now(world, catalog_of({file("/etc/a", "1")})).state, "committed");
  const std::string between = world.everything();
  ASSERT_EQ(apply_now(world, catalog_of({file("/etc/a", "2"), file("/etc/b", "2")})).state, "committed");
  EXPECT_EQ(roll_back_now(world).state, "rolled_back");
  EXPECT_EQ(world.everything(), between);
}

TEST(RollingBack, OnceMoreGoesOneFurtherBackAndThenThereIsNothing) {
  World world;
  const std::string before = world.everything();
  ASSERT_EQ(apply_now(world, catalog_of({file("/etc/a", "1")})).state, "committed");
  ASSERT_EQ(apply_now(world, catalog_of({file("/etc/a", "2")})).state, "committed");
  ASSERT_EQ(roll_back_now(world).state, "rolled_back");
  ASSERT_EQ(roll_back_now(world).state, "rolled_back");
  EXPECT_EQ(world.everything(), before);
  const Outcome nothing = roll_back_now(world);
  EXPECT_NE(nothing.state, "rolled_back");
  EXPECT_EQ(world.everything(), before);
}

TEST(RollingBack, ToAnOlderTransactionTakesBackAllSince) {
  World world;
  ASSERT_EQ(apply_now(world, catalog_of({file("/etc/a", "1")})).state, "committed");
  const std::string between = world.everything();
  ASSERT_EQ(apply_now(world, catalog_of({file("/etc/a", "2")})).state, "committed");
  const std::string second = only_transaction_of(world, 1);
  ASSERT_EQ(apply_now(world, catalog_of({file("/etc/a", "3"), file("/etc/c", "3")})).state, "committed");
  RollbackRequest request;
  request.to = second;
  EXPECT_EQ(roll_back_now(world, request).state, "rolled_back");
  EXPECT_EQ(world.everything(), between);

  EXPECT_THAT(to_text(roll_back_now(world, request).diagnostics), HasSubstr("\"" + second + "\" is undone already"));
  request.to = "20200101T000000Z-00000000";
  EXPECT_THAT(to_text(roll_back_now(world, request).diagnostics), HasSubstr("there is no transaction"));
}

TEST(RollingBack, JustOneComponentLeavesTheOther) {
  World world;
  ASSERT_EQ(apply_now(world, catalog_of({file("/etc/a", "1"), file("/etc/b", "1", "db")})).state, "committed");
  RollbackRequest request;
  request.components = {"db"};
  EXPECT_EQ(roll_back_now(world, request).state, "rolled_back");
  EXPECT_EQ(world.now("file:/etc/a"), "1");
  EXPECT_EQ(world.now("file:/etc/b"), "");
}

TEST(RollingBack, GoesBackwards) {
  World world;
  ASSERT_EQ(apply_now(world, catalog_of({package("nginx"), file("/etc/a", "1"), service("web", {})})).state,
            "committed");
  world.clear_log();
  ASSERT_EQ(roll_back_now(world).state, "rolled_back");
  std::vector<std::string> undone;
  for (const auto& line : world.log())
    if (line.starts_with("undo ")) undone.push_back(line);
  EXPECT_THAT(undone, ElementsAre("undo service:web", "undo file:/etc/a", "undo package:nginx"));
}

TEST(RollingBack, WhatWaitsForTheRestIsNotUndoneBeforeItWas) {
  World world;
  world.set("file:/etc/a", "0");
  const std::string before = world.everything();
  world.postponed_undos = {"file:/etc/a"};
  world.failing_changes = {"file:/etc/b"};
  world.failing_settles = {"file:/etc/a"};
  const Outcome cut_off = apply_now(world, catalog_of({file("/etc/a", "1"), file("/etc/b", "x")}));
  EXPECT_EQ(cut_off.state, "incomplete");
  EXPECT_THAT(to_text(cut_off.diagnostics), HasSubstr("cannot be settled"));
  EXPECT_EQ(world.now("file:/etc/a"), "1");

  // The next contact does not take it for undone.
  world.failing_settles.clear();
  EXPECT_EQ(recover_now(world).state, "rolled_back");
  EXPECT_EQ(world.everything(), before);
}

TEST(RollingBack, ARollbackThatWaitsForTheRestIsNotMadeBeforeItWas) {
  World world;
  const std::string before = world.everything();
  ASSERT_EQ(apply_now(world, catalog_of({file("/etc/a", "1")})).state, "committed");
  world.postponed_undos = {"file:/etc/a"};
  world.failing_settles = {"file:/etc/a"};
  EXPECT_EQ(roll_back_now(world).state, "incomplete");
  world.failing_settles.clear();
  EXPECT_EQ(recover_now(world).state, "rolled_back");
  EXPECT_EQ(world.everything(), before);
}

TEST(RollingBack, AHandEditIsToldSoThatItCanBeKept) {
  World world;
  world.set("file:/etc/a", "origin");
  ASSERT_EQ(apply_now(world, catalog_of({file("/etc/a", "ours")})).state, "committed");
  world.set("file:/etc/a", "edited by hand");
  const Outcome outcome = roll_back_now(world);
  EXPECT_EQ(outcome.state, "rolled_back");
  EXPECT_EQ(world.now("file:/etc/a"), "origin");
  EXPECT_THAT(outcome.kept, SizeIs(1));
}

// An object of a service, an account: there is nothing to copy, but what it was can be read afterwards.
TEST(RollingBack, OfWhatCannotBeCopiedTheEditedStateIsWrittenDown) {
  World world;
  ASSERT_EQ(apply_now(world, catalog_of({directory("/srv/a"), service("web", {})})).state, "committed");
  world.set("directory:/srv/a", "edited by hand");
  world.set("service:web", "stopped");
  const Plan plan = reversal_now(world, {});
  std::map<std::string, std::vector<std::string>> notes;
  for (const auto& change : plan.changes) notes[to_string(change.id)] = change.notes;
  EXPECT_THAT(notes["directory:/srv/a"],
              ElementsAre("was changed by somebody else since; its state now is written down"));
  EXPECT_THAT(notes["service:web"], ElementsAre("was changed by somebody else since"));
  const Outcome outcome = roll_back_now(world);
  ASSERT_EQ(outcome.state, "rolled_back");
  ASSERT_THAT(outcome.kept, ElementsAre(::testing::StartsWith("directory:/srv/a -> " + world.state_folder())));
  const std::string place = outcome.kept.front().substr(outcome.kept.front().find(" -> ") + 4);
  std::ifstream file(place);
  const std::string text((std::istreambuf_iterator<char>(file)), std::istreambuf_iterator<char>());
  EXPECT_EQ(text, "{\"text\":\"edited by hand\"}\n");
  EXPECT_EQ(std::filesystem::status(place).permissions(),
            std::filesystem::perms::owner_read | std::filesystem::perms::owner_write);
}

TEST(RollingBack, AServiceThatRanRunsAgainWithItsOldFile) {
  World world;
  world.set("file:/etc/a", "old");
  world.set("service:web", "running");
  const std::string before = world.everything();
  ASSERT_EQ(apply_now(world, catalog_of({file("/etc/a", "new"), service("web", {id("file:/etc/a")})})).state,
            "committed");
  world.clear_log();
  ASSERT_EQ(roll_back_now(world).state, "rolled_back");
  EXPECT_EQ(world.everything(), before);
  EXPECT_THAT(world.log(), ::testing::Contains("settle service:web"));
}

TEST(RollingBack, WhatWasPostponedComesWhenServicesRunAgain) {
  World world;
  world.set("file:/etc/a", "old");
  world.set("file:/etc/b", "old");
  world.set("service:web", "running");
  ASSERT_EQ(
      apply_now(world, catalog_of({file("/etc/a", "new"), file("/etc/b", "new"), service("web", {id("file:/etc/b")})}))
          .state,
      "committed");
  world.clear_log();
  world.postponed_undos = {"file:/etc/a"};
  ASSERT_EQ(roll_back_now(world).state, "rolled_back");
  const auto log = world.log();
  const auto place = [&](const std::string& line) { return std::find(log.begin(), log.end(), line); };
  ASSERT_NE(place("settle file:/etc/a"), log.end());
  EXPECT_LT(place("settle service:web"), place("settle file:/etc/a"));
}

TEST(RollingBack, APruneGoesToTheOriginAndCanItselfBeTakenBack) {
  World world;
  world.set("file:/etc/b", "origin");
  ASSERT_EQ(apply_now(world, catalog_of({file("/etc/a", "1"), file("/etc/b", "1", "db")})).state, "committed");
  const std::string with_db = world.everything();
  ASSERT_EQ(apply_now(world, catalog_of({file("/etc/a", "1")})).state, "committed");
  EXPECT_EQ(world.now("file:/etc/b"), "origin");
  ASSERT_EQ(roll_back_now(world).state, "rolled_back");
  EXPECT_EQ(world.everything(), with_db);
}

// apt's undo needs to know all that goes, and what was there when it had gone.
TEST(RollingBack, APruneIsPreparedWithTheChangesThatItTakesBack) {
  World world;
  world.set("package:b", "0");
  ASSERT_EQ(apply_now(world, catalog_of({package("a"), package("b"), file("/etc/c", "1", "db")})).state, "committed");
  Resource newer = package("a");
  newer.attributes["version"] = "2";
  ASSERT_EQ(apply_now(world, catalog_of({newer, package("b"), file("/etc/c", "1", "db")})).state, "committed");
  const std::string with_packages = world.everything();
  world.clear_log();
  const Catalog without = catalog_of({file("/etc/c", "1", "db")});
  EXPECT_THAT(plan_now(world, without).changes.front().notes,
              ::testing::Contains("prune: package:a was 1, package:a was nothing, package:b was 0"));
  ASSERT_EQ(apply_now(world, without).state, "committed");
  const std::string told = " for package:a was 1, package:a was nothing, package:b was 0";
  EXPECT_THAT(world.log(), ElementsAre("undo package:a" + told, "undo package:a" + told, "undo package:b" + told));
  const auto steps = Journal(world.state_folder()).steps(history_of(world).back().id);
  ASSERT_TRUE(steps);
  ASSERT_EQ(steps->front().kind, "package");
  EXPECT_EQ(" for " + steps->front().done["after"].text_or(""), told);

  world.clear_log();
  const Plan back = reversal_now(world, {});
  EXPECT_THAT(back.changes.front().notes, ::testing::Contains("rollback: package:a was 2, package:b was 1"));
  ASSERT_EQ(roll_back_now(world).state, "rolled_back");
  EXPECT_THAT(world.log(), UnorderedElementsAre("undo package:a", "undo package:b"));
  EXPECT_EQ(world.everything(), with_packages);
}

// A service must not be started before what it needs was made good.
TEST(RollingBack, AfterAPruneServicesOfOthersSettleLast) {
  World world;
  Resource needed = service("broker", {}, "db");
  Resource needs = service("web", {}, "db");
  needs.after = {needed.id};
  ASSERT_EQ(apply_now(world, catalog_of({needed, needs, file("/etc/a", "1", "web")})).state, "committed");
  ASSERT_EQ(apply_now(world, catalog_of({file("/etc/a", "1", "web")})).state, "committed");
  world.clear_log();
  ASSERT_EQ(roll_back_now(world).state, "rolled_back");
  std::vector<std::string> settled;
  for (const auto& line : world.log())
    if (line.starts_with("settle")) settled.push_back(line);
  EXPECT_THAT(settled, ElementsAre("settle service:broker", "settle service:web"));
}

TEST(RollingBack, APlanSaysWhatRunsBeforeAComponentGoes) {
  World world;
  Catalog catalog = catalog_of({file("/etc/a", "1", "web"), file("/etc/b", "1", "db")});
  Resource drain;
  drain.id = {"command", "drain db"};
  for (auto& component : catalog.components)
    if (component.name == "db") component.rollback = {drain};
  ASSERT_EQ(apply_now(world, catalog).state, "committed");
  const auto said_of_b = ElementsAre("before db goes: command:drain db");
  EXPECT_THAT(plan_now(world, catalog_of({file("/etc/a", "1", "web")})).changes.front().notes, said_of_b);
  for (const auto& change : reversal_now(world, {}).changes)
    if (change.id == id("file:/etc/b"))
      EXPECT_THAT(change.notes, said_of_b);
    else
      EXPECT_THAT(change.notes, IsEmpty());
}

TEST(RollingBack, WhatElseGoesNeedNotBeKnownForARollback) {
  World world;
  ASSERT_EQ(apply_now(world, catalog_of({package("a"), file("/etc/b", "1", "db")})).state, "committed");
  world.failing_notes = {"package:a"};
  std::string notes;
  for (const auto& change : reversal_now(world, {}).changes)
    for (const auto& note : change.notes) notes += note;
  EXPECT_EQ(notes, "what else goes is not known: its record is damaged");
  EXPECT_EQ(roll_back_now(world).state, "rolled_back");
  EXPECT_EQ(world.everything(), "");
}

/// What the service, which `was` running or stopped, is told when its prune is taken back.
std::string told_after_a_prune(const std::string& was, const Resource& leaving) {
  World world;
  world.set("service:web", was);
  const Resource stays = file("/etc/b", "1", "db");
  for (const auto* content : {"1", "2"})
    EXPECT_EQ(apply_now(world, catalog_of({file("/etc/a", content), leaving, stays})).state, "committed");
  EXPECT_EQ(apply_now(world, catalog_of({stays})).state, "committed");
  const auto steps = Journal(world.state_folder()).steps(history_of(world).back().id);
  if (!steps) return to_text(steps.error());
  for (const auto& step : *steps)
    if (step.pruned && step.kind == "service") return step.undo["action"].text_or("");
  return "nothing";
}

// Otherwise sshd goes on without the port that is in its file again.
TEST(RollingBack, AServiceIsToldOfTheConfigurationThatComesBackAfterAPrune) {
  Resource reloads = service("web", {});
  reloads.reload_on = {id("file:/etc/a")};
  const Resource restarts = service("web", {id("file:/etc/a")});
  for (const auto* was : {"running", "stopped"}) {
    EXPECT_EQ(told_after_a_prune(was, reloads), "reload") << was;
    EXPECT_EQ(told_after_a_prune(was, restarts), "restart") << was;
  }
}

TEST(RollingBack, ToATransactionLeavesOutWhatAComponentsRollbackUndid) {
  World world;
  const std::string before = world.everything();
  ASSERT_EQ(apply_now(world, catalog_of({file("/etc/a", "1"), file("/etc/b", "1", "db")})).state, "committed");
  RollbackRequest component;
  component.components = {"db"};
  ASSERT_EQ(roll_back_now(world, component).state, "rolled_back");
  RollbackRequest request;
  request.to = only_transaction_of(world, 0);
  EXPECT_THAT(lines_of(reversal_now(world, request)), ElementsAre("remove file:/etc/a"));
  world.set("file:/etc/b", "somebody's own");
  EXPECT_EQ(roll_back_now(world, request).state, "rolled_back");
  EXPECT_EQ(world.now("file:/etc/b"), "somebody's own");
  world.remove("file:/etc/b");
  EXPECT_EQ(world.everything(), before);
}

TEST(RollingBack, SaysWhichTransactionsItUndoes) {
  World world;
  ASSERT_EQ(apply_now(world, catalog_of({file("/etc/a", "1")})).state, "committed");
  ASSERT_EQ(apply_now(world, catalog_of({file("/etc/a", "2")})).state, "committed");
  const auto history = history_of(world);
  RollbackRequest request;
  EXPECT_THAT(reversal_now(world, request).undoes, ElementsAre(history.at(1)));
  request.to = history.at(0).id;
  EXPECT_THAT(reversal_now(world, request).undoes, ElementsAre(history.at(1), history.at(0)));
}

TEST(RollingBack, AComponentsRollbackDoesNotSayThatItLeftTheSite) {
  World world;
  ASSERT_EQ(apply_now(world, catalog_of({file("/etc/a", "1")})).state, "committed");
  RollbackRequest request;
  request.components = {"web"};
  const Plan plan = reversal_now(world, request);
  ASSERT_THAT(plan.changes, SizeIs(1));
  EXPECT_FALSE(plan.changes.front().pruned);
}

/// A host where an apply stopped between a file and the restart that it asks for.
void owe_a_restart(World& world) {
  const auto site = [](const std::string& content) {
    return catalog_of({file("/etc/b", "1", "db"), file("/etc/a", content), file("/etc/c", content),
                       service("web", {id("file:/etc/a"), id("file:/etc/c")})});
  };
  ASSERT_EQ(apply_now(world, site("1")).state, "committed");
  world.failing_changes = {"file:/etc/c"};
  ASSERT_EQ(apply_now(world, site("2"), true, "stop").state, "stopped");
  world.failing_changes.clear();
  ASSERT_THAT(*Journal(world.state_folder()).pending_restarts(), SizeIs(1));
}

TEST(RollingBack, NoRestartIsOwedToAServiceOfAComponentThatWasUndone) {
  World world;
  owe_a_restart(world);
  RollbackRequest request;
  request.components = {"web"};
  ASSERT_EQ(roll_back_now(world, request).state, "rolled_back");
  EXPECT_THAT(*Journal(world.state_folder()).pending_restarts(), IsEmpty());
}

TEST(RollingBack, NoRestartIsOwedForATransactionThatWasUndone) {
  World world;
  owe_a_restart(world);
  ASSERT_EQ(roll_back_now(world).state, "rolled_back");
  EXPECT_THAT(*Journal(world.state_folder()).pending_restarts(), IsEmpty());
}

TEST(RollingBack, NoRestartIsOwedToAServiceThatLeftTheSite) {
  World world;
  owe_a_restart(world);
  ASSERT_EQ(apply_now(world, catalog_of({file("/etc/b", "1", "db")})).state, "committed");
  EXPECT_THAT(*Journal(world.state_folder()).pending_restarts(), IsEmpty());
}

TEST(RollingBack, AnotherPlanThanTheShownOneIsRefused) {
  World world;
  ASSERT_EQ(apply_now(world, catalog_of({file("/etc/a", "1")})).state, "committed");
  Journal journal(world.state_folder());
  Context context = world.context();
  RollbackRequest request;
  request.digest = std::string(64, '0');
  EXPECT_EQ(roll_back(request, {"run", "me@here", "test"}, journal, world.means(), context).state, "refused");
  EXPECT_EQ(world.now("file:/etc/a"), "1");
}

}  // namespace
}  // namespace wright::agent::testing
