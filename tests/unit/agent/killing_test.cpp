#include <gmock/gmock.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <cstdlib>

#include "unit/agent/world.hpp"

namespace wright::agent::testing {
namespace {

Catalog richer() {
  return catalog_of({package("nginx"), file("/etc/a", "new"), directory("/etc/d"), file("/etc/d/x", "x"),
                     service("web", {id("file:/etc/a")}), file("/etc/last", "z", "later")});
}

void settle_in(World& world) {
  world.set("file:/etc/a", "old");
  world.set("service:web", "running");
}

enum class Way { apply, roll_back };

/// Runs it in a process that SIGKILLs itself at the nth time a point is passed; true when it was killed there.
bool killed_at(World& world, Way way, const std::string& point, int nth) {
  const pid_t child = ::fork();
  if (child == 0) {
    ::setenv("WRIGHT_FAILPOINT", (point + ":kill:" + std::to_string(nth)).c_str(), 1);
    way == Way::apply ? apply_now(world, richer()) : roll_back_now(world);
    ::_exit(0);
  }
  int status = 0;
  ::waitpid(child, &status, 0);
  return WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL;
}

const char* const points[] = {"in_journal",   "before_intent", "after_intent", "mid_change",
                              "after_change", "after_done",    "before_commit"};

TEST(Killing, AnApplyKilledAnywhereIsTakenBackByTheNextContact) {
  int kills = 0;
  for (const char* point : points) {
    for (int nth = 1; nth < 60; ++nth) {
      SCOPED_TRACE(std::string(point) + " " + std::to_string(nth));
      World world;
      settle_in(world);
      const std::string before = world.everything();
      if (!killed_at(world, Way::apply, point, nth)) break;
      ++kills;
      const Outcome outcome = recover_now(world);
      // Nothing was open yet, or the transaction was complete: before it was begun or after it was committed.
      const bool committed = !history_of(world).empty() && history_of(world).back().state == "committed";
      if (outcome.state == "unchanged" && committed) {
        EXPECT_EQ(apply_now(world, richer()).state, "unchanged");
        continue;
      }
      EXPECT_TRUE(outcome.state == "unchanged" || outcome.state == "rolled_back") << outcome.state;
      EXPECT_EQ(world.everything(), before);
      EXPECT_EQ(recover_now(world).state, "unchanged");
      EXPECT_EQ(apply_now(world, richer()).state, "committed");
    }
  }
  EXPECT_GT(kills, 20);
}

TEST(Killing, ARollbackKilledAnywhereIsCarriedOn) {
  int kills = 0;
  for (const char* point : {"in_journal", "during_undo", "before_intent", "after_done"}) {
    for (int nth = 1; nth < 60; ++nth) {
      SCOPED_TRACE(std::string(point) + " " + std::to_string(nth));
      World world;
      settle_in(world);
      const std::string before = world.everything();
      ASSERT_EQ(apply_now(world, richer()).state, "committed");
      const std::string after = world.everything();
      if (!killed_at(world, Way::roll_back, point, nth)) break;
      ++kills;
      recover_now(world);
      const std::string now = world.everything();
      EXPECT_TRUE(now == before || now == after) << now;
      if (now == after) {
        EXPECT_EQ(roll_back_now(world).state, "rolled_back");
      }
      EXPECT_EQ(world.everything(), before);
      EXPECT_EQ(recover_now(world).state, "unchanged");
    }
  }
  EXPECT_GT(kills, 5);
}

TEST(Killing, ARecoveryThatIsKilledItselfIsRecovered) {
  for (int nth = 1; nth < 8; ++nth) {
    World world;
    settle_in(world);
    const std::string before = world.everything();
    ASSERT_TRUE(killed_at(world, Way::apply, "before_commit", 1));
    const pid_t child = ::fork();
    if (child == 0) {
      ::setenv("WRIGHT_FAILPOINT", ("during_undo:kill:" + std::to_string(nth)).c_str(), 1);
      recover_now(world);
      ::_exit(0);
    }
    ::waitpid(child, nullptr, 0);
    recover_now(world);
    EXPECT_EQ(world.everything(), before) << nth;
    EXPECT_EQ(recover_now(world).state, "unchanged");
  }
}

TEST(Killing, ARestartThatWasOwedIsMadeByTheNextApply) {
  World world;
  settle_in(world);
  world.failing_changes = {"file:/etc/a"};
  const Catalog catalog = catalog_of({file("/etc/a", "new"), service("web", {id("file:/etc/a")})});
  ASSERT_EQ(apply_now(world, catalog, true, "stop").state, "stopped");
  world.failing_changes.clear();
  world.clear_log();
  ASSERT_EQ(apply_now(world, catalog).state, "committed");
  EXPECT_THAT(world.log(), ::testing::Contains("restart service:web"));
}

}  // namespace
}  // namespace wright::agent::testing
