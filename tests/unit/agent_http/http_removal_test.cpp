#include <gmock/gmock.h>

#include "model/kinds.hpp"
#include "unit/agent_command/host_folder.hpp"
#include "unit/agent_http/rest_service.hpp"

namespace wright::agent {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

/// A queue whose service refuses to delete what is in use, as far as it can.
class HttpRemoval : public HostFolder {
 protected:
  HttpRemoval() {
    context.emit = [&](const Event& event) { notes.push_back(event.text); };
  }
  Resource queue(Value::Map more = {}) const {
    Resource made;
    made.id = {"http", service.url("/queues/q")};
    made.attributes = std::move(more);
    made.attributes.emplace("body", R"({"durable":true})");
    made.attributes.emplace("wait_ms", 300);
    return made;
  }
  Resource guarded() const {
    return queue(
        {{"remove_query", "if-empty=true&if-unused=true"}, {"stays_when", Value::List{"not empty", "in use"}}});
  }
  Resource counted(Value::Map more = {}) const {
    more.emplace("data_url", service.url("/queues/q"));
    more.emplace("data_count", "/messages");
    return queue(std::move(more));
  }
  bool is_there() { return !service.get("/queues/q").empty(); }

  RestService service;
  std::unique_ptr<Kind> kind = make_http_kind();
  std::vector<std::string> notes;
};

TEST_F(HttpRemoval, DeletesOnTheServicesConditions) {
  const Made made = make(*kind, guarded());
  EXPECT_TRUE(kind->undo(made.record, context));
  EXPECT_THAT(service.asked(), Contains("DELETE /queues/q?if-empty=true&if-unused=true"));
  EXPECT_FALSE(is_there());
  EXPECT_THAT(notes, IsEmpty());
}

TEST_F(HttpRemoval, LeavesWhatTheServiceSaysIsInUse) {
  const Made made = make(*kind, guarded());
  service.refuse_to_delete("/queues/q", 400, R"({"reason":"queue 'q' in vhost '/' not empty"})");
  const auto undone = kind->undo(made.record, context);
  EXPECT_TRUE(undone) << problem_of(undone);
  EXPECT_THAT(notes, ElementsAre(HasSubstr("was left as it is: ")));
}

TEST_F(HttpRemoval, AnyOtherRefusalIsAFailure) {
  const Made made = make(*kind, guarded());
  for (const auto& [status, why] : {std::pair{400, R"({"reason":"if-empty is not implemented"})"}, {403, "in use"}}) {
    service.refuse_to_delete("/queues/q", status, why);
    EXPECT_THAT(problem_of(kind->undo(made.record, context)), HasSubstr(std::to_string(status) + " to DELETE"));
  }
  EXPECT_THAT(notes, IsEmpty());
}

TEST_F(HttpRemoval, WhatIsNotCountedIsLeftUnlessTheServiceGuardsIt) {
  const Made alone = make(*kind, counted());
  EXPECT_TRUE(kind->undo(alone.record, context));
  EXPECT_TRUE(is_there());
  EXPECT_THAT(notes, ElementsAre(HasSubstr("does not say what it holds")));
  service.remove("/queues/q");
  const Made safe = make(*kind, counted({{"stays_when", Value::List{"not empty"}}}));
  EXPECT_TRUE(kind->undo(safe.record, context));
  EXPECT_FALSE(is_there());
}

TEST_F(HttpRemoval, ACountOfNothingIsEnough) {
  const Made made = make(*kind, counted());
  service.put("/queues/q", R"({"durable":true,"messages":0})");
  EXPECT_TRUE(kind->undo(made.record, context));
  EXPECT_FALSE(is_there());
}

TEST_F(HttpRemoval, AnOldCountIsAskedForAgainBeforeItIsBelieved) {
  const Made made = make(*kind, counted({{"data_age_ms", 400}}));
  service.put("/queues/q", R"({"durable":true,"messages":0})");
  service.on_get("/queues/q", R"({"durable":true,"messages":2})", 3);
  EXPECT_TRUE(kind->undo(made.record, context));
  EXPECT_TRUE(is_there());
  EXPECT_THAT(notes, ElementsAre(HasSubstr("holds data (2)")));
}

/// What several hosts hold together, as long as this one answers there.
class HttpMember : public HttpRemoval {
 protected:
  HttpMember() { service.put("/nodes/own", "{}"); }
  Made made() { return make(*kind, queue({{"member_url", service.url("/nodes/own")}})); }
};

TEST_F(HttpMember, WhatSeveralHostsHoldIsTakenBackInTheEnd) {
  const Made one = made();
  ASSERT_TRUE(kind->undo(one.record, context));
  EXPECT_TRUE(context.postponed);
  EXPECT_TRUE(is_there());
  ASSERT_TRUE(kind->settle(one.record, context));
  EXPECT_FALSE(is_there());
}

TEST_F(HttpMember, AHostThatLeftLeavesItToTheOthers) {
  const Made one = made();
  ASSERT_TRUE(kind->undo(one.record, context));
  service.remove("/nodes/own");
  ASSERT_TRUE(kind->settle(one.record, context));
  EXPECT_TRUE(is_there());
}

TEST_F(HttpMember, AServiceThatKnowsNobodyAnyMoreIsAnotherOne) {
  const Made one = make(
      *kind,
      queue({{"member_url", service.url("/nodes/own")}, {"auth_user", "admin"}, {"auth_password", Secret("old")}}));
  ASSERT_TRUE(kind->undo(one.record, context));
  service.let_in("root:other");
  const auto settled = kind->settle(one.record, context);
  EXPECT_TRUE(settled) << problem_of(settled);
}

TEST_F(HttpMember, WhoJoinsDoesNotMakeWhatIsThere) {
  Resource one = queue({{"joins", true}});
  EXPECT_THAT(look(*kind, one).difference.notes, ElementsAre(HasSubstr("unless another host")));
  service.put("/queues/q", R"({"durable":true})");
  EXPECT_EQ(look(*kind, one).difference.action, Action::none);
}

// A list that is not where it is looked for is not an empty one: each apply would add to it.
TEST_F(HttpRemoval, ACollectionThatAnswersWithNoListIsNotKnown) {
  service.put("/things", R"({"things":[{"id":"1","title":"t"}]})");
  Resource member = queue({{"find", Value::Map{{"title", "t"}}}});
  member.id = {"http", service.url("/things#t")};
  EXPECT_THAT(look(*kind, member).difference.unseen, HasSubstr("answers with what is no list"));
  member.attributes["within"] = "/things";
  EXPECT_EQ(look(*kind, member).difference.unseen, "");
}

}  // namespace
}  // namespace wright::agent
