#include "agent/resources/http_undo.hpp"
#include "unit/agent_http/http_trouble.hpp"

namespace wright::agent {
namespace {

using std::chrono::milliseconds;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

class HttpUnit : public HttpTrouble {
 protected:
  HttpUndo undo_with(milliseconds longest = milliseconds(20000)) {
    return HttpUndo({[this](const std::string&, const Context&) -> Result<Unit> {
                       if (on_show) on_show();
                       return unit;
                     },
                     [this](const std::string& verb, const std::string& name, milliseconds, const Context&) {
                       told.push_back(verb + " " + name);
                       if (on_tell) on_tell(verb);
                       Finished finished;
                       finished.exit_code = 0;
                       if (verb == refused_verb) finished = {1, false, "", "Failed to " + verb + " it"};
                       return Result<Finished>(finished);
                     }},
                    longest);
  }
  /// A change of /x from 1 to 2 that undo() could not take back.
  Made changed() {
    service->put("/x", R"({"a":1})");
    return make(*kind, object("/x", R"({"a":2})", {{"unit", "shop"}, {"wait_ms", 60000}}));
  }
  static Unit unit_that(const std::string& active) {
    Unit unit;
    unit.load = "loaded";
    unit.active = active;
    return unit;
  }

  Unit unit = unit_that("active");
  std::function<void()> on_show;
  std::function<void(const std::string&)> on_tell;
  std::string refused_verb;
  std::vector<std::string> told;
};

TEST_F(HttpUnit, OneThatStartsIsWaitedFor) {
  const Made made = changed();
  HttpUndo undo = undo_with();
  service->be_busy(100000);
  ASSERT_TRUE(undo.undo(made.record, context));
  EXPECT_TRUE(context.postponed);
  unit = unit_that("activating");
  int shown = 0;
  on_show = [&] {
    if (++shown == 3) service->be_busy(0);
  };
  const auto settled = undo.settle(made.record, context);
  EXPECT_TRUE(settled) << problem_of(settled);
  EXPECT_EQ(service->get("/x"), R"({"a":1})");
  EXPECT_THAT(told, IsEmpty());
}

TEST_F(HttpUnit, OneThatStaysSilentMakesTheRollbackIncompleteUntilItAnswers) {
  const Made made = changed();
  HttpUndo undo = undo_with(milliseconds(300));
  service->be_busy(100000);
  ASSERT_TRUE(undo.undo(made.record, context));
  const auto settled = undo.settle(made.record, context);
  ASSERT_FALSE(settled);
  EXPECT_THAT(problem_of(settled), HasSubstr("1 of its objects were not taken back"));
  EXPECT_THAT(problem_of(settled), HasSubstr("503"));
  EXPECT_THAT(problem_of(settled), HasSubstr("journalctl -u shop"));
  EXPECT_THAT(problem_of(settled), HasSubstr("wright rollback again"));

  service->be_busy(0);
  ASSERT_TRUE(undo.undo(made.record, context));
  ASSERT_TRUE(undo.settle(made.record, context));
  EXPECT_EQ(service->get("/x"), R"({"a":1})");
}

TEST_F(HttpUnit, OneThatAnswersAndKeepsFailingIsNotCalledSilent) {
  const Made refused = make(*kind, object("/x", "{}", {{"unit", "shop"}, {"wait_ms", 60000}}));
  const Made other = make(*kind, object("/y", "{}", {{"unit", "shop"}}));
  service->refuse_to_delete("/x", 500, "disk full");
  HttpUndo undo = undo_with(milliseconds(300));
  ASSERT_TRUE(undo.undo(refused.record, context));
  ASSERT_TRUE(undo.undo(other.record, context));
  const auto settled = undo.settle(refused.record, context);
  ASSERT_FALSE(settled);
  EXPECT_THAT(problem_of(settled), HasSubstr("answers 500 to DELETE: disk full"));
  EXPECT_THAT(problem_of(settled), Not(HasSubstr("does not answer")));
  EXPECT_EQ(service->get("/y"), "");
}

TEST_F(HttpUnit, OneThatFallsSilentWhileItIsToldIsCalledSilent) {
  const Made made = make(*kind, object("/x", "{}", {{"unit", "shop"}}));
  service->refuse_to_delete("/x", 500, "stopping");
  HttpUndo undo = undo_with(milliseconds(300));
  ASSERT_TRUE(undo.undo(made.record, context));
  service->be_busy(100000);
  const auto settled = undo.settle(made.record, context);
  ASSERT_FALSE(settled);
  EXPECT_THAT(problem_of(settled), HasSubstr("1 of its objects were not taken back, as it does not answer"));
}

TEST_F(HttpUnit, OneThatDiesIsWaitedForNoLonger) {
  const Made made = changed();
  HttpUndo undo = undo_with(std::chrono::hours(1));
  service->be_busy(100000);
  ASSERT_TRUE(undo.undo(made.record, context));
  int shown = 0;
  on_show = [&] { unit = unit_that(++shown < 3 ? "activating" : "failed"); };
  EXPECT_FALSE(undo.settle(made.record, context));
}

TEST_F(HttpUnit, OneThatIsStoppedRunsForTheUndoAlone) {
  const Made made = changed();
  HttpUndo undo = undo_with();
  service->be_busy(100000);
  ASSERT_TRUE(undo.undo(made.record, context));
  unit = unit_that("inactive");
  on_tell = [&](const std::string& verb) {
    unit = unit_that(verb == "start" ? "active" : "inactive");
    service->be_busy(verb == "start" ? 0 : 100000);
  };
  const auto settled = undo.settle(made.record, context);
  EXPECT_TRUE(settled) << problem_of(settled);
  EXPECT_EQ(service->get("/x"), R"({"a":1})");
  EXPECT_THAT(told, ElementsAre("start shop.service", "stop shop.service"));
}

TEST_F(HttpUnit, OneThatAKilledAgentStartedIsStoppedByTheNext) {
  const Made made = changed();
  HttpUndo undo = undo_with();
  service->be_busy(100000);
  ASSERT_TRUE(undo.undo(made.record, context));
  unit = unit_that("inactive");
  on_tell = [&](const std::string& verb) {
    if (verb == "start") std::filesystem::copy(path("state/awake"), path("as_killed"));
    unit = unit_that(verb == "start" ? "active" : "inactive");
    service->be_busy(verb == "start" ? 0 : 100000);
  };
  ASSERT_TRUE(undo.settle(made.record, context));
  EXPECT_FALSE(exists("state/awake/shop.service"));

  // The next agent finds it running, so that nothing has to be left to the end.
  std::filesystem::copy(path("as_killed"), path("state/awake"));
  unit = unit_that("active");
  service->be_busy(0);
  told.clear();
  context.postponed = false;
  HttpUndo next = undo_with();
  ASSERT_TRUE(next.undo(made.record, context));
  EXPECT_FALSE(context.postponed);
  const auto settled = next.settle(made.record, context);
  EXPECT_TRUE(settled) << problem_of(settled);
  EXPECT_THAT(told, ElementsAre("stop shop.service"));
  EXPECT_FALSE(exists("state/awake/shop.service"));
}

TEST_F(HttpUnit, OneThatAKilledAgentStartedAndIsNeededAgainIsStoppedInTheEnd) {
  const Made made = changed();
  HttpUndo undo = undo_with();
  service->be_busy(100000);
  ASSERT_TRUE(undo.undo(made.record, context));
  std::ifstream boot("/proc/sys/kernel/random/boot_id");
  write("state/awake/shop.service", std::string(std::istreambuf_iterator<char>(boot), {}));
  unit = unit_that("activating");
  on_show = [&] { service->be_busy(0); };
  const auto settled = undo.settle(made.record, context);
  EXPECT_TRUE(settled) << problem_of(settled);
  EXPECT_EQ(service->get("/x"), R"({"a":1})");
  EXPECT_THAT(told, ElementsAre("stop shop.service"));
}

TEST_F(HttpUnit, OneThatRunsSinceAnotherBootIsNotTakenForStartedByAnAgent) {
  const Made made = changed();
  write("state/awake/shop.service", "another boot\n");
  HttpUndo undo = undo_with();
  ASSERT_TRUE(undo.undo(made.record, context));
  ASSERT_TRUE(undo.settle(made.record, context));
  EXPECT_THAT(told, IsEmpty());
  EXPECT_FALSE(exists("state/awake/shop.service"));
}

TEST_F(HttpUnit, OneThatCannotBeStoppedAgainMakesTheRollbackIncomplete) {
  const Made made = changed();
  HttpUndo undo = undo_with();
  service->be_busy(100000);
  ASSERT_TRUE(undo.undo(made.record, context));
  unit = unit_that("inactive");
  on_tell = [&](const std::string&) {
    unit = unit_that("active");
    service->be_busy(0);
  };
  refused_verb = "stop";
  const auto settled = undo.settle(made.record, context);
  ASSERT_FALSE(settled);
  EXPECT_THAT(problem_of(settled), HasSubstr("cannot be stopped again"));
  EXPECT_THAT(problem_of(settled), HasSubstr("Failed to stop it"));
  EXPECT_TRUE(exists("state/awake/shop.service"));
}

TEST_F(HttpUnit, OneThatCannotBeWrittenDownIsNotStarted) {
  const Made made = changed();
  HttpUndo undo = undo_with(milliseconds(300));
  service->be_busy(100000);
  ASSERT_TRUE(undo.undo(made.record, context));
  unit = unit_that("inactive");
  write("state/awake", "in the way");
  const auto settled = undo.settle(made.record, context);
  ASSERT_FALSE(settled);
  EXPECT_THAT(problem_of(settled), HasSubstr("state/awake"));
  EXPECT_THAT(told, IsEmpty());
}

TEST_F(HttpUnit, OneThatWentWithItsDataHasNothingToTakeBack) {
  const Made made = changed();
  service->be_busy(100000);
  Unit of_a_file_that_is_gone = unit_that("inactive");
  of_a_file_that_is_gone.path = path("shop.service");
  Unit unknown = unit_that("inactive");
  unknown.load = "not-found";
  for (const auto& gone : {of_a_file_that_is_gone, unknown}) {
    HttpUndo undo = undo_with(std::chrono::hours(1));
    unit = gone;
    ASSERT_TRUE(undo.undo(made.record, context));
    const auto settled = undo.settle(made.record, context);
    EXPECT_TRUE(settled) << problem_of(settled);
    EXPECT_THAT(told, IsEmpty());
  }
}

TEST_F(HttpUnit, OneThatKeepsFailingInTheMiddleOfAnUndoIsLeftForLater) {
  service->put("/state", R"({"is_up":false})");
  service->on_post("/undo", "/state", R"({"is_up":true})", 503);
  UndoRecord record;
  record.ids = {{"http", service->url("/state")}};
  record.undo = Value(Value::Map{
      {record.ids[0].name, Value::Map{{"there", false}, {"remove_url", service->url("/undo")}, {"wait_ms", 300}}}});
  HttpUndo undo = undo_with();
  const auto undone = undo.undo(record, context);
  EXPECT_TRUE(undone) << problem_of(undone);
  EXPECT_TRUE(context.postponed);
}

}  // namespace
}  // namespace wright::agent
