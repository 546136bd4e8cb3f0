#include <gmock/gmock.h>

#include "unit/agent/world.hpp"

namespace wright::agent::testing {
namespace {

using ::testing::Contains;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::SizeIs;

/// A host with a file that stays in the site and one that leaves it, and what is wanted of it next.
class Cancelling : public ::testing::Test {
 protected:
  Cancelling() {
    world.set("file:/etc/a", "somebody's");
    world.set("service:web", "running");
    EXPECT_EQ(
        apply_now(world, catalog_of({file("/etc/a", "x"), file("/etc/old", "y"), service("web", {id("file:/etc/a")})}))
            .state,
        "committed");
    before = world.everything();
    world.clear_log();
  }

  /// The controller goes while the resource is being changed.
  void goes_during(const std::string& resource) {
    world.during_change = [this, resource](const std::string& id, const Context&) {
      if (id == resource) world.cancellation.cancel();
    };
  }

  World world;
  const Catalog wanted = catalog_of({package("nginx"), file("/etc/a", "new"), service("web", {id("file:/etc/a")}),
                                     file("/etc/b", "z", "last"), file("/etc/c", "z", "last")});
  std::string before;
};

TEST_F(Cancelling, WhileAChangeIsMadeTakesEverythingBackByItself) {
  goes_during("file:/etc/b");
  const Outcome outcome = apply_now(world, wanted);
  EXPECT_EQ(outcome.state, "rolled_back") << to_text(outcome.diagnostics);
  EXPECT_EQ(world.everything(), before);
  EXPECT_THAT(world.log(), Contains("create package:nginx"));
  EXPECT_THAT(world.log(), Not(Contains("create file:/etc/c")));
  ASSERT_THAT(history_of(world), SizeIs(2));
  EXPECT_EQ(history_of(world).back().state, "rolled_back");
  Journal journal(world.state_folder());
  const auto open = journal.unfinished();
  ASSERT_TRUE(open);
  EXPECT_FALSE(open->has_value());
}

TEST_F(Cancelling, WhilePackagesAreMadeTakesThemBack) {
  goes_during("package:nginx");
  EXPECT_EQ(apply_now(world, wanted).state, "rolled_back");
  EXPECT_EQ(world.everything(), before);
  EXPECT_THAT(world.log(), Not(Contains("update file:/etc/a")));
}

// To look at a failed step somebody must be there.
TEST_F(Cancelling, TakesEverythingBackEvenWhenAFailureWouldBeLeft) {
  goes_during("file:/etc/b");
  world.failing_changes = {"file:/etc/b"};
  EXPECT_EQ(apply_now(world, wanted, true, "stop").state, "rolled_back");
  EXPECT_EQ(world.everything(), before);
}

TEST_F(Cancelling, BeforeTheFirstChangeMakesNone) {
  world.cancellation.cancel();
  EXPECT_EQ(apply_now(world, wanted).state, "refused");
  EXPECT_EQ(world.everything(), before);
  EXPECT_THAT(world.log(), IsEmpty());
  EXPECT_THAT(history_of(world), SizeIs(1));
}

}  // namespace
}  // namespace wright::agent::testing
