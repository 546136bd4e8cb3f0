#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "agent/resources/mongodb_undo.hpp"
#include "unit/agent_mongodb/fake_mongod.hpp"

namespace wright::agent::testing {
namespace {

using std::chrono::milliseconds;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

constexpr milliseconds once{0};
constexpr milliseconds soon{300};

class MongodbAccountsTest : public ::testing::Test {
 protected:
  MongodbAccountsTest() {
    char name[] = "/tmp/wright-mongodb-test-XXXXXX";
    folder = ::mkdtemp(name);
    context.state_folder = folder + "/state";
    context.transaction = "t";
  }
  ~MongodbAccountsTest() override { std::filesystem::remove_all(folder); }

  Value attributes(const std::vector<std::string>& members = {}) const {
    return Value::Map{{"port", server.port()}, {"admin_password", "secret"}, {"members", Value(members)}};
  }
  /// The undo record of a change of one account, and what the change left.
  static UndoRecord record(const std::string& name, Value::Map before, const Value& like) {
    UndoRecord out;
    out.ids = {{"mongodb_user", name}};
    for (const char* key : {"port", "members", "unit"}) before[key] = like[key];
    out.undo = Value(Value::Map{{name, std::move(before)}});
    return out;
  }
  UndoRecord made(const std::string& name, const Value& like) const { return record(name, {{"there", false}}, like); }
  UndoRecord changed(const std::string& name, const FakeMongod::User& before, const Value& like) const {
    return record(name, {{"there", true}, {"verifier", before.verifier}, {"roles", Value(before.roles)}}, like);
  }
  void note(const std::string& name, const std::string& password, const Value& like) {
    const MongodbPlace place({"mongodb_user", name}, like);
    ASSERT_TRUE(MongodbAccounts(context).passwords(place).note(Secret(password)));
  }
  std::string program() const { return "/proc/self/exe"; }

