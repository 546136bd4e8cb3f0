#include <gmock/gmock.h>

#include <optional>

#include "agent/resources/http_undo.hpp"
#include "model/kinds.hpp"
#include "unit/agent_command/host_folder.hpp"
#include "unit/agent_http/rest_service.hpp"

namespace wright::agent {
namespace {

using std::chrono::milliseconds;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

class HttpTrouble : public HostFolder {
 protected:
  Resource object(const std::string& path, const std::string& body, Value::Map more = {}) const {
    Resource made;
    made.id = {"http", service->url(path)};
    made.attributes = std::move(more);
    made.attributes.emplace("body", body);
    made.attributes.emplace("wait_ms", 300);
    return made;
  }
  std::string reason_for(const Resource& resource) { return look(*kind, resource).difference.unseen; }

  std::optional<RestService> service{std::in_place};
  std::unique_ptr<Kind> kind = make_http_kind();
};

TEST_F(HttpTrouble, AServiceThatIsNotThereYetHasNothing) {
  const Resource wanted = object("/x", "{}");
  service.reset();
  const Item item = look(*kind, wanted);
  EXPECT_EQ(item.difference.action, Action::create);
  EXPECT_THAT(item.difference.unseen, HasSubstr("no connection to 127.0.0.1"));
  // When it is its turn, that is an error.
  const Item items[] = {item};
  EXPECT_THAT(problem_of(kind->prepare(items, context)), HasSubstr("no connection to 127.0.0.1"));
}

TEST_F(HttpTrouble, WhatMayBeThereIsPlannedToBeRemoved) {
  Resource unwanted = object("/x", "{}");
  unwanted.attributes["ensure"] = "absent";
  EXPECT_EQ(look(*kind, unwanted).difference.action, Action::none);
  service.reset();
  EXPECT_EQ(look(*kind, unwanted).difference.action, Action::remove);
}

TEST_F(HttpTrouble, AServiceThatStartsIsWaitedFor) {
  service->be_busy(3);
  EXPECT_THAT(reason_for(object("/x", "{}")), HasSubstr("answers 503 to GET: starting"));
  const Resource wanted = object("/x", "{}", {{"wait_ms", 20000}});
  const Item items[] = {look(*kind, wanted)};
  const auto undo = kind->prepare(items, context);
  ASSERT_TRUE(undo) << problem_of(undo);
  EXPECT_TRUE(kind->change(items, *undo, context));
  EXPECT_EQ(service->get("/x"), "{}");
}

TEST_F(HttpTrouble, ARefusedPasswordIsAnErrorAtOnceThatDoesNotShowIt) {
  service->let_in("admin:right");
  const Resource wanted =
      object("/x", "{}", {{"auth_user", "admin"}, {"auth_password", Secret("canary")}, {"wait_ms", 3600000}});
  const Item items[] = {look(*kind, wanted)};
  const std::string problem = problem_of(kind->prepare(items, context));
  EXPECT_THAT(problem, HasSubstr("refuses the user \"admin\""));
  EXPECT_THAT(problem, Not(HasSubstr("canary")));
}

TEST_F(HttpTrouble, ARefusalIsToldWithoutTheSecretsInIt) {
  Resource wanted = object("/x", "{}");
  wanted.attributes["body"] = Secret(R"({"a":"refuse me, canary-secret"})");
  const Made refused = make(*kind, wanted);
  EXPECT_THAT(problem_of(refused.result), HasSubstr("answers 400 to PUT: "));
  EXPECT_THAT(problem_of(refused.result), Not(HasSubstr("canary-secret")));
}

TEST_F(HttpTrouble, AServiceThatTakesItAndDoesNotKeepItIsFoundOut) {
  service->forget_what_is_put();
  const Made made = make(*kind, object("/x", R"({"a":1})"));
  EXPECT_THAT(problem_of(made.result), HasSubstr("\"a\" is not what was asked for"));
}

TEST_F(HttpTrouble, AnswersThatAreNoneAreNeitherBelievedNorWaitedForForever) {
  const std::string many(100000, '[');
  for (const std::string& answer :
       {std::string("SSH-2.0-OpenSSH\r\n"), std::string("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n{\"a\":"),
        "HTTP/1.1 200 OK\r\nContent-Length: " + std::to_string(many.size()) + "\r\n\r\n" + many,
        std::string("HTTP/1.1 200 OK\r\nContent-Length: 99999999999\r\n\r\n"),
        std::string("HTTP/1.1 200 OK\r\n") + "X: " + std::string(200000, 'x'),
        std::string("HTTP/1.1 302 Found\r\nLocation: http://192.0.2.1/\r\nContent-Length: 0\r\n\r\n")}) {
    service->answer_with(answer);
    service->close_after_each();
    EXPECT_THAT(reason_for(object("/x", "{}")), Not(IsEmpty())) << answer.substr(0, 60);
  }
}

TEST_F(HttpTrouble, ARollbackGoesOnWhenAServiceWithoutAKnownUnitIsGone) {
  const Made made = make(*kind, object("/x", "{}"));
  std::vector<std::string> notes;
  context.emit = [&](const Event& event) { notes.push_back(event.text); };
  service.reset();
  const auto undone = kind->undo(made.record, context);
  EXPECT_TRUE(undone) << problem_of(undone);
  const auto settled = kind->settle(made.record, context);
  EXPECT_TRUE(settled) << problem_of(settled);
  ASSERT_EQ(notes.size(), 1U);
  EXPECT_THAT(notes[0], HasSubstr("does not answer: 1 of its objects were left"));
}

TEST_F(HttpTrouble, AChangeThatFailsForAMomentIsToldAgain) {
  const Made made = make(*kind, object("/x", "{}"));
  service->refuse_to_delete("/x", 500, "not now", 2);
  const auto undone = kind->undo(made.record, context);
  EXPECT_TRUE(undone) << problem_of(undone);
  EXPECT_FALSE(context.postponed);
  EXPECT_EQ(service->get("/x"), "");
}

TEST_F(HttpTrouble, ACountThatFailsForAMomentIsAskedForAgain) {
  service->put("/x/count", R"({"count":0})");
  const Made made = make(*kind, object("/x", "{}", {{"data_url", service->url("/x/count")}, {"data_count", "/count"}}));
  service->refuse_to_show("/x/count", 503, "counting", 2);
  const auto undone = kind->undo(made.record, context);
  EXPECT_TRUE(undone) << problem_of(undone);
  EXPECT_EQ(service->get("/x"), "");
}

TEST_F(HttpTrouble, AServiceThatAnswersAndKeepsFailingMakesTheRollbackIncomplete) {
  const Made refused = make(*kind, object("/x", "{}"));
  const Made other = make(*kind, object("/y", "{}"));
  std::vector<std::string> notes;
  context.emit = [&](const Event& event) { notes.push_back(event.text); };
  service->refuse_to_delete("/x", 500, "disk full");
  // The other one is asked only once the first one has failed in the end: nothing of a service is overtaken.
  ASSERT_TRUE(kind->undo(refused.record, context));
  ASSERT_TRUE(kind->undo(other.record, context));
  EXPECT_TRUE(context.postponed);
  const auto settled = kind->settle(refused.record, context);
  ASSERT_FALSE(settled);
  EXPECT_THAT(problem_of(settled), HasSubstr("answers 500 to DELETE: disk full"));
  EXPECT_THAT(problem_of(settled), Not(HasSubstr("does not answer")));
  EXPECT_THAT(notes, IsEmpty());
  EXPECT_EQ(service->get("/y"), "");
}

/// A unit as systemd would have it, with what it was told.
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

TEST_F(HttpTrouble, WhatCannotBeUndoneNowIsUndoneWhenTheServiceIsBackInOrder) {
  service->put("/x", R"({"a":1})");
  const Made first = make(*kind, object("/x", R"({"a":2})"));
  const Made second = make(*kind, object("/x", R"({"a":3})"));
  service->be_busy(1000);
  ASSERT_TRUE(kind->undo(second.record, context));
  service->be_busy(0);
  // It is back, but the older change must not overtake the newer one.
  ASSERT_TRUE(kind->undo(first.record, context));
  EXPECT_EQ(service->get("/x"), R"({"a":3})");
  ASSERT_TRUE(kind->settle(first.record, context));
  EXPECT_EQ(service->get("/x"), R"({"a":1})");
  const std::size_t changes = service->changes();
  ASSERT_TRUE(kind->settle(second.record, context));
  EXPECT_EQ(service->changes(), changes);
}

TEST_F(HttpTrouble, ACancelledRunDoesNotWait) {
  const Resource wanted = object("/x", "{}", {{"wait_ms", 3600000}});
  const Item items[] = {look(*kind, wanted)};
  service.reset();
  cancellation.cancel();
  EXPECT_FALSE(kind->prepare(items, context));
}

TEST_F(HttpTrouble, AServiceThatFailsAndThenSaysNothingIsQuotedWithBoth) {
  service->put("/state", R"({"is_up":false})");
  service->on_post("/state/go", "/state", "no JSON", 500);
  const Made made = make(
      *kind,
      object("/state", "{}",
             {{"find", Value::Map{{"is_up", "true"}}}, {"single", true}, {"make_url", service->url("/state/go")}}));
  EXPECT_THAT(problem_of(made.result), HasSubstr("answers 500 to POST"));
  EXPECT_THAT(problem_of(made.result), HasSubstr("answers with what is no JSON"));
}

TEST(HttpCheck, SaysWhatCannotWork) {
  Resource bad;
  bad.id = {"http", "/users/x"};
  bad.attributes = {{"body", "[1]"}, {"password", Secret("x")}};
  const std::string text = to_text(check(bad));
  EXPECT_THAT(text, HasSubstr("must be a URL"));
  EXPECT_THAT(text, HasSubstr("must be a JSON object"));
  EXPECT_THAT(text, HasSubstr("need each other"));
  Resource without;
  without.id = {"http", "http://127.0.0.1/x"};
  EXPECT_THAT(to_text(check(without)), HasSubstr("\"body\" is missing"));
}

}  // namespace
}  // namespace wright::agent
