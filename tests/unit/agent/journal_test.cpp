#include "agent/journal/journal.hpp"

#include <gmock/gmock.h>

#include <filesystem>

#include "unit/agent/world.hpp"

namespace wright::agent::testing {
namespace {

using ::testing::IsEmpty;
using ::testing::SizeIs;

Transaction transaction(const std::string& id) {
  Transaction one;
  one.info.id = id;
  one.info.state = "open";
  one.info.started = utc_now();
  return one;
}

Step step(const std::string& in, std::int64_t sequence, const std::string& path) {
  Step one;
  one.at = {in, sequence};
  one.kind = "file";
  Touched touched;
  touched.resource = file(path, "x");
  touched.change.id = touched.resource.id;
  touched.change.action = Action::create;
  touched.change.components = {"web"};
  one.touched = {touched};
  one.undo = Value::Map{{path, "before"}};
  return one;
}

TEST(Journal, ReadingMakesNoFile) {
  World world;
  Journal journal(world.state_folder());
  EXPECT_THAT(*journal.transactions(), IsEmpty());
  EXPECT_FALSE(*journal.unfinished());
  EXPECT_THAT(*journal.outline(), IsEmpty());
  EXPECT_FALSE(std::filesystem::exists(world.state_folder()));
}

TEST(Journal, AnotherReaderSeesWhatWasWrittenAtOnce) {
  World world;
  Journal writer(world.state_folder());
  ASSERT_TRUE(writer.begin(transaction("t1"), {}));
  ASSERT_TRUE(writer.intend({step("t1", 0, "/etc/a")}, {}));
  Journal reader(world.state_folder());
  const auto steps = reader.steps("t1");
  ASSERT_TRUE(steps) << to_text(steps.error());
  ASSERT_THAT(*steps, SizeIs(1));
  EXPECT_EQ(steps->front().phase, StepPhase::intent);
  EXPECT_EQ(steps->front().undo, Value(Value::Map{{"/etc/a", "before"}}));
}

TEST(Journal, OnlyOneTransactionIsUnfinished) {
  World world;
  Journal journal(world.state_folder());
  ASSERT_TRUE(journal.begin(transaction("t1"), {}));
  EXPECT_FALSE(journal.begin(transaction("t2"), {}));
  const auto ended = journal.end({"t1", "committed", "", false, {}, {}, {}});
  ASSERT_TRUE(ended) << to_text(ended.error());
  EXPECT_TRUE(journal.begin(transaction("t2"), {}));
}

TEST(Journal, AnAgentThatWasTakenOverWritesNoMore) {
  World world;
  Journal old_agent(world.state_folder());
  ASSERT_TRUE(old_agent.begin(transaction("t1"), {}));
  Journal next(world.state_folder());
  ASSERT_TRUE(next.claim());
  EXPECT_FALSE(old_agent.intend({step("t1", 0, "/etc/a")}, {}));
  ASSERT_TRUE(next.end({"t1", "rolled_back", "", true, {}, {}, {}}));
  EXPECT_THAT(*next.steps("t1"), IsEmpty());
}

TEST(Journal, ARestartIsOwedUntilItWasMade) {
  World world;
  Journal journal(world.state_folder());
  ASSERT_TRUE(journal.begin(transaction("t1"), {}));
  ASSERT_TRUE(journal.intend({step("t1", 0, "/etc/a")}, {{"service:web", Action::restart, "t1"}}));
  ASSERT_THAT(*journal.pending_restarts(), SizeIs(1));
  ASSERT_TRUE(journal.complete("t1", {{0, Value(), {{"file:/etc/a", "digest"}}}}, {"service:web"}));
  EXPECT_THAT(*journal.pending_restarts(), IsEmpty());
}

TEST(Journal, IsForRootOnly) {
  World world;
  Journal journal(world.state_folder());
  ASSERT_TRUE(journal.begin(transaction("t1"), {}));
  using std::filesystem::perms;
  EXPECT_EQ(std::filesystem::status(world.state_folder()).permissions(), perms::owner_all);
  EXPECT_EQ(std::filesystem::status(world.state_folder() + "/state.db").permissions(),
            perms::owner_read | perms::owner_write);
}

}  // namespace
}  // namespace wright::agent::testing
