#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "agent/resources/kinds.hpp"
#include "unit/agent_mongodb/fake_mongod.hpp"

namespace wright::agent::testing {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

class MongodbReplicaSetTest : public ::testing::Test {
 protected:
  Resource set(const std::vector<std::string>& members, bool joins = false) const {
    Resource out;
    out.id = {"mongodb_replica_set", "rs0"};
    out.attributes = {{"port", server.port()},
                      {"members", Value(members)},
                      {"joins", joins},
                      {"admin_password", "secret"},
                      {"wait_ms", 3000}};
    return out;
  }
  Difference difference(const Resource& resource) {
    const Resource* one = &resource;
    const auto seen = kind->look({&one, 1}, context);
    return kind->compare(resource, seen->front());
  }
  Result<> change(const Resource& resource) {
    Item item;
    item.resource = &resource;
    const auto done = kind->change({&item, 1}, Value(), context);
    return done ? Result<>() : failure(done.error());
  }

  std::unique_ptr<Kind> kind = make_mongodb_replica_set_kind();
  Context context;
  FakeMongod server;
};

TEST_F(MongodbReplicaSetTest, IsMadeOnceAndThenHolds) {
  const Resource resource = set({server.name()});
  EXPECT_EQ(difference(resource).action, Action::create);
  const auto made = change(resource);
  ASSERT_TRUE(made) << to_text(made.error());
  EXPECT_EQ(difference(resource).action, Action::none);
  EXPECT_THAT(server.asked(), ElementsAre("replSetInitiate"));
}

TEST_F(MongodbReplicaSetTest, AMemberThatJoinsMakesNone) {
  const std::vector<std::string> members{"127.0.0.1:1", server.name()};
  const Resource resource = set(members, true);
  server.in_set("rs0", {server.name(), "127.0.0.1:1"}, "127.0.0.1:1");
  EXPECT_TRUE(change(resource));
  EXPECT_EQ(server.asked().size(), 0U);
}

TEST_F(MongodbReplicaSetTest, OfAnotherNameOrOthersIsRefusedInPlanAndChange) {
  server.in_set("rs1", {server.name()}, server.name());
  const Resource resource = set({server.name()});
  ASSERT_TRUE(difference(resource).obstacle);
  const auto renamed = change(resource);
  ASSERT_FALSE(renamed);
  EXPECT_THAT(to_text(renamed.error()), HasSubstr("is in the replica set \"rs1\" already"));

  server.in_set("rs0", {server.name()}, server.name());
  const Resource grown = set({server.name(), "127.0.0.1:1"});
  const auto found = difference(grown).obstacle;
  ASSERT_TRUE(found);
  // Members cannot be added to one that only the host itself can reach.
  EXPECT_THAT(found->why.next, HasSubstr("rs.reconfig()"));
  EXPECT_FALSE(change(grown));
}

}  // namespace
}  // namespace wright::agent::testing
