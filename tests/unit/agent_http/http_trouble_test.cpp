#include "unit/agent_http/http_trouble.hpp"

#include "agent/resources/http_session.hpp"

namespace wright::agent {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

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

TEST_F(HttpTrouble, InItsTurnWhatAServiceHasIsWaitedFor) {
  service->put("/x", R"({"a":1})");
  const Resource wanted = object("/x", R"({"a":1})", {{"wait_ms", 20000}});
  const Resource* all[] = {&wanted};
  service->be_busy(2);
  EXPECT_FALSE(kind->look(all, context).value().front().exists);
  service->be_busy(2);
  const auto seen = kind->look_in_turn(all, context);
  ASSERT_TRUE(seen) << problem_of(seen);
  EXPECT_TRUE(seen->front().exists);
  EXPECT_EQ(kind->compare(wanted, seen->front()).action, Action::none);
}

TEST_F(HttpTrouble, InItsTurnOneThatNeverAnswersIsAnError) {
  const Resource wanted = object("/x", "{}");
  const Resource* all[] = {&wanted};
  service->be_busy(1000);
  EXPECT_THAT(problem_of(kind->look_in_turn(all, context)), HasSubstr("answers 503 to GET"));
}

// Its users, its port or its certificate may be put back later.
TEST_F(HttpTrouble, WhatAServiceRefusesToShowInAnUndoIsAskedForOnceMoreInTheEnd) {
  service->let_in("admin:one");
  const Made made = make(*kind, object("/x", "{}", {{"auth_user", "admin"}, {"auth_password", Secret("one")}}));
  ASSERT_TRUE(made.result) << problem_of(made.result);
  service->let_in("admin:two");
  const auto undone = kind->undo(made.record, context);
  EXPECT_TRUE(undone) << problem_of(undone);
  EXPECT_TRUE(context.postponed);
  EXPECT_EQ(service->get("/x"), "{}");
  service->let_in("admin:one");
  const auto settled = kind->settle(made.record, context);
  EXPECT_TRUE(settled) << problem_of(settled);
  EXPECT_EQ(service->get("/x"), "");
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

TEST_F(HttpTrouble, AConflictWithAnothersChangeIsTriedAgain) {
  service->refuse_to_change("/x", 409, "version conflict", 2);
  const Made made = make(*kind, object("/x", R"({"a":1})"));
  ASSERT_TRUE(made.result) << problem_of(made.result);
  EXPECT_EQ(service->get("/x"), R"({"a":1})");
  service->refuse_to_delete("/x", 409, "version conflict", 2);
  const auto undone = kind->undo(made.record, context);
  EXPECT_TRUE(undone) << problem_of(undone);
  EXPECT_EQ(service->get("/x"), "");
}

TEST_F(HttpTrouble, AConflictThatStaysIsToldInTheEnd) {
  const Made made = make(*kind, object("/x", R"({"a":1})", {{"wait_ms", 400}}));
  service->refuse_to_change("/x", 409, "it is reserved", 1000);
  EXPECT_THAT(problem_of(make(*kind, object("/x", R"({"a":2})", {{"wait_ms", 400}})).result),
              HasSubstr("answers 409 to PUT: it is reserved"));
  service->refuse_to_delete("/x", 409, "it is reserved", 1000);
  EXPECT_THAT(problem_of(kind->undo(made.record, context)), HasSubstr("answers 409 to DELETE: it is reserved"));
  EXPECT_EQ(service->get("/x"), R"({"a":1})");
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

TEST_F(HttpTrouble, ThatAPortSpeaksNoTlsSaysNothingOfItWithout) {
  service->put("/a", "{}");
  HttpSession session(context);
  std::string secure = service->url("/a");
  secure.replace(0, std::string("http").size(), "https");
  const Value attributes(Value::Map{});
  EXPECT_FALSE(session.ask({"GET", secure, {}, std::chrono::milliseconds(200)}, attributes, false));
  const auto plain = session.ask({"GET", service->url("/a"), {}, std::chrono::milliseconds(5000)}, attributes, false);
  ASSERT_TRUE(plain);
  EXPECT_EQ(plain->body, "{}");
}

}  // namespace
}  // namespace wright::agent
