#include <gmock/gmock.h>

#include "agent/resources/scram.hpp"
#include "agent/resources/sql_database.hpp"
#include "agent/resources/stamps.hpp"
#include "unit/agent_sql/sql_server.hpp"

namespace wright::agent {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;

TEST(Sql, NoRowIsCreated) {
  Server server;
  const auto resource = server.resource();
  EXPECT_EQ(server.look(resource).difference.action, Action::create);
}

TEST(Sql, TheWantedStateIsLeftAlone) {
  Server server;
  server.row("row", {"LOGIN", ""});
  const auto resource = server.resource();
  EXPECT_EQ(server.look(resource).difference.action, Action::none);
}

TEST(Sql, AnotherPasswordIsAChangeThatShowsNone) {
  Server server;
  server.row("row", {"LOGIN", "", scram_verifier("old", "salt")});
  const auto resource = server.resource({{"password", Secret("new")}});
  const auto item = server.look(resource);
  EXPECT_EQ(item.difference.action, Action::update);
  ASSERT_EQ(item.difference.attributes.size(), 1U);
  EXPECT_TRUE(item.difference.attributes[0].secret);
  const auto same = server.resource({{"password", Secret("old")}});
  EXPECT_EQ(server.look(same).difference.action, Action::none);
}

TEST(Sql, ASilentServerHasNoneAndThePlanSaysWhy) {
  Server server;
  server.write("down", "");
  const auto resource = server.resource();
  const auto item = server.look(resource);
  EXPECT_EQ(item.difference.action, Action::create);
  EXPECT_THAT(item.difference.unseen, HasSubstr("no server"));
  EXPECT_FALSE(server.kind.prepare(std::span(&item, 1), server.context));
}

TEST(Sql, AnswersAreNotShownWhenAnotherQueryFails) {
  Server server;
  server.program("psql", "cat >/dev/null\necho '0 row 53435241 4d53'\necho 'no such thing' >&2\nexit 3\n");
  const auto first = server.resource();
  const auto second = server.resource();
  const std::vector<const Resource*> both = {&first, &second};
  const auto seen = server.kind.look(both, server.context);
  ASSERT_TRUE(seen);
  const auto why = (*seen)[1].before.text_or("");
  EXPECT_THAT(why, HasSubstr("no such thing"));
  EXPECT_EQ(why.find("53435241"), std::string::npos);
}

TEST(Sql, AChangeGivesTheServerAVerifierAndNotThePassword) {
  Server server;
  const auto resource =
      server.resource({{"password", Secret("pen cil")}, {"change", "ALTER ROLE board PASSWORD {verifier};"}});
  const auto item = server.look(resource);
  const auto undo = server.kind.prepare(std::span(&item, 1), server.context);
  ASSERT_TRUE(undo);
  server.row("next", {"LOGIN", "", "never seen"});
  EXPECT_FALSE(server.kind.change(std::span(&item, 1), *undo, server.context))
      << "the state after it is not the wanted one";
  EXPECT_THAT(server.read("statements"), HasSubstr("PASSWORD 'SCRAM-SHA-256$4096:"));
  EXPECT_EQ(server.read("statements").find("pen cil"), std::string::npos);
}

TEST(Sql, ARefusedStatementIsAnErrorWithoutTheSecretsInIt) {
  Server server;
  server.write("refuse", "");
  const auto resource = server.resource({{"change", Secret("the secret statement")}});
  const auto item = server.look(resource);
  const auto changed = server.kind.change(std::span(&item, 1), Value(), server.context);
  ASSERT_FALSE(changed);
  EXPECT_THAT(changed.error().items()[0].why, HasSubstr("ERROR:"));
  EXPECT_EQ(changed.error().items()[0].why.find("secret statement"), std::string::npos);
}

TEST(Sql, WhatWasThereComesBackByItsOwnStatements) {
  Server server;
  server.row("row", {"NOLOGIN", "ALTER ROLE board NOLOGIN;"});
  const auto resource = server.resource();
  const auto item = server.look(resource);
  const auto undo = server.kind.prepare(std::span(&item, 1), server.context);
  ASSERT_TRUE(undo);
  server.row("next", {"LOGIN", ""});
  ASSERT_TRUE(server.kind.change(std::span(&item, 1), *undo, server.context));
  ASSERT_TRUE(server.kind.undo({{resource.id}, *undo, Value(), {}}, server.context));
  EXPECT_EQ(server.read("statements"), "ALTER ROLE board NOLOGIN;");
}

TEST(Sql, ALongDeclarationThatLeftTheSiteFileIsRemovedAndComesBack) {
  Server server;
  const std::string clause(20000, 'x');
  const Resource declared = server.resource({{"look", "SELECT 'x', 'y' WHERE '" + clause + "' <> ''"},
                                             {"undo", "DROP ROLE board; -- " + clause},
                                             {"change", "ALTER ROLE board LOGIN; -- " + clause}});
  const Resource kept = for_the_journal(declared);
  EXPECT_FALSE(kept.attributes.contains("change")) << "only making it needs that";
  server.row("row", {"LOGIN", "CREATE ROLE board; -- " + clause});
  const Item item = server.look(kept);
  ASSERT_TRUE(item.observed.exists);
  const auto removal = server.kind.prepare(std::span(&item, 1), server.context);
  ASSERT_TRUE(removal);
  // And when it is not there, what takes it away again.
  server.write("row", "");
  const Item gone = server.look(kept);
  const auto making = server.kind.prepare(std::span(&gone, 1), server.context);
  ASSERT_TRUE(making);
  ASSERT_TRUE(server.kind.undo({{kept.id}, *making, Value(), {}}, server.context));
  EXPECT_EQ(server.read("statements"), "DROP ROLE board; -- " + clause);
  ASSERT_TRUE(server.kind.undo({{kept.id}, *removal, Value(), {}}, server.context));
  EXPECT_EQ(server.read("statements"), "CREATE ROLE board; -- " + clause);
}

TEST(Sql, NoSessionWritesBetweenTheDumpAndTheDrop) {
  Server server;
  const auto resource = server.resource({{"dump", "board"}});
  const auto item = server.look(resource);
  const auto undo = server.kind.prepare(std::span(&item, 1), server.context);
  ASSERT_TRUE(undo);
  server.row("row", {"-1", ""});
  server.program("pg_dump", "cp log before-dump\n");
  ASSERT_TRUE(server.kind.undo({{resource.id}, *undo, Value(), {}}, server.context));
  EXPECT_THAT(server.read("before-dump"), HasSubstr("CONNECTION LIMIT 0"));
  EXPECT_THAT(server.read("before-dump"), HasSubstr("pg_terminate_backend"));
}

TEST(Sql, ADatabaseThatIsNotThereHidesNoOther) {
  Server server;
  server.program("psql", "cat >asked\n");
  const auto first = server.resource({{"database", "aaa"}});
  const auto second = server.resource();
  const std::vector<const Resource*> both = {&first, &second};
  ASSERT_TRUE(server.kind.look(both, server.context));
  const std::string asked = server.read("asked");
  EXPECT_LT(asked.find("SELECT '1 '"), asked.find("\\if ")) << "the server's own database comes first";
  EXPECT_LT(asked.find("\\if "), asked.find("\\connect"));
  EXPECT_LT(asked.find("SELECT '0 '"), asked.find("\\endif"));
}

TEST(Sql, ADroppedDatabaseIsDumpedFirst) {
  Server server;
  const auto resource = server.resource({{"dump", "board"}});
  const auto item = server.look(resource);
  const auto undo = server.kind.prepare(std::span(&item, 1), server.context);
  ASSERT_TRUE(undo);
  server.row("row", {"20", ""});
  server.write("no-dump", "");
  EXPECT_FALSE(server.kind.undo({{resource.id}, *undo, Value(), {}}, server.context));
  EXPECT_EQ(server.read("statements").find("DROP"), std::string::npos) << "dropped without a dump";
  EXPECT_THAT(server.read("statements"), HasSubstr("CONNECTION LIMIT 20")) << "and its users are let in again";
  fs::remove(server.folder + "/no-dump");
  ASSERT_TRUE(server.kind.undo({{resource.id}, *undo, Value(), {}}, server.context));
  EXPECT_EQ(server.read("statements"), "DROP ROLE board;");
  ASSERT_EQ(server.context.quarantined.size(), 1U);
  const std::string place = server.context.quarantined[0].substr(server.context.quarantined[0].find(" -> ") + 4);
  EXPECT_EQ(server.read(place.substr(server.folder.size() + 1)), "dumped");
  EXPECT_EQ(fs::status(place).permissions(), fs::perms::owner_read | fs::perms::owner_write);
}

TEST(Sql, WhatIsToBeAbsentIsDroppedAfterItsDump) {
  Server server;
  auto resource = server.resource({{"dump", "board"}, {"change", "DROP DATABASE board;"}});
  resource.attributes.erase("wanted");
  EXPECT_EQ(server.look(resource).difference.action, Action::none);
  server.row("row", {"owner board", "CREATE DATABASE board;"});
  const Item there = server.look(resource);
  ASSERT_EQ(there.difference.action, Action::remove);
  EXPECT_EQ(there.difference.attributes[0].before, Value("owner board"));
  EXPECT_THAT(there.difference.notes, ::testing::ElementsAre(HasSubstr("dumped to quarantine")));
  const auto undo = server.kind.prepare(std::span(&there, 1), server.context);
  ASSERT_TRUE(undo);
  server.write("next", "");
  server.write("no-dump", "");
  EXPECT_FALSE(server.kind.change(std::span(&there, 1), *undo, server.context));
  EXPECT_EQ(server.read("statements").find("DROP"), std::string::npos) << "dropped without a dump";
  server.row("row", {"owner board", "CREATE DATABASE board;"});
  fs::remove(server.folder + "/no-dump");
  fs::remove(server.folder + "/log");
  server.program("pg_dump", "cp log before-dump\n");
  server.program("psql",
                 "input=$(cat)\ncase \"$input\" in\n*'encode(convert_to('*) [ -s row ] && echo \"0 row $(cat row)\" "
                 "|| echo '0 none' ;;\n*) printf '%s' \"$input\" >statements\n  cat statements >>log\n  case "
                 "\"$input\" in DROP*) cp next "
                 "row ;; esac ;;\nesac\n");
  ASSERT_TRUE(server.kind.change(std::span(&there, 1), *undo, server.context));
  EXPECT_THAT(server.read("before-dump"), HasSubstr("CONNECTION LIMIT 0"));
  EXPECT_EQ(server.read("statements"), "DROP DATABASE board;");
  EXPECT_EQ(server.context.quarantined.size(), 1U);
  EXPECT_EQ(server.look(resource).difference.action, Action::none);
}

TEST(Sql, WhatIsToBeAbsentAndCannotBeSeenIsLookedAtInItsTurn) {
  Server server;
  server.write("down", "");
  auto resource = server.resource();
  resource.attributes.erase("wanted");
  const auto item = server.look(resource);
  EXPECT_EQ(item.difference.action, Action::remove);
  EXPECT_THAT(item.difference.unseen, HasSubstr("no server"));
}

TEST(Sql, ADroppedDatabaseComesBackAsItsDumpSaysAndOpensLast) {
  Server server;
  auto resource = server.resource({{"dump", "board"}});
  resource.attributes.erase("wanted");
  server.row("row", {"20", "ALTER DATABASE board OWNER TO owner;"});
  const Item there = server.look(resource);
  const auto removal = server.kind.prepare(std::span(&there, 1), server.context);
  ASSERT_TRUE(removal);
  const SqlServer programs((Value(resource.attributes)));
  const fs::path dump = SqlDatabase(programs, "board", resource.id).place_in_quarantine("t1", server.context);
  fs::create_directories(dump.parent_path());
  std::ofstream(dump) << "dumped";

  server.write("row", "");
  server.program(
      "psql",
      "input=$(cat)\ncase \"$input\" in\n*'encode(convert_to('*) if [ -s row ]; then echo \"0 row $(cat row)\"; "
      "else echo '0 none'; fi ;;\n*) printf '%s\\n' \"$input\" >>log\n  case \"$input\" in *'CREATE DATABASE'*) "
      "echo 30 392f31 >row ;; esac ;;\nesac\n");
  server.program("pg_restore", "case \"$*\" in\n*--create*) cat script ;;\n*) echo LOAD $(cat) >>log ;;\nesac\n");
  server.write(
      "script",
      "SET client_encoding = 'LATIN1';\n\nCREATE DATABASE \"a \"\"board\" ICU_RULES = '& a < b; c ''\n;' LOCALE = "
      "'C';\n\n"
      "\\connect board\nALTER DATABASE board SET work_mem TO '5MB';\nGRANT CONNECT ON DATABASE board TO reader;\n");
  const auto undone = server.kind.undo({{resource.id}, *removal, Value(), {}}, server.context);
  ASSERT_TRUE(undone) << to_text(undone.error());
  const std::string log = server.read("log");
  std::size_t last = 0;
  for (const char* step :
       {"SET client_encoding = 'LATIN1'", "CREATE DATABASE \"wright-",
        "\" ICU_RULES = '& a < b; c ''\n;' LOCALE = 'C' CONNECTION LIMIT = 0;\n", "LOAD dumped", "RENAME TO \"board\"",
        "SET work_mem TO '5MB'", "GRANT CONNECT", "OWNER TO owner", "CONNECTION LIMIT 20"}) {
    const auto at = log.find(step, last);
    ASSERT_NE(at, std::string::npos) << step << " comes after what is before it in:\n" << log;
    last = at;
  }
  EXPECT_EQ(log.find("CREATE DATABASE", log.find("CREATE DATABASE") + 1), std::string::npos) << log;
}

TEST(Sql, AnUndoWithoutTheServersProgramsIsThePackagesUndo) {
  Server server;
  const auto resource = server.resource();
  const auto item = server.look(resource);
  const auto undo = server.kind.prepare(std::span(&item, 1), server.context);
  ASSERT_TRUE(undo);
  fs::remove(server.folder + "/psql");
  EXPECT_TRUE(server.kind.undo({{resource.id}, *undo, Value(), {}}, server.context));
  server.program("psql", "echo 'no server' >&2; exit 2\n");
  const auto undone = server.kind.undo({{resource.id}, *undo, Value(), {}}, server.context);
  ASSERT_FALSE(undone) << "a server that is there but silent keeps what was made";
  EXPECT_THAT(undone.error().items()[0].why, HasSubstr("no server"));
}

}  // namespace
}  // namespace wright::agent
