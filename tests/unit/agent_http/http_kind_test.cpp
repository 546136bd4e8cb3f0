#include <gmock/gmock.h>

#include "unit/agent_command/host_folder.hpp"
#include "unit/agent_http/rest_service.hpp"

#include "agent/baton.hpp"
#include "agent/resources/http_object.hpp"
#include "model/encoding.hpp"
#include "model/kinds.hpp"

namespace wright::agent {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

class HttpKind : public HostFolder {
 protected:
  Resource object(const std::string& path, const std::string& body, Value::Map more = {}) const {
    Resource made;
    made.id = {"http", service.url(path)};
    made.attributes = std::move(more);
    if (!body.empty()) made.attributes.emplace("body", body);
    const auto problems = check(made);
    EXPECT_FALSE(problems.has_errors()) << to_text(problems);
    return made;
  }
  Resource member(const std::string& title, const std::string& body) const {
    return object("/items#" + title, body, {{"find", Value::Map{{"title", title}}}, {"within", "/list"}});
  }
  void expect_undone(const Made& made) {
    const auto undone = kind->undo(made.record, context);
    EXPECT_TRUE(undone) << problem_of(undone);
  }
  static std::vector<std::string> names_of(const Difference& difference) {
    std::vector<std::string> names;
    for (const auto& attribute : difference.attributes) names.push_back(attribute.name);
    return names;
  }

