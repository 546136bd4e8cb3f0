#include <gmock/gmock.h>

#include "unit/agent/world.hpp"

namespace wright::agent::testing {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

Probe probe(const std::string& name, bool ready) {
  Probe one;
  one.name = name;
  one.component = "web";
  one.ready = ready;
  one.kind = "file";
  one.attributes = {{"path", "/etc"}};
  return one;
}

TEST(Applying, MakesTheChangesInOrderAndCommits) {
  World world;
  const Outcome outcome =
      apply_now(world, catalog_of({package("nginx"), file("/etc/a", "x"), service("web", {id("file:/etc/a")})}));
  EXPECT_EQ(outcome.state, "committed") << to_text(outcome.diagnostics);
  EXPECT_EQ(outcome.changed, 3);
  EXPECT_EQ(world.now("package:nginx"), "1");
  EXPECT_EQ(world.now("service:web"), "running");
  ASSERT_THAT(history_of(world), SizeIs(1));
  EXPECT_EQ(history_of(world).front().state, "committed");
}

TEST(Applying, IsOnDiskBeforeItIsCommittedAndBeforeItIsTakenBack) {
  World world;
  world.sync = [&] {
    world.note("sync in state " + history_of(world).back().state);
    return Result<>();
  };
  const Catalog catalog = catalog_of({file("/etc/a", "x")});
  ASSERT_EQ(apply_now(world, catalog).state, "committed");
  EXPECT_THAT(world.log(), ElementsAre("create file:/etc/a", "sync in state open"));
  world.clear_log();
  ASSERT_EQ(apply_now(world, catalog).state, "unchanged");
  EXPECT_THAT(world.log(), IsEmpty());
  ASSERT_EQ(roll_back_now(world).state, "rolled_back");
  EXPECT_THAT(world.log(), ElementsAre("undo file:/etc/a", "sync in state open"));
}

TEST(Applying, TheUndoOfWhatProgramsWriteIsOnDiskBeforeItCountsAsDone) {
  World world;
  ASSERT_EQ(apply_now(world, catalog_of({package("nginx"), file("/etc/a", "x")})).state, "committed");
  world.clear_log();
  world.sync = [&] {
    world.note("sync");
    return Result<>();
  };
  ASSERT_EQ(roll_back_now(world).state, "rolled_back");
  EXPECT_THAT(world.log(), ElementsAre("undo file:/etc/a", "undo package:nginx", "sync", "sync"));
}

TEST(Applying, AnUndoThatIsNotOnDiskIsDoneAgain) {
  World world;
  ASSERT_EQ(apply_now(world, catalog_of({package("nginx")})).state, "committed");
  int syncs = 0;
  world.sync = [&]() -> Result<> {
    if (++syncs == 1) return failure("/", "cannot be synced");
    return {};
  };
  EXPECT_EQ(roll_back_now(world).state, "incomplete");
  world.clear_log();
  EXPECT_EQ(recover_now(world).state, "rolled_back");
  EXPECT_THAT(world.log(), ElementsAre("undo package:nginx"));
}

TEST(Applying, WhatCannotBeSyncedIsNotCommitted) {
  World world;
  const std::string before = world.everything();
  int syncs = 0;
  world.sync = [&]() -> Result<> {
    if (++syncs == 1) return failure("/", "cannot be synced");
    return {};
  };
  const Outcome outcome = apply_now(world, catalog_of({file("/etc/a", "x")}));
  EXPECT_EQ(outcome.state, "rolled_back");
  EXPECT_THAT(to_text(outcome.diagnostics), HasSubstr("cannot be synced"));
  EXPECT_EQ(world.everything(), before);
}

TEST(Applying, DoesNothingTheSecondTime) {
  World world;
  const Catalog catalog = catalog_of({file("/etc/a", "x"), service("web", {id("file:/etc/a")})});
  ASSERT_EQ(apply_now(world, catalog).state, "committed");
  world.clear_log();
  const Outcome again = apply_now(world, catalog);
  EXPECT_EQ(again.state, "unchanged");
  EXPECT_THAT(world.log(), IsEmpty());
  EXPECT_THAT(history_of(world), SizeIs(1));
}

TEST(Applying, AFailureInTheMiddleTakesEverythingBack) {
  World world;
  world.set("file:/etc/a", "before");
  world.set("service:web", "running");
  const std::string before = world.everything();
  world.failing_changes = {"file:/etc/c"};
  const Outcome outcome =
      apply_now(world, catalog_of({file("/etc/a", "new"), file("/etc/b", "y"), service("web", {id("file:/etc/a")}),
                                   file("/etc/c", "z", "later")}));
  EXPECT_EQ(outcome.state, "rolled_back");
  EXPECT_TRUE(outcome.diagnostics.has_errors());
  EXPECT_EQ(world.everything(), before);
  EXPECT_EQ(history_of(world).front().state, "rolled_back");
}

TEST(Applying, WhatFailsWithStopStaysAndIsNotLost) {
  World world;
  const std::string before = world.everything();
  world.failing_changes = {"file:/etc/b"};
  const Outcome outcome = apply_now(world, catalog_of({file("/etc/a", "x"), file("/etc/b", "y")}), true, "stop");
  EXPECT_EQ(outcome.state, "stopped");
  EXPECT_EQ(world.now("file:/etc/a"), "x");
  // The change of /etc/b was made before it failed; it is as much in the journal as the one before it.
  EXPECT_EQ(roll_back_now(world).state, "rolled_back");
  EXPECT_EQ(world.everything(), before);
}

TEST(Applying, WhatStopsBeforeTheFirstChangeUsesUpNoRollback) {
  World world;
  const std::string before = world.everything();
  ASSERT_EQ(apply_now(world, catalog_of({file("/etc/a", "x")})).state, "committed");
  world.failing_preparations = {"file:/etc/b"};
  EXPECT_EQ(apply_now(world, catalog_of({file("/etc/a", "x"), file("/etc/b", "y")}), true, "stop").state, "stopped");
  EXPECT_EQ(history_of(world).back().state, "rolled_back");
  EXPECT_EQ(roll_back_now(world).state, "rolled_back");
  EXPECT_EQ(world.everything(), before);
}

TEST(Applying, AFailedReadinessGateEndsInARollbackBeforeTheNextComponent) {
  World world;
  const std::string before = world.everything();
  world.failing_probes = {"answers"};
  Catalog catalog = catalog_of({file("/etc/a", "x"), file("/etc/b", "y", "later")});
  catalog.components[1].requires_ = {"web"};
  catalog.probes.push_back(probe("answers", true));
  world.on_note = [](const std::string& line) { EXPECT_EQ(line.find("create file:/etc/b"), std::string::npos); };
  const Outcome outcome = apply_now(world, catalog);
  EXPECT_EQ(outcome.state, "rolled_back") << to_text(outcome.diagnostics);
  EXPECT_THAT(to_text(outcome.diagnostics), HasSubstr("does not answer"));
  EXPECT_EQ(world.everything(), before);
}

TEST(Applying, AFailedVerifyEndsInARollback) {
  World world;
  const std::string before = world.everything();
  world.failing_probes = {"serves"};
  Catalog catalog = catalog_of({file("/etc/a", "x")});
  catalog.probes.push_back(probe("serves", false));
  EXPECT_EQ(apply_now(world, catalog).state, "rolled_back");
  EXPECT_EQ(world.everything(), before);
}

TEST(Applying, AControllerThatSaysNoOrIsGoneEndsInARollback) {
  for (const std::optional<bool> decision : {std::optional<bool>(false), std::optional<bool>()}) {
    World world;
    const std::string before = world.everything();
    EXPECT_EQ(apply_now(world, catalog_of({file("/etc/a", "x")}), decision).state, "rolled_back");
    EXPECT_EQ(world.everything(), before);
  }
}

TEST(Applying, AHostThatMovedSinceThePlanIsLeftAlone) {
  World world;
  const Catalog catalog = catalog_of({file("/etc/a", "x"), file("/etc/b", "y")});
  const Plan plan = plan_now(world, catalog);
  world.set("file:/etc/b", "somebody else's");
  const std::string before = world.everything();
  Journal journal(world.state_folder());
  Context context = world.context();
  Decided controller(true);
  const Outcome outcome = apply({catalog, plan.digest, plan.states, "rollback"}, {"run", "me@here", "test"}, journal,
                                world.means(), context, controller);
  EXPECT_EQ(outcome.state, "refused");
  EXPECT_THAT(to_text(outcome.diagnostics), HasSubstr("file:/etc/b"));
  EXPECT_EQ(world.everything(), before);
  EXPECT_THAT(history_of(world), IsEmpty());
}

TEST(Applying, AnotherCatalogThanThePlansIsRefused) {
  World world;
  const Plan plan = plan_now(world, catalog_of({file("/etc/a", "x")}));
  Journal journal(world.state_folder());
  Context context = world.context();
  Decided controller(true);
  const Outcome outcome = apply({catalog_of({file("/etc/a", "other")}), plan.digest, plan.states, "rollback"},
                                {"run", "me@here", "test"}, journal, world.means(), context, controller);
  EXPECT_EQ(outcome.state, "refused");
  EXPECT_EQ(world.now("file:/etc/a"), "");
}

TEST(Applying, AnUndoThatFailsIsIncompleteAndCanBeTriedAgain) {
  World world;
  world.set("file:/etc/a", "before");
  const std::string before = world.everything();
  world.failing_changes = {"file:/etc/b"};
  world.failing_undos = {"file:/etc/a"};
  EXPECT_EQ(apply_now(world, catalog_of({file("/etc/a", "x"), file("/etc/b", "y")})).state, "incomplete");
  EXPECT_EQ(world.now("file:/etc/a"), "x");
  world.failing_undos.clear();
  EXPECT_EQ(recover_now(world).state, "rolled_back");
  EXPECT_EQ(world.everything(), before);
}

}  // namespace
}  // namespace wright::agent::testing
