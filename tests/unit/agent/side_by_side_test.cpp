#include <gmock/gmock.h>

#include <chrono>
#include <condition_variable>
#include <mutex>
#include <thread>

#include "agent/baton.hpp"
#include "unit/agent/world.hpp"

namespace wright::agent::testing {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;

Resource command(const std::string& name, const std::string& component) {
  Resource r;
  r.id = {"command", name};
  r.components = {component};
  r.attributes = {{"argv", Value(std::vector<std::string>{"/bin/true"})}, {"creates", "/made"}};
  return r;
}

/// Two changes that each end only when the other has begun; alone, one gives up after ten seconds.
class Meeting {
 public:
  bool come(const Context& context) {
    const Aside aside(context);
    std::unique_lock lock(mutex_);
    ++here_;
    came_.notify_all();
    return came_.wait_for(lock, std::chrono::seconds(10), [&] { return here_ >= 2; });
  }

 private:
  std::mutex mutex_;
  std::condition_variable came_;
  int here_ = 0;
};

std::size_t place_of(const World& world, const std::string& line) {
  const auto log = world.log();
  return static_cast<std::size_t>(std::find(log.begin(), log.end(), line) - log.begin());
}

TEST(SideBySide, ComponentsThatNeedNothingOfEachOtherDoNotWait) {
  World world;
  Meeting meeting;
  int met = 0;
  world.during_change = [&](const std::string& id, const Context& context) {
    if (id.starts_with("command:") && meeting.come(context)) ++met;
  };
  const std::string before = world.everything();
  ASSERT_EQ(apply_now(world, catalog_of({command("long", "web"), command("longer", "db")})).state, "committed");
  EXPECT_EQ(met, 2);
  EXPECT_EQ(roll_back_now(world).state, "rolled_back");
  EXPECT_EQ(world.everything(), before);
}

/// Nothing of `then` is begun before `first` is done, however long that puts the baton down.
void expect_one_after_the_other(const Catalog& catalog, const std::string& first, const std::string& then) {
  World world;
  std::mutex mutex;
  std::condition_variable began;
  bool overtaken = false;
  world.during_change = [&](const std::string& id, const Context& context) {
    if (id == first) {
      const Aside aside(context);
      std::unique_lock lock(mutex);
      overtaken = began.wait_for(lock, std::chrono::milliseconds(200), [&] { return overtaken; });
    } else if (id == then && place_of(world, "create " + first) == world.log().size()) {
      const std::lock_guard lock(mutex);
      overtaken = true;
      began.notify_all();
    }
  };
  ASSERT_EQ(apply_now(world, catalog).state, "committed");
  EXPECT_FALSE(overtaken);
  EXPECT_LT(place_of(world, "create " + first), place_of(world, "create " + then));
}

TEST(SideBySide, WhatAComponentRequiresComesFirst) {
  Catalog catalog = catalog_of({command("database", "db"), command("migrate", "web")});
  catalog.components[1].requires_ = {"db"};
  expect_one_after_the_other(catalog, "command:database", "command:migrate");
}

TEST(SideBySide, WhatLiesBetweenTwoResourcesOrdersTheirComponents) {
  Resource in_folder = file("/srv/app/settings", "x", "web");
  in_folder.after = {id("command:lay out")};
  expect_one_after_the_other(catalog_of({command("lay out", "base"), in_folder}), "command:lay out",
                             "file:/srv/app/settings");
}

TEST(SideBySide, SharingAResourceOrdersToo) {
  Resource shared = command("shared", "base");
  shared.components = {"base", "web"};
  expect_one_after_the_other(catalog_of({shared, file("/etc/web", "x", "web")}), "command:shared", "file:/etc/web");
}

TEST(SideBySide, AFolderOfAnotherComponentComesFirst) {
  World world;
  const auto segments = segments_of(
      catalog_of({directory("/srv/app", "base"), file("/srv/app/x/y", "x", "web"), file("/etc/z", "z", "db")}),
      world.means());
  ASSERT_TRUE(segments);
  EXPECT_THAT((*segments)[2].needs, ElementsAre("base"));
  EXPECT_TRUE((*segments)[3].needs.empty());
}

TEST(SideBySide, AFailureEndsTheOthersAndAllIsTakenBack) {
  World world;
  const std::string before = world.everything();
  world.failing_changes = {"command:bad"};
  Meeting meeting;
  world.during_change = [&](const std::string& id, const Context& context) {
    if (id == "command:bad" || id == "command:good") meeting.come(context);
    // Whoever finds the line and the baton comes after the failure.
    while (id == "command:good" && place_of(world, "create command:bad") == world.log().size()) {
      const Aside aside(context);
      std::this_thread::sleep_for(std::chrono::milliseconds(1));
    }
  };
  const Outcome outcome = apply_now(world, catalog_of({command("bad", "web"), command("good", "db"),
                                                       command("after", "db"), file("/etc/db", "x", "db")}));
  EXPECT_EQ(outcome.state, "rolled_back");
  EXPECT_THAT(to_text(outcome.diagnostics), HasSubstr("command:bad"));
  EXPECT_THAT(to_text(outcome.diagnostics), Not(HasSubstr("another component")));
  EXPECT_THAT(world.log(), Not(Contains("create command:after")));
  EXPECT_EQ(world.everything(), before);
}

TEST(SideBySide, ARestartThatALaterComponentAsksForIsNotLost) {
  World world;
  world.set("service:web", "running");
  const Catalog catalog = catalog_of({service("web", {id("file:/etc/late")}, "web"), file("/etc/late", "x", "db")});
  ASSERT_EQ(apply_now(world, catalog).state, "committed");
  EXPECT_THAT(world.log(), Contains("restart service:web"));
  EXPECT_TRUE(Journal(world.state_folder()).pending_restarts()->empty());
}

TEST(SideBySide, WhatJoinsIsLookedAtWhenAnotherHostHasMadeIt) {
  World world;
  Catalog catalog = catalog_of({command("before", "web"), file("/shared", "x", "web"), command("other", "db")});
  catalog.joining["file:/shared"] = {"file:/shared@first"};
  Decided conversation(true);
  world.during_change = [&](const std::string& id, const Context&) {
    if (id != "command:other") return;
    // As another host would: from then on there is nothing left to do.
    world.set("file:/shared", "x");
    conversation.tokens.insert("file:/shared@first");
  };
  Journal journal(world.state_folder());
  Context context = world.context();
  const auto blueprint = make_plan(catalog, journal, world.means(), context);
  ASSERT_TRUE(blueprint);
  const Outcome outcome =
      apply({catalog, blueprint->plan.digest, {}, "rollback"}, {}, journal, world.means(), context, conversation);
  EXPECT_EQ(outcome.state, "prepared") << to_text(outcome.diagnostics);
  EXPECT_THAT(world.log(), Contains("create command:before"));
  EXPECT_THAT(world.log(), Not(Contains("create file:/shared")));
}

TEST(SideBySide, WhatOthersJoinIsToldAlsoWhenThereIsNothingToDoForIt) {
  World world;
  Catalog catalog = catalog_of({file("/shared", "x", "web"), file("/more", "y", "db")});
  ASSERT_EQ(apply_now(world, catalog).state, "committed");
  catalog.joined = {"file:/shared", "file:/more"};
  world.set("file:/more", "z");
  Journal journal(world.state_folder());
  Context context = world.context();
  std::vector<std::string> told;
  context.emit = [&](const Event& event) {
    if (event.event == "ready" && !event.subject.empty()) told.push_back(event.subject);
  };
  const auto blueprint = make_plan(catalog, journal, world.means(), context);
  ASSERT_TRUE(blueprint);
  Decided conversation(true);
  ASSERT_EQ(
      apply({catalog, blueprint->plan.digest, {}, "rollback"}, {}, journal, world.means(), context, conversation).state,
      "prepared");
  EXPECT_THAT(told, ::testing::UnorderedElementsAre("file:/shared", "file:/more"));
}

TEST(SideBySide, WhatIsNoLongerPossibleIsNotTried) {
  World world;
  const std::string before = world.everything();
  world.during_change = [&](const std::string& id, const Context&) {
    if (id == "command:first") world.obstacles["service:web"] = "";
  };
  const Outcome outcome = apply_now(world, catalog_of({command("first", "web"), service("web", {})}));
  EXPECT_EQ(outcome.state, "rolled_back");
  EXPECT_THAT(to_text(outcome.diagnostics), HasSubstr("is masked"));
  EXPECT_THAT(world.log(), Not(Contains("create service:web")));
  EXPECT_EQ(world.everything(), before);
}

}  // namespace
}  // namespace wright::agent::testing
