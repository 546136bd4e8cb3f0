#include <gmock/gmock.h>

#include "agent/resources/stamps.hpp"
#include "unit/agent_command/host_folder.hpp"

namespace wright::agent {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

class CommandTest : public HostFolder {
 protected:
  Resource command(const std::string& script, Value::Map attributes) {
    Resource resource;
    resource.id = {"command", "work"};
    resource.attributes = std::move(attributes);
    resource.attributes["argv"] = shell(script);
    return resource;
  }
  Action action(const Resource& resource) { return look(*kind, resource).difference.action; }

  std::unique_ptr<Kind> kind = make_command_kind();
};

TEST_F(CommandTest, GuardsDecideWhetherItRuns) {
  EXPECT_EQ(action(command("true", {{"unless", shell("exit 0")}})), Action::none);
  EXPECT_EQ(action(command("true", {{"unless", shell("exit 7")}})), Action::run);
  EXPECT_EQ(action(command("true", {{"creates", path("made")}})), Action::run);
  write("made", "");
  EXPECT_EQ(action(command("true", {{"creates", path("made")}})), Action::none);
}

TEST_F(CommandTest, WithoutGuardsItAlwaysRuns) {
  const Resource resource = command("echo x >> " + path("log"), {});
  ASSERT_TRUE(make(*kind, resource).result);
  EXPECT_EQ(action(resource), Action::run);
}

TEST_F(CommandTest, AGuardThatCannotBeStartedDoesNotHold) {
  EXPECT_EQ(action(command("true", {{"unless", Value(std::vector<std::string>{"/nowhere/psql"})}})), Action::run);
  EXPECT_EQ(action(command("true", {{"unless", shell("true")}, {"user", "nobody-has-this-name"}})), Action::run);
}

TEST_F(CommandTest, AGuardThatHangsIsAnErrorAndNotAPlan) {
  const Resource resource = command("true", {{"unless", shell("sleep 30")}, {"timeout_ms", 100}});
  const Resource* one[] = {&resource};
  const auto seen = kind->look(one, context);
  ASSERT_FALSE(seen);
  EXPECT_THAT(problem_of(seen), HasSubstr("did not end in 100 ms"));
}

TEST_F(CommandTest, TheStampIsOfTheLastSuccessAndUndoGivesTheOneBefore) {
  const Resource first = command("true", {{"stamp", "v1"}});
  const Resource second = command("true", {{"stamp", "v2"}});
  const Resource broken = command("false", {{"stamp", "v3"}});
  ASSERT_TRUE(make(*kind, first).result);
  EXPECT_EQ(action(first), Action::none);
  EXPECT_EQ(action(second), Action::run);
  const Made made = make(*kind, second);
  ASSERT_TRUE(made.result);
  EXPECT_FALSE(make(*kind, broken).result);
  EXPECT_EQ(action(broken), Action::run);
  EXPECT_EQ(action(second), Action::none);
  ASSERT_TRUE(kind->undo(made.record, context));
  EXPECT_EQ(action(first), Action::none);
  EXPECT_EQ(action(second), Action::run);
}

TEST_F(CommandTest, WhatItWasDoneWithMadeAnewMakesItRunAgain) {
  const ResourceId database{"sql", "database board"};
  const Stamps stamps(context, database);
  const Resource migrate = command("true", {{"stamp", "v1"}, {"anew_with", Value::List{"sql:database board"}}});
  const Resource alone = command("true", {{"stamp", "v1"}});
  ASSERT_TRUE(make(*kind, alone).result);
  EXPECT_EQ(action(migrate), Action::none);  // nothing is known of the database: it was there before
  ASSERT_TRUE(stamps.set_made("1/16384\nt1"));
  const auto item = look(*kind, migrate);
  EXPECT_EQ(item.difference.action, Action::run);
  EXPECT_THAT(item.difference.notes, ::testing::Contains(HasSubstr("made anew")));
  const Made made = make(*kind, migrate);
  ASSERT_TRUE(made.result);
  EXPECT_EQ(action(migrate), Action::none);
  ASSERT_TRUE(stamps.set_made("1/16384\nt2"));  // dropped and made again, with the same oid
  EXPECT_EQ(action(migrate), Action::run);
  ASSERT_TRUE(stamps.set_made(std::nullopt));
  ASSERT_TRUE(kind->undo(made.record, context));
  EXPECT_EQ(action(migrate), Action::none);
}

TEST_F(CommandTest, ASecretStampCountsAndIsNeitherShownNorKept) {
  const Resource first = command("true", {{"stamp", Secret("of the password hunter2")}});
  const Resource second = command("true", {{"stamp", Secret("of the password hunter3")}});
  const auto difference = look(*kind, first).difference;
  ASSERT_EQ(difference.attributes.size(), 2U);
  EXPECT_TRUE(difference.attributes[1].secret);
  EXPECT_TRUE(difference.attributes[1].after.is_null());
  ASSERT_TRUE(make(*kind, first).result);
  EXPECT_EQ(action(first), Action::none);
  EXPECT_EQ(action(second), Action::run);
  const auto kept = Stamps(context, first.id).done_for();
  ASSERT_TRUE(kept && *kept);
  EXPECT_THAT(**kept, Not(HasSubstr("hunter2")));
}

TEST_F(CommandTest, UndoOfTheFirstRunLeavesNoStamp) {
  const Resource resource = command("true", {{"stamp", "v1"}});
  const Made made = make(*kind, resource);
  ASSERT_TRUE(kind->undo(made.record, context));
  EXPECT_EQ(look(*kind, resource).observed.state.count("stamp"), 0U);
}

TEST_F(CommandTest, InputEnvironmentAndDirectoryReachIt) {
  write("there/x", "");
  Resource full = command("(cat; printf ' %s ' \"$COLOUR\"; pwd) > " + path("got"),
                          {{"stdin", Secret("from stdin")},
                           {"environment", Value::Map{{"COLOUR", Secret("green")}}},
                           {"directory", path("there")}});
  ASSERT_TRUE(make(*kind, full).result);
  EXPECT_EQ(read("got"), "from stdin green " + path("there") + "\n");
}

TEST_F(CommandTest, RunsAsItsUser) {
  std::filesystem::permissions(root, std::filesystem::perms::all);
  ASSERT_TRUE(make(*kind, command("id -un > " + path("who"), {{"user", "nobody"}})).result);
  EXPECT_EQ(read("who"), "nobody\n");
}

TEST_F(CommandTest, AFailureTellsWhatItWroteButNoSecret) {
  const Resource resource = command("read line; echo on stdout; echo \"ERROR near '$line' and $TOKEN\" >&2; exit 3",
                                    {{"stdin", Secret("ALTER ROLE x PASSWORD 'hunter2hunter2'\nsecond line of it\n")},
                                     {"environment", Value::Map{{"TOKEN", Secret("t0k3n-value")}}}});
  const Made made = make(*kind, resource);
  ASSERT_FALSE(made.result);
  const std::string text = problem_of(made.result);
  EXPECT_THAT(text, HasSubstr("exit code 3"));
  EXPECT_THAT(text, HasSubstr("on stdout"));
  EXPECT_THAT(text, HasSubstr("ERROR near"));
  EXPECT_THAT(text, Not(HasSubstr("hunter2hunter2")));
  EXPECT_THAT(text, Not(HasSubstr("t0k3n-value")));
}

TEST_F(CommandTest, ControlCharactersOfAProgramDoNotReachTheTerminal) {
  const Made made = make(*kind, command("printf 'bad \\033[2J news' >&2; exit 1", {}));
  ASSERT_FALSE(made.result);
  EXPECT_THAT(problem_of(made.result), Not(HasSubstr("\033")));
  EXPECT_THAT(problem_of(made.result), HasSubstr("bad \\x1b[2J news"));
}

TEST_F(CommandTest, TheDeadlineEndsIt) {
  const Made made = make(*kind, command("sleep 60", {{"timeout_ms", 200}}));
  ASSERT_FALSE(made.result);
  EXPECT_THAT(problem_of(made.result), HasSubstr("did not end in 200 ms"));
}

TEST_F(CommandTest, CancelledBeforeItStartsItDoesNothing) {
  cancellation.cancel();
  const Resource resource = command("echo x > " + path("made"), {});
  const Made made = make(*kind, resource);
  EXPECT_FALSE(made.result);
  EXPECT_FALSE(exists("made"));
}

TEST_F(CommandTest, SuccessWithoutWhatItCreatesIsAFailure) {
  const Made made = make(*kind, command("true", {{"creates", path("made")}, {"stamp", "v1"}}));
  ASSERT_FALSE(made.result);
  EXPECT_THAT(problem_of(made.result), HasSubstr(path("made") + " is not there"));
}

TEST_F(CommandTest, UndoTakesItBackWithTheSameSurroundings) {
  write("there/x", "");
  const Resource resource = command("echo $NAME > made", {{"creates", path("there/made")},
                                                          {"directory", path("there")},
                                                          {"environment", Value::Map{{"NAME", "made-name"}}},
                                                          {"undo", shell("test $NAME = made-name && rm -f made")}});
  const Made made = make(*kind, resource);
  ASSERT_TRUE(made.result) << problem_of(made.result);
  EXPECT_TRUE(exists("there/made"));
  ASSERT_TRUE(kind->undo(made.record, context)) << problem_of(kind->undo(made.record, context));
  EXPECT_FALSE(exists("there/made"));
}

TEST_F(CommandTest, ASecretVariableIsNotKeptForTheUndo) {
  write("there/x", "");
  const Resource resource = command("test $TOKEN = t0k3n-value && touch made",
                                    {{"creates", path("there/made")},
                                     {"directory", path("there")},
                                     {"environment", Value::Map{{"TOKEN", Secret("t0k3n-value")}, {"NAME", "plain"}}},
                                     {"undo", shell("test -z \"$TOKEN\" && test $NAME = plain && rm -f made")}});
  const Made made = make(*kind, resource);
  ASSERT_TRUE(made.result) << problem_of(made.result);
  EXPECT_FALSE(made.record.undo.has_secret());
  ASSERT_TRUE(kind->undo(made.record, context)) << problem_of(kind->undo(made.record, context));
  EXPECT_FALSE(exists("there/made"));
}

TEST_F(CommandTest, ACommandKilledHalfWayIsUndone) {
  const Resource resource = command("touch " + path("half") + "; kill -9 $$", {{"undo", shell("rm " + path("half"))}});
  Made made = make(*kind, resource);
  ASSERT_FALSE(made.result);
  ASSERT_TRUE(exists("half"));
  context.transaction = "t2";  // a later rollback is another transaction
  ASSERT_TRUE(kind->undo(made.record, context));
  EXPECT_FALSE(exists("half"));
}

TEST_F(CommandTest, WhatNeverRanIsNotUndone) {
  const Resource resource =
      command("true", {{"user", "nobody-has-this-name"}, {"undo", shell("touch " + path("undone"))}});
  const Made made = make(*kind, resource);
  ASSERT_FALSE(made.result);
  EXPECT_TRUE(kind->undo(made.record, context));
  EXPECT_FALSE(exists("undone"));
}

TEST_F(CommandTest, OneThatRanInAnEarlierTransactionIsNotUndoneForALaterThatDidNotBegin) {
  const Resource resource = command("true", {{"undo", shell("touch " + path("undone"))}});
  ASSERT_TRUE(make(*kind, resource).result);
  context.transaction = "t2";
  const Item items[] = {look(*kind, resource)};
  const auto undo = kind->prepare(items, context);
  ASSERT_TRUE(undo);
  ASSERT_TRUE(kind->undo({{resource.id}, *undo, {}, {}}, context));
  EXPECT_FALSE(exists("undone"));
}

TEST_F(CommandTest, AFailingUndoSaysWhy) {
  const Resource resource = command("true", {{"undo", shell("echo no way back >&2; exit 9")}, {"stamp", "v1"}});
  const Made made = make(*kind, resource);
  const auto undone = kind->undo(made.record, context);
  ASSERT_FALSE(undone);
  EXPECT_THAT(problem_of(undone), HasSubstr("no way back"));
  EXPECT_EQ(action(resource), Action::none) << "the stamp must stay while the effect does";
}

TEST_F(CommandTest, IrreversibleIsInThePlan) {
  const auto item = look(*kind, command("true", {{"irreversible", true}}));
  EXPECT_THAT(item.difference.notes, ::testing::ElementsAre("cannot be taken back"));
}

TEST_F(CommandTest, WhatItKeepsIsForRootOnly) {
  ASSERT_TRUE(make(*kind, command("true", {{"stamp", "v1"}, {"undo", shell("true")}})).result);
  using std::filesystem::perms;
  EXPECT_EQ(std::filesystem::status(path("state/stamps")).permissions(), perms::owner_all);
  for (const auto& entry : std::filesystem::directory_iterator(path("state/stamps")))
    EXPECT_EQ(entry.status().permissions(), perms::owner_read | perms::owner_write) << entry.path();
}

}  // namespace
}  // namespace wright::agent
