#include <gmock/gmock.h>

#include <filesystem>

#include "unit/agent/world.hpp"

namespace wright::agent::testing {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

TEST(Planning, MakesNothingOnAFreshHost) {
  World world;
  const Plan plan = plan_now(world, catalog_of({package("nginx"), file("/etc/a", "x")}));
  EXPECT_THAT(lines_of(plan), ElementsAre("create package:nginx", "create file:/etc/a"));
  EXPECT_FALSE(std::filesystem::exists(world.state_folder()));
  EXPECT_THAT(world.log(), IsEmpty());
}

TEST(Planning, WhatAPackageMayBringIsPerhapsRemoved) {
  World world;
  Resource site = file("/etc/default-site", "");
  site.attributes = {{"ensure", "absent"}};
  const Plan plan = plan_now(world, catalog_of({package("nginx"), site}));
  ASSERT_THAT(lines_of(plan), ElementsAre("create package:nginx", "remove file:/etc/default-site"));
  EXPECT_TRUE(plan.changes[1].conditional);
  EXPECT_THAT(plan.changes[1].notes, ElementsAre("if package:nginx brings it"));
  // What is there goes, whatever a package brings.
  world.set("file:/etc/default-site", "there");
  EXPECT_FALSE(plan_now(world, catalog_of({package("nginx"), site})).changes[1].conditional);
}

TEST(Planning, WhatCannotBeSeenIsPerhapsRemoved) {
  World world;
  Resource gone = file("/etc/gone", "");
  gone.attributes = {{"ensure", "absent"}};
  world.unseen["file:/etc/gone"] = "the disk is away";
  const Plan plan = plan_now(world, catalog_of({gone}));
  ASSERT_THAT(lines_of(plan), ElementsAre("remove file:/etc/gone"));
  EXPECT_TRUE(plan.changes[0].conditional);
  EXPECT_EQ(plan.changes[0].unseen, "the disk is away");
}

TEST(Planning, WhatCannotComeBackIsSaidBeforehand) {
  World world;
  world.set("file:/etc/gone", "old");
  Resource gone = file("/etc/gone", "");
  gone.attributes = {{"ensure", "absent"}};
  ASSERT_EQ(apply_now(world, catalog_of({gone, file("/etc/a", "a")})).state, "committed");
  world.missing["file:/etc/gone"] = "is lost";
  world.missing["file:/etc/a"] = "was never there";
  // Its entry leaves the site file, or a rollback brings it back.
  Plan plan = plan_now(world, catalog_of({file("/etc/a", "a")}));
  ASSERT_THAT(lines_of(plan), ElementsAre("create file:/etc/gone"));
  EXPECT_THAT(plan.changes[0].notes, ElementsAre("old is lost"));
  Context context = world.context();
  Journal journal(world.state_folder());
  const auto back = plan_reversal({}, journal, world.means(), context);
  ASSERT_TRUE(back);
  for (const auto& change : back->plan.changes)
    EXPECT_EQ(change.notes.size(), change.id.name == "/etc/gone" ? 1U : 0U) << change.id.name;
}

TEST(Planning, RestartsARunningServiceOnlyWhenSomethingItUsesChanges) {
  World world;
  world.set("service:web", "running");
  world.set("file:/etc/a", "x");
  const auto web = service("web", {id("file:/etc/a")});
  EXPECT_THAT(lines_of(plan_now(world, catalog_of({file("/etc/a", "x"), web}))), IsEmpty());
  EXPECT_THAT(lines_of(plan_now(world, catalog_of({file("/etc/a", "y"), web}))),
              ElementsAre("update file:/etc/a", "restart service:web"));
}

TEST(Planning, DoesNotRestartWhatItStarts) {
  World world;
  const Plan plan = plan_now(world, catalog_of({file("/etc/a", "x"), service("web", {id("file:/etc/a")})}));
  EXPECT_THAT(lines_of(plan), ElementsAre("create file:/etc/a", "create service:web"));
}

TEST(Planning, AServiceHearsOfAChangeInALaterComponent) {
  World world;
  world.set("service:web", "running");
  auto web = service("web", {}, "web");
  web.reload_on = {id("file:/etc/web/site")};
  const Plan plan = plan_now(world, catalog_of({web, file("/etc/web/site", "x", "app"), file("/etc/z", "z", "last")}));
  EXPECT_THAT(lines_of(plan), ElementsAre("create file:/etc/web/site", "reload service:web", "create file:/etc/z"));
}

TEST(Planning, PrunesWhatLeftTheSiteAndWhatAComponentNoLongerDeclares) {
  World world;
  world.set("file:/etc/there", "before");
  ASSERT_EQ(
      apply_now(world, catalog_of({file("/etc/a", "x"), file("/etc/there", "ours"), file("/etc/b", "y", "db")})).state,
      "committed");
  Catalog without_db = catalog_of({file("/etc/a", "x")});
  const Plan plan = plan_now(world, without_db);
  EXPECT_THAT(lines_of(plan), ElementsAre("remove file:/etc/b", "update file:/etc/there"));
  EXPECT_TRUE(plan.changes.front().pruned);
  // A run that only leaves db out touches nothing of it.
  without_db.known_components.push_back("db");
  EXPECT_THAT(lines_of(plan_now(world, without_db)), ElementsAre("update file:/etc/there"));
}

// A server that still runs in a folder must have left it first; a folder in the way of something must go at once.
TEST(Planning, AFolderThatAComponentNoLongerDeclaresGoesLast) {
  World world;
  ASSERT_EQ(apply_now(world, catalog_of({file("/etc/a", "x"), directory("/var/log/web"), directory("/etc/way"),
                                         service("web", {id("file:/etc/a")}), directory("/var/db", "db")}))
                .state,
            "committed");
  world.clear_log();
  ASSERT_EQ(
      apply_now(world, catalog_of({file("/etc/a", "y"), service("web", {id("file:/etc/a")}), file("/etc/way", "")}))
          .state,
      "committed");
  const auto log = world.log();
  auto place = [&](const std::string& line) { return std::find(log.begin(), log.end(), line) - log.begin(); };
  EXPECT_LT(place("restart service:web"), place("undo directory:/var/log/web"));
  EXPECT_LT(place("undo directory:/var/log/web"), std::ssize(log));
  EXPECT_LT(place("undo directory:/etc/way"), place("create file:/etc/way"));
  EXPECT_LT(place("undo directory:/var/db"), place("update file:/etc/a"));
}

namespace {

Resource account(const std::string& kind, const std::string& name, Value::Map attributes) {
  Resource r = file(name, "");
  r.id = {kind, name};
  r.attributes = std::move(attributes);
  return r;
}

/// The log of an apply of `after` on a host that has `before`, both with a service that a change of /etc/a restarts.
std::vector<std::string> log_of_change(std::vector<Resource> before, std::vector<Resource> after) {
  World world;
  before.push_back(file("/etc/a", "x"));
  before.push_back(service("web", {id("file:/etc/a")}));
  after.push_back(file("/etc/a", "y"));
  after.push_back(service("web", {id("file:/etc/a")}));
  EXPECT_EQ(apply_now(world, catalog_of(before)).state, "committed");
  world.clear_log();
  EXPECT_EQ(apply_now(world, catalog_of(after)).state, "committed");
  return world.log();
}

bool goes_after_the_restart(const std::vector<std::string>& log, const std::string& what) {
  const auto gone = std::find(log.begin(), log.end(), "undo " + what);
  EXPECT_NE(gone, log.end()) << what << " does not go";
  return std::find(log.begin(), gone, "restart service:web") != gone;
}

}  // namespace

// The service runs under the account until it is restarted.
TEST(Planning, AnAccountGoesLastThoughSomethingOfAnotherKindHasItsName) {
  const auto log = log_of_change(
      {account("group", "board", {}), account("user", "board", {{"group", "board"}}), account("user", "daemon", {})},
      {account("user", "board", {{"group", "www"}}), directory("/srv/daemon")});
  EXPECT_TRUE(goes_after_the_restart(log, "group:board"));
  EXPECT_TRUE(goes_after_the_restart(log, "user:daemon"));
}

TEST(Planning, AnAccountWhoseNumberAnotherGetsGoesAtOnce) {
  const auto log = log_of_change({account("user", "old", {{"uid", 900}}), account("user", "other", {{"uid", 901}}),
                                  account("group", "old", {{"gid", 900}}), account("group", "other", {{"gid", 901}})},
                                 {account("user", "new", {{"uid", 900}}), account("group", "new", {{"gid", 900}})});
  EXPECT_FALSE(goes_after_the_restart(log, "user:old"));
  EXPECT_FALSE(goes_after_the_restart(log, "group:old"));
  EXPECT_TRUE(goes_after_the_restart(log, "user:other"));
  EXPECT_TRUE(goes_after_the_restart(log, "group:other"));
}

TEST(Planning, AGroupGoesAtOnceWhenAUserGetsOneOfItsName) {
  const auto log = log_of_change({account("group", "board", {{"gid", 900}})}, {account("user", "board", {})});
  EXPECT_FALSE(goes_after_the_restart(log, "group:board"));
}

TEST(Planning, ChosenComponentsPruneOnlyWhatIsTheirs) {
  World world;
  ASSERT_EQ(apply_now(world, catalog_of({file("/etc/a", "x"), file("/etc/old", "x"), file("/etc/b", "y", "db")})).state,
            "committed");
  // db left the site file, and web no longer wants /etc/old.
  Catalog only_web = catalog_of({file("/etc/a", "x")});
  only_web.everything = false;
  EXPECT_THAT(lines_of(plan_now(world, only_web)), ElementsAre("remove file:/etc/old"));
  ASSERT_EQ(apply_now(world, only_web).state, "committed");
  only_web.everything = true;
  EXPECT_THAT(lines_of(plan_now(world, only_web)), ElementsAre("remove file:/etc/b"));
}

TEST(Planning, AnotherSitesHostIsLeftAlone) {
  World world;
  ASSERT_EQ(apply_now(world, catalog_of({file("/etc/b", "y", "db")})).state, "committed");
  world.sites = {"other"};
  const auto refusal = lines_of(plan_now(world, catalog_of({file("/etc/a", "x")})));
  ASSERT_EQ(refusal.size(), 1U);
  EXPECT_THAT(refusal.front(), AllOf(HasSubstr("belongs to the site \"test\", not to \"other\""), HasSubstr("db")));
  EXPECT_EQ(roll_back_now(world, {}).state, "no plan");
  EXPECT_EQ(world.now("file:/etc/b"), "y");
  // A renamed site keeps its hosts; what it changes is under its new name from then on.
  world.sites = {"other", "test"};
  EXPECT_THAT(lines_of(plan_now(world, catalog_of({file("/etc/b", "y", "db")}))), IsEmpty());
  // What nothing is left of belongs to nobody.
  ASSERT_EQ(roll_back_now(world, {}).state, "rolled_back");
  world.sites = {"third"};
  EXPECT_THAT(lines_of(plan_now(world, catalog_of({file("/etc/a", "x")}))), ElementsAre("create file:/etc/a"));
}

TEST(Planning, ASharedResourceLivesAsLongAsOneOfItsComponents) {
  World world;
  Resource shared = directory("/srv/shared", "web");
  shared.components = {"db", "web"};
  ASSERT_EQ(apply_now(world, catalog_of({shared})).state, "committed");
  EXPECT_THAT(lines_of(plan_now(world, catalog_of({directory("/srv/shared", "db")}))), IsEmpty());
  Catalog none;
  none.host = "host1";
  EXPECT_THAT(lines_of(plan_now(world, none)), ElementsAre("remove directory:/srv/shared"));
}

TEST(Planning, ASharedResourceIsRememberedForWhomItIsLeft) {
  World world;
  Resource shared = directory("/srv/shared", "web");
  ASSERT_EQ(apply_now(world, catalog_of({shared})).state, "committed");
  shared.components = {"db", "web"};
  ASSERT_EQ(apply_now(world, catalog_of({shared, file("/etc/b", "b", "db")})).state, "committed");
  // A run for something else, after web left: the folder is db's.
  Catalog other = catalog_of({file("/etc/c", "c", "other")});
  other.known_components.push_back("db");
  EXPECT_THAT(lines_of(plan_now(world, other)), ElementsAre("create file:/etc/c"));
}

TEST(Planning, DigestChangesWithCatalogStateAndSecretButShowsNoSecret) {
  World world;
  Resource secret = file("/etc/key", "", "web");
  secret.attributes["content"] = Secret("hunter2");
  const Plan first = plan_now(world, catalog_of({secret, file("/etc/a", "x")}));
  EXPECT_EQ(first.digest, plan_now(world, catalog_of({secret, file("/etc/a", "x")})).digest);
  EXPECT_NE(first.digest, plan_now(world, catalog_of({secret, file("/etc/a", "y")})).digest);
  secret.attributes["content"] = Secret("hunter3");
  EXPECT_NE(first.digest, plan_now(world, catalog_of({secret, file("/etc/a", "x")})).digest);
  secret.attributes["content"] = Secret("hunter2");
  world.set("file:/etc/a", "somebody's");
  EXPECT_NE(first.digest, plan_now(world, catalog_of({secret, file("/etc/a", "x")})).digest);
}

TEST(Planning, WhyAResourceCannotBeSeenIsNoPartOfTheDigest) {
  World world;
  const Catalog catalog = catalog_of({file("/etc/a", "x")});
  world.unseen["file:/etc/a"] = "Connection reset by peer";
  const Plan shown = plan_now(world, catalog);
  ASSERT_EQ(shown.changes.size(), 1U);
  EXPECT_EQ(shown.changes.front().unseen, "Connection reset by peer");
  world.unseen["file:/etc/a"] = "Connection refused";
  EXPECT_EQ(plan_now(world, catalog).digest, shown.digest);
}

TEST(Planning, EveryProblemOfACatalogAtOnce) {
  World world;
  Resource bad = file("/etc/a", "x");
  bad.attributes["colour"] = "red";
  Resource relative = file("etc/b", "x");
  const Plan plan = plan_now(world, catalog_of({bad, relative}));
  ASSERT_EQ(plan.warnings.size(), 1U);
  EXPECT_THAT(plan.warnings.front(), HasSubstr("colour"));
  EXPECT_THAT(plan.warnings.front(), HasSubstr("absolute path"));
}

// What a service that does not answer holds is nobody's edit.
TEST(Planning, SaysOfWhatItWouldTakeBackThatItCannotBeSeen) {
  World world;
  ASSERT_EQ(apply_now(world, catalog_of({file("/etc/a", "x"), file("/etc/b", "y", "db")})).state, "committed");
  world.remove("file:/etc/b");
  world.unseen["file:/etc/b"] = "does not answer";
  Journal journal(world.state_folder());
  Context context = world.context();
  const auto rollback = plan_reversal({}, journal, world.means(), context);
  ASSERT_TRUE(rollback);
  std::vector<Change> changes = plan_now(world, catalog_of({file("/etc/a", "x")})).changes;
  ASSERT_THAT(changes, SizeIs(1));
  changes.push_back(rollback->plan.changes.front());
  for (const auto& change : changes) {
    EXPECT_EQ(to_string(change.id), "file:/etc/b");
    EXPECT_EQ(change.unseen, "does not answer");
    EXPECT_THAT(change.notes, IsEmpty());
  }
}

TEST(Planning, ShowsAHandEditOfWhatItWouldPrune) {
  World world;
  ASSERT_EQ(apply_now(world, catalog_of({file("/etc/a", "x"), file("/etc/b", "y", "db")})).state, "committed");
  world.set("file:/etc/b", "edited");
  const Plan plan = plan_now(world, catalog_of({file("/etc/a", "x")}));
  ASSERT_EQ(plan.changes.size(), 1U);
  EXPECT_THAT(plan.changes.front().notes, Contains(HasSubstr("changed by somebody else")));
}

TEST(Planning, RefusesWhatCannotBeDoneUnlessThePlanTakesTheObstacleAway) {
  World world;
  world.obstacles["service:web"] = "/etc/systemd/system/web.service";
  Journal journal(world.state_folder());
  Context context = world.context();
  const auto refused = make_plan(catalog_of({service("web", {})}), journal, world.means(), context);
  ASSERT_FALSE(refused);
  EXPECT_THAT(to_text(refused.error()), HasSubstr("is masked"));
  const Plan plan = plan_now(world, catalog_of({file("/etc/systemd/system/web.service", "x"), service("web", {})}));
  EXPECT_EQ(plan.changes.size(), 2U);
}

TEST(Planning, ReversedDiffsReadTheOtherWayRound) {
  Change made;
  made.action = Action::update;
  AttributeChange content;
  content.name = "content";
  content.before = "old";
  content.after = "new";
  content.diff = "--- a\n+++ b\n@@ -1,3 +1,2 @@\n same\n-old\n-older\n+new\n";
  made.attributes.push_back(content);
  const Change back = reversed(made);
  EXPECT_EQ(back.attributes.front().before.text_or(""), "new");
  EXPECT_EQ(back.attributes.front().diff, "@@ -1,2 +1,3 @@\n same\n-new\n+old\n+older\n");
}

}  // namespace
}  // namespace wright::agent::testing