  std::string folder;
  Context context;
  FakeMongod server;
};

TEST_F(MongodbAccountsTest, TheFirstOneMakesItselfAndThenTheOthers) {
  MongodbAccounts accounts(context);
  const MongodbPlace admin({"mongodb_user", "admin.admin"}, attributes());
  const Secret secret("secret");
  EXPECT_EQ(accounts.look(admin, once).error().kind, Trouble::Kind::denied);
  ASSERT_TRUE(accounts.put(admin, &secret, {"root@admin"}, once));
  const auto seen = accounts.look(admin, once);
  ASSERT_TRUE(seen) << seen.error().text;
  EXPECT_THAT(seen->roles, ElementsAre("root@admin"));
  EXPECT_TRUE(seen->has_password(secret));

  const MongodbPlace writer({"mongodb_user", "app.writer"}, attributes());
  const Secret own("own");
  ASSERT_TRUE(accounts.put(writer, &own, {"readWrite@app"}, once));
  ASSERT_TRUE(accounts.put(writer, nullptr, {"read@app"}, once));
  EXPECT_TRUE(accounts.look(writer, once)->has_password(own));
  EXPECT_THAT(server.users()["app.writer"].roles, ElementsAre("read@app"));
  ASSERT_TRUE(accounts.remove(writer, once));
  ASSERT_TRUE(accounts.remove(writer, once));
  EXPECT_FALSE(server.users().contains("app.writer"));
}

TEST_F(MongodbAccountsTest, GoesToTheMemberThatTakesWrites) {
  FakeMongod other;
  other.add("admin.admin", "secret", {"root@admin"});
  const std::vector<std::string> members{server.name(), other.name()};
  server.in_set("rs0", members, other.name());
  other.in_set("rs0", members, other.name());
  const MongodbPlace place({"mongodb_user", "app.writer"}, attributes(members));
  const Secret own("own");
  ASSERT_TRUE(MongodbAccounts(context).put(place, &own, {"readWrite@app"}, once));
  EXPECT_TRUE(other.users().contains("app.writer"));
  EXPECT_THAT(server.asked(), IsEmpty());
}

TEST_F(MongodbAccountsTest, WhatWasMadeBeforeThereWasASetWaitsForThisMember) {
  FakeMongod other;
  server.in_set("rs0", {server.name(), other.name()}, other.name());
  const auto seen = MongodbAccounts(context).look(MongodbPlace({"mongodb_user", "app.writer"}, attributes()), once);
  ASSERT_FALSE(seen);
  EXPECT_EQ(seen.error().kind, Trouble::Kind::unready);
  EXPECT_THAT(other.asked(), IsEmpty());
}

TEST_F(MongodbAccountsTest, NeverLogsInToAMemberThatTheSiteFileDoesNotName) {
  FakeMongod stranger;
  stranger.add("admin.admin", "secret", {"root@admin"});
  server.in_set("rs0", {server.name(), stranger.name()}, stranger.name());
  const MongodbPlace place({"mongodb_user", "app.writer"}, attributes({server.name(), "127.0.0.1:1"}));
  const auto seen = MongodbAccounts(context).look(place, once);
  ASSERT_FALSE(seen);
  EXPECT_EQ(seen.error().kind, Trouble::Kind::wrong);
  EXPECT_THAT(seen.error().text, HasSubstr(stranger.name()));
  EXPECT_THAT(stranger.asked(), IsEmpty());
}

TEST_F(MongodbAccountsTest, RemembersThePasswordThatWorked) {
  server.add("admin.admin", "secret", {"root@admin"});
  const MongodbPlace place({"mongodb_user", "admin.admin"}, attributes());
  ASSERT_TRUE(MongodbAccounts(context).look(place, once));
  // Another host changes it and says so in its site file; this one comes back with what it knows.
  Value later = attributes();
  (*later.as_map())["admin_password"] = "other";
  EXPECT_TRUE(MongodbAccounts(context).look({{"mongodb_user", "admin.admin"}, later}, once));
}

TEST_F(MongodbAccountsTest, AnAdministratorThatIsGoneMakesItselfAgainInTheUndo) {
  server.add("admin.admin", "secret", {"root@admin"});
  const auto before = server.users()["admin.admin"];
  note("admin.admin", "secret", attributes());
  ASSERT_TRUE(MongodbAccounts(context).remove({{"mongodb_user", "admin.admin"}, attributes()}, once));
  ASSERT_THAT(server.users(), IsEmpty());
  MongodbUndo undo(program());
  const auto done = undo.undo(changed("admin.admin", before, attributes()), context);
  ASSERT_TRUE(done) << to_text(done.error());
  EXPECT_TRUE(MongodbAccounts(context)
                  .look({{"mongodb_user", "admin.admin"}, attributes()}, once)
                  ->has_password(Secret("secret")));
  EXPECT_THAT(server.users()["admin.admin"].roles, ElementsAre("root@admin"));
}

TEST_F(MongodbAccountsTest, AnAdministratorIsNotDroppedWhileOthersNeedIt) {
  server.add("admin.admin", "secret", {"root@admin"});
  server.add("app.writer", "own", {"readWrite@app"});
  note("admin.admin", "secret", attributes());
  MongodbUndo undo(program(), soon);
  const auto record = made("admin.admin", attributes());
  ASSERT_TRUE(undo.undo(record, context));
  EXPECT_TRUE(context.postponed);
  const auto settled = undo.settle(record, context);
  ASSERT_FALSE(settled);
  EXPECT_THAT(to_text(settled.error()), HasSubstr("other accounts"));
  EXPECT_TRUE(server.users().contains("admin.admin"));
}

TEST_F(MongodbAccountsTest, WithoutAMemberThatTakesWritesTheUndoWaitsForTheServerToRunByItself) {
  const std::vector<std::string> members{server.name(), "127.0.0.1:1"};
  server.add("admin.admin", "secret", {"root@admin"});
  server.add("app.writer", "old", {"read@app"});
  const auto before = server.users()["app.writer"];
  server.add("app.writer", "new", {"readWrite@app"});
  note("admin.admin", "secret", attributes(members));
  note("app.writer", "old", attributes(members));
  server.in_set("rs0", members, "");
  MongodbUndo undo(program(), soon);
  const auto record = changed("app.writer", before, attributes(members));
  ASSERT_TRUE(undo.undo(record, context));
  EXPECT_TRUE(context.postponed);

  // Still nobody: that is no complete rollback.
  const auto in_vain = undo.settle(record, context);
  ASSERT_FALSE(in_vain);
  EXPECT_THAT(to_text(in_vain.error()), HasSubstr("no member that takes writes"));

  // The next contact begins anew, and by then its old configuration is in force.
  ASSERT_TRUE(undo.undo(record, context));
  server.alone();
  const auto settled = undo.settle(record, context);
  ASSERT_TRUE(settled) << to_text(settled.error());
  EXPECT_THAT(server.users()["app.writer"].roles, ElementsAre("read@app"));
  EXPECT_TRUE(MongodbAccounts(context)
                  .look({{"mongodb_user", "app.writer"}, attributes(members)}, once)
                  ->has_password(Secret("old")));
}

TEST_F(MongodbAccountsTest, WhatAHostMadeStaysWithTheOthersWhenItLeavesTheSet) {
  const std::vector<std::string> members{server.name(), "127.0.0.1:1"};
  server.add("admin.admin", "secret", {"root@admin"});
  server.add("app.writer", "own", {"readWrite@app"});
  note("admin.admin", "secret", attributes(members));
  server.in_set("rs0", members, server.name());
  const auto record = made("app.writer", attributes(members));
  const std::string installed = folder + "/mongod";
  // Also when it was made while the server was alone.
  note("admin.admin", "secret", attributes());
  for (const auto& one : {record, made("app.writer", attributes())}) {
    std::filesystem::copy_file(program(), installed);
    MongodbUndo undo(installed, soon);
    ASSERT_TRUE(undo.undo(one, context));
    std::filesystem::remove(installed);
    ASSERT_TRUE(undo.settle(one, context));
    EXPECT_TRUE(server.users().contains("app.writer"));
  }

  // One that only leaves the list is removed.
  MongodbUndo later(program(), soon);
  ASSERT_TRUE(later.undo(record, context));
  ASSERT_TRUE(later.settle(record, context));
  EXPECT_FALSE(server.users().contains("app.writer"));
}

TEST_F(MongodbAccountsTest, AServerThatAKilledAgentStartedIsStoppedAfterTheUndo) {
  server.add("admin.admin", "secret", {"root@admin"});
  server.add("app.writer", "own", {"readWrite@app"});
  note("admin.admin", "secret", attributes());
  std::ifstream boot("/proc/sys/kernel/random/boot_id");
  std::filesystem::create_directories(context.state_folder + "/awake");
  std::ofstream(context.state_folder + "/awake/mongod.service") << boot.rdbuf();
  Unit running;
  running.load = "loaded";
  running.active = "active";
  std::vector<std::string> told;
  MongodbUndo undo(program(), soon,
                   {[&](const std::string&, const Context&) -> Result<Unit> { return running; },
                    [&](const std::string& verb, const std::string& name, milliseconds, const Context&) {
                      told.push_back(verb + " " + name);
                      return Result<Finished>(Finished{0, false, "", ""});
                    }});
  Value with_unit = attributes();
  (*with_unit.as_map())["unit"] = "mongod";
  const auto record = made("app.writer", with_unit);
  ASSERT_TRUE(undo.undo(record, context));
  EXPECT_FALSE(context.postponed);
  ASSERT_TRUE(undo.settle(record, context));
  EXPECT_FALSE(server.users().contains("app.writer"));
  EXPECT_THAT(told, ElementsAre("stop mongod.service"));
}

TEST_F(MongodbAccountsTest, AnElectionIsWaitedForInEveryChange) {
  const std::vector<std::string> members{server.name(), "127.0.0.1:1"};
  server.add("admin.admin", "secret", {"root@admin"});
  server.in_set("rs0", members, "");
  const MongodbPlace place({"mongodb_user", "app.writer"}, attributes(members));
  const Secret own("own");
  std::thread election([&] {
    std::this_thread::sleep_for(milliseconds(150));
    server.in_set("rs0", members, server.name());
  });
  EXPECT_TRUE(MongodbAccounts(context).put(place, &own, {"readWrite@app"}, milliseconds(20000)));
  election.join();
  EXPECT_TRUE(server.users().contains("app.writer"));
}

TEST_F(MongodbAccountsTest, WhatFailsBothWaysSaysBoth) {
  server.hang_up();
  const Patience patience(Patience::Clock::now() + milliseconds(5000), nullptr);
  const auto client = MongodbClient::connect_either_way({"127.0.0.1", server.port(), false}, patience);
  ASSERT_FALSE(client);
  EXPECT_THAT(client.error().text, HasSubstr("the server closed the connection; and over TLS: "));
}

}  // namespace
}  // namespace wright::agent::testing