  RestService service;
  std::unique_ptr<Kind> kind = make_http_kind();
};

TEST_F(HttpKind, MakesWhatIsMissingAndTakesItBack) {
  const Resource wanted = object("/users/x", R"({"tags":["a"]})");
  EXPECT_EQ(look(*kind, wanted).difference.action, Action::create);
  const Made made = make(*kind, wanted);
  ASSERT_TRUE(made.result) << problem_of(made.result);
  EXPECT_EQ(service.get("/users/x"), R"({"tags":["a"]})");
  EXPECT_EQ(look(*kind, wanted).difference.action, Action::none);
  expect_undone(made);
  EXPECT_EQ(service.get("/users/x"), "");
  expect_undone(made);
}

TEST_F(HttpKind, ChangesOnlyWhatDiffersAndPutsTheWholeObjectBack) {
  const std::string before = R"({"pattern":"^a","priority":5})";
  service.put("/policies/p", before);
  const Resource wanted = object("/policies/p", R"({"pattern":"^b"})");
  const Item item = look(*kind, wanted);
  EXPECT_EQ(item.difference.action, Action::update);
  EXPECT_THAT(names_of(item.difference), ElementsAre("pattern"));
  const Made made = make(*kind, wanted);
  ASSERT_TRUE(made.result) << problem_of(made.result);
  expect_undone(made);
  EXPECT_EQ(from_json(service.get("/policies/p")).value(), from_json(before).value());
}

TEST_F(HttpKind, WhatIsNotAskedForIsNoDifferenceAndNoStaleState) {
  service.put("/vhosts/v", R"({"name":"v","messages":1})");
  const Resource wanted = object("/vhosts/v", R"({"name":"v"})");
  const Item first = look(*kind, wanted);
  service.put("/vhosts/v", R"({"name":"v","messages":2})");
  const Item second = look(*kind, wanted);
  EXPECT_EQ(first.difference.action, Action::none);
  EXPECT_EQ(Value(first.observed.state), Value(second.observed.state));
}

TEST_F(HttpKind, RemovesAndBringsBack) {
  service.put("/users/guest", R"({"tags":["administrator"],"password_hash":"h"})");
  const Resource wanted = object("/users/guest", "", {{"ensure", "absent"}});
  const Made made = make(*kind, wanted);
  ASSERT_TRUE(made.result) << problem_of(made.result);
  EXPECT_EQ(service.get("/users/guest"), "");
  EXPECT_EQ(look(*kind, wanted).difference.action, Action::none);
  expect_undone(made);
  EXPECT_THAT(service.get("/users/guest"), HasSubstr(R"("password_hash":"h")"));
}

TEST_F(HttpKind, OnlyTheFieldsToRestoreAreSentBack) {
  service.put("/x", R"({"a":1,"uptime":3})");
  const Made made = make(*kind, object("/x", R"({"a":2})", {{"restore", Value(std::vector<std::string>{"a"})}}));
  expect_undone(made);
  EXPECT_EQ(service.get("/x"), R"({"a":1})");
}

TEST_F(HttpKind, APasswordIsStoredAsAHashAndComparedByIt) {
  const auto user = [&](const std::string& password) {
    return object("/users/x", R"({"tags":[]})", {{"password", Secret(password)}, {"password_hash_field", "hash"}});
  };
  const Made made = make(*kind, user("one"));
  ASSERT_TRUE(made.result) << problem_of(made.result);
  const std::string hash = (*from_json(service.get("/users/x")))["hash"].text_or("");
  EXPECT_TRUE(is_hash_of(hash, "one"));
  EXPECT_EQ(look(*kind, user("one")).difference.action, Action::none);
  const Item other = look(*kind, user("two"));
  EXPECT_EQ(other.difference.action, Action::update);
  EXPECT_THAT(names_of(other.difference), ElementsAre("password"));
  EXPECT_TRUE(other.difference.attributes.front().secret);
  const Made changed = make(*kind, user("two"));
  EXPECT_TRUE(is_hash_of((*from_json(service.get("/users/x")))["hash"].text_or(""), "two"));
  expect_undone(changed);
  EXPECT_EQ((*from_json(service.get("/users/x")))["hash"].text_or(""), hash);
}

TEST_F(HttpKind, AnAccountChangesItsOwnPasswordWithTheOneThatWorkedBefore) {
  const auto as = [&](const std::string& password, const std::string& body) {
    return object("/users/admin", body, {{"auth_user", "admin"}, {"auth_password", Secret(password)}});
  };
  service.let_in("admin:one");
  const Made first = make(*kind, as("one", R"({"n":1})"));
  ASSERT_TRUE(first.result) << problem_of(first.result);
  // The new password is not known to the service yet.
  const Made second = make(*kind, as("two", R"({"n":2})"));
  ASSERT_TRUE(second.result) << problem_of(second.result);
  EXPECT_EQ(service.get("/users/admin"), R"({"n":2})");
  // Then it is, and the first change is still taken back.
  service.let_in("admin:two");
  EXPECT_EQ(look(*kind, as("two", R"({"n":2})")).difference.action, Action::none);
  service.let_in("admin:one");
  expect_undone(second);
  expect_undone(first);
  EXPECT_EQ(service.get("/users/admin"), "");
}

TEST_F(HttpKind, LookingWithAnotherPasswordWritesNothing) {
  context.transaction.clear();
  service.let_in("admin:one");
  look(*kind, object("/x", "{}", {{"auth_user", "admin"}, {"auth_password", Secret("one")}}));
  EXPECT_FALSE(exists("state/http"));
}

TEST_F(HttpKind, NoPasswordIsInWhatTheJournalKeeps) {
  service.let_in("admin:canary-one");
  const Made made = make(*kind, object("/users/x", R"({"tags":[]})",
                                       {{"auth_user", "admin"},
                                        {"auth_password", Secret("canary-one")},
                                        {"password", Secret("canary-two")},
                                        {"password_hash_field", "hash"}}));
  ASSERT_TRUE(made.result) << problem_of(made.result);
  EXPECT_EQ(to_cbor(made.record.undo).find("canary"), std::string::npos);
  EXPECT_EQ(to_cbor(made.record.done).find("canary"), std::string::npos);
}

TEST_F(HttpKind, AMemberOfACollectionIsMadeOnceAndFoundByItsFields) {
  service.put("/items/7", R"({"title":"other","port":1})");
  const Resource wanted = member("mine", R"({"title":"mine","port":2})");
  const Made made = make(*kind, wanted);
  ASSERT_TRUE(made.result) << problem_of(made.result);
  EXPECT_EQ(look(*kind, wanted).difference.action, Action::none);
  // Its id, "id 1", has to be escaped.
  const Made changed = make(*kind, member("mine", R"({"title":"mine","port":3})"));
  ASSERT_TRUE(changed.result) << problem_of(changed.result);
  EXPECT_EQ(service.get("/items/id 1"), R"({"title":"mine","port":3})");
  expect_undone(changed);
  EXPECT_THAT(service.get("/items/id 1"), HasSubstr(R"("port":2)"));
  expect_undone(made);
  EXPECT_EQ(service.get("/items/id 1"), "");
  EXPECT_NE(service.get("/items/7"), "");
}

TEST_F(HttpKind, WhatHoldsDataIsLeftByARollback) {
  service.put("/queues/v", "[]");
  const Resource wanted = object("/vhosts/v", "{}", {{"data_url", service.url("/queues/v")}});
  const Made made = make(*kind, wanted);
  std::vector<std::string> notes;
  context.emit = [&](const Event& event) { notes.push_back(event.text); };
  service.put("/queues/v", R"([{"name":"jobs"}])");
  expect_undone(made);
  EXPECT_EQ(service.get("/vhosts/v"), "{}");
  EXPECT_THAT(notes, ElementsAre(HasSubstr("holds data (1)")));
  service.put("/queues/v", "[]");
  expect_undone(made);
  EXPECT_EQ(service.get("/vhosts/v"), "");
}

TEST_F(HttpKind, WhatItHoldsMayBeANumber) {
  const Resource wanted =
      object("/queues/q", R"({"durable":true})", {{"data_url", service.url("/queues/q")}, {"data_count", "/messages"}});
  const Made made = make(*kind, wanted);
  service.put("/queues/q", R"({"durable":true,"messages":3})");
  expect_undone(made);
  EXPECT_NE(service.get("/queues/q"), "");
  service.put("/queues/q", R"({"durable":true,"messages":0})");
  expect_undone(made);
  EXPECT_EQ(service.get("/queues/q"), "");
}

TEST_F(HttpKind, AHandEditIsKeptBeforeItIsReplaced) {
  const Resource wanted = object("/x", R"({"a":1})");
  Made made = make(*kind, wanted);
  service.put("/x", R"({"a":"by hand"})");
  made.record.edited = {wanted.id};
  expect_undone(made);
  ASSERT_EQ(context.kept.size(), 1U);
  const std::string place = context.kept[0].substr(context.kept[0].find(" -> ") + 4);
  std::ifstream in(place);
  const std::string kept{std::istreambuf_iterator<char>(in), {}};
  EXPECT_THAT(kept, HasSubstr("by hand"));
  EXPECT_THAT(kept, HasSubstr(wanted.id.name));
}

TEST_F(HttpKind, ManyObjectsAreSeenOverOneConnection) {
  std::vector<Resource> all;
  for (int i = 0; i < 20; ++i) all.push_back(object("/o/" + std::to_string(i), "{}"));
  std::vector<const Resource*> pointers;
  for (const auto& one : all) pointers.push_back(&one);
  ASSERT_TRUE(kind->look(pointers, context));
  EXPECT_EQ(service.asked().size(), 20U);
  EXPECT_EQ(service.connections(), 1);
  EXPECT_EQ(service.changes(), 0U);
}

TEST_F(HttpKind, AConnectionThatTheServiceClosesIsMadeAgain) {
  service.close_after_each();
  const Made made = make(*kind, object("/x", R"({"a":1})"));
  EXPECT_TRUE(made.result) << problem_of(made.result);
  EXPECT_EQ(service.get("/x"), R"({"a":1})");
}

// As a plan looks: some questions at once, and none of them twice.
TEST_F(HttpKind, SideBySideItSeesTheSame) {
  service.let_in("admin:old");
  service.wait_for_connections(2);
  std::vector<Resource> wanted;
  for (int i = 0; i < 12; ++i) {
    const std::string path = "/users/" + std::to_string(i);
    if (i % 3 != 0) service.put(path, i % 3 == 1 ? R"({"a":1})" : R"({"a":2})");
    wanted.push_back(
        object(path, R"({"a":1})", {{"auth_user", "admin"}, {"auth_password", Secret(i % 2 == 0 ? "old" : "new")}}));
  }
  for (const char* title : {"one", "two", "three"}) {
    wanted.push_back(member(title, R"({"title":")" + std::string(title) + "\"}"));
    wanted.back().attributes.emplace("auth_user", "admin");
    wanted.back().attributes.emplace("auth_password", Secret("old"));
  }
  std::vector<const Resource*> all;
  for (const auto& one : wanted) all.push_back(&one);
  Baton baton;
  context.baton = &baton;
  const Turn turn(baton);
  const auto seen = kind->look(all, context);
  context.baton = nullptr;
  ASSERT_TRUE(seen) << problem_of(seen);
  for (std::size_t i = 0; i < 12; ++i) {
    const Difference difference = kind->compare(wanted[i], (*seen)[i]);
    EXPECT_EQ(difference.unseen, "") << i;
    EXPECT_EQ(difference.action, i % 3 == 0 ? Action::create : i % 3 == 1 ? Action::none : Action::update) << i;
  }
  auto asked = service.asked();
  EXPECT_EQ(asked.size(), 13U);
  EXPECT_EQ(std::count(asked.begin(), asked.end(), "GET /items"), 1);
  EXPECT_GT(service.connections(), 1);
}

}  // namespace
}  // namespace wright::agent
