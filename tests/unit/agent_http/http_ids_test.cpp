#include <gmock/gmock.h>

#include "unit/agent_command/host_folder.hpp"
#include "unit/agent_http/rest_service.hpp"

#include "agent/resources/http_ids.hpp"
#include "agent/resources/http_object.hpp"
#include "model/encoding.hpp"
#include "model/kinds.hpp"

namespace wright::agent {
namespace {

using ::testing::HasSubstr;

TEST(HttpIds, WordsBecomeIdsInTextsAndAreFoundAgain) {
  const Ids ids{{"a", "17"}, {"b", "x-1"}};
  EXPECT_EQ(with_ids("/{a}/y/{a}/{b}/{c}", ids), "/17/y/17/x-1/{c}");
  const Value seen(Value::Map{{"list", Value::List{"17", "170"}}, {"n", 17}, {"17", "x-1"}});
  const Value worded(Value::Map{{"list", Value::List{"{a}", "170"}}, {"n", 17}, {"17", "{b}"}});
  EXPECT_EQ(with_words(seen, ids), worded);
  EXPECT_EQ(value_with_ids(worded, ids), seen);
}

TEST(HttpIds, OnlyWhatNeedsNoQuotingIsAnId) {
  EXPECT_TRUE(is_plain_id("6b04-46.5_4d"));
  for (const char* id : {"", "a b", "a/b", "a\"b", "..?"}) EXPECT_FALSE(is_plain_id(id)) << id;
}

class HttpWithIds : public HostFolder {
 protected:
  Resource object(const std::string& path, Value::Map attributes) const {
    Resource made;
    made.id = {"http", service.url(path)};
    made.attributes = std::move(attributes);
    const auto problems = check(made);
    EXPECT_FALSE(problems.has_errors()) << to_text(problems);
    return made;
  }
  Value item(const std::string& title) const {
    return Value::Map{
        {"item", R"({"url":")" + service.url("/items") + R"(","within":"/list","find":{"title":")" + title + R"("}})"}};
  }
  Made done(const Resource& wanted) {
    Made made = make(*kind, wanted);
    EXPECT_TRUE(made.result) << problem_of(made.result);
    EXPECT_EQ(look(*kind, wanted).difference.action, Action::none);
    return made;
  }
  void undo(const Made& made) {
    const auto undone = kind->undo(made.record, context);
    EXPECT_TRUE(undone) << problem_of(undone);
  }

  RestService service;
  std::unique_ptr<Kind> kind = make_http_kind();
};

TEST_F(HttpWithIds, TheIdOfAnotherObjectStandsInUrlAndBody) {
  const Resource wanted = object("/parts/{item}", {{"ids", item("first")}, {"body", R"({"of":"{item}","n":1})"}});
  // There is no such item yet: it is to be made, but not before there is one.
  EXPECT_EQ(look(*kind, wanted).difference.action, Action::create);
  const Made early = make(*kind, wanted);
  EXPECT_THAT(problem_of(early.result), HasSubstr("nothing yet that {item} stands for"));
  service.put("/items/7", R"({"title":"first"})");
  const Made made = done(wanted);
  EXPECT_EQ(service.get("/parts/7"), R"({"of":"7","n":1})");
  service.put("/parts/7", R"({"of":"8","n":1})");
  const Item drifted = look(*kind, wanted);
  ASSERT_EQ(drifted.difference.attributes.size(), 1U);
  EXPECT_EQ(drifted.difference.attributes[0].name, "of");
  undo(made);
  EXPECT_EQ(service.get("/parts/7"), "");
}

TEST_F(HttpWithIds, AnIdThatIsNoneIsNotPutIntoAUrl) {
  service.put("/items/7", R"({"title":"first","id":"../users"})");
  const Resource wanted = object("/parts/{item}", {{"ids", item("first")}, {"body", "{}"}});
  EXPECT_THAT(look(*kind, wanted).difference.unseen, HasSubstr("no usable id for {item}"));
  EXPECT_EQ(service.changes(), 0U);
}

TEST_F(HttpWithIds, ASwitchIsThrownByPostAndThrownBack) {
  const std::string off = R"({"title":"first","disabled":true})";
  service.put("/items/7", off);
  service.on_post("/items/7/resume", "/items/7", R"({"title":"first","disabled":false})");
  service.on_post("/items/7/pause", "/items/7", off);
  const Resource wanted = object("/items#first runs", {{"ids", item("first")},
                                                       {"within", "/list"},
                                                       {"find", Value::Map{{"title", "first"}, {"disabled", "false"}}},
                                                       {"make_url", service.url("/items/{item}/resume")},
                                                       {"remove_url", service.url("/items/{item}/pause")},
                                                       {"body", "{}"}});
  EXPECT_EQ(look(*kind, wanted).difference.action, Action::create);
  const Made made = done(wanted);
  undo(made);
  EXPECT_EQ(service.get("/items/7"), off);
}

TEST_F(HttpWithIds, AMemberIsFoundByWhatItsListHolds) {
  service.put("/items/1", R"({"stream":"all","pipelines":["8","9"]})");
  service.put("/items/9", R"({"title":"mine"})");
  service.on_post("/leave", "/items/1", R"({"stream":"all","pipelines":["8"]})");
  const Resource wanted = object("/items#connected", {{"ids", item("mine")},
                                                      {"within", "/list"},
                                                      {"find", Value::Map{{"stream", "all"}, {"pipelines", "{item}"}}},
                                                      {"send", R"({"pipeline":"{item}"})"},
                                                      {"make_url", service.url("/join")},
                                                      {"remove_url", service.url("/leave")},
                                                      {"remove_body", R"({"pipeline":"{item}","streams":[]})"},
                                                      {"body", "{}"}});
  EXPECT_EQ(look(*kind, wanted).difference.action, Action::none);
  service.put("/items/1", R"({"stream":"all","pipelines":["8"]})");
  service.on_post("/join", "/items/1", R"({"stream":"all","pipelines":["8","9"]})");
  const Made made = done(wanted);
  EXPECT_EQ(service.sent(), R"({"pipeline":"9"})");
  undo(made);
  EXPECT_EQ(service.sent(), R"({"pipeline":"9","streams":[]})");
}

TEST_F(HttpWithIds, WhatTheServiceForgetsByItselfIsNotTakenAway) {
  service.on_post("/make", "/searches/1", R"({"id":"1","created":2})");
  const Resource wanted = object("/searches/1", {{"make_url", service.url("/make")},
                                                 {"send", R"({"id":"1","queries":[]})"},
                                                 {"body", R"({"id":"1"})"},
                                                 {"stays", true}});
  const Made made = done(wanted);
  EXPECT_EQ(service.sent(), R"({"id":"1","queries":[]})");
  undo(made);
  EXPECT_NE(service.get("/searches/1"), "");
}

TEST_F(HttpWithIds, AStateOfOneObjectIsThereWhenItHasTheFields) {
  service.put("/state", R"({"is_up":false})");
  service.on_post("/state/go", "/state", R"({"is_up":true})");
  const Resource wanted = object("/state", {{"find", Value::Map{{"is_up", "true"}}},
                                            {"single", true},
                                            {"make_url", service.url("/state/go")},
                                            {"body", "{}"},
                                            {"stays", true}});
  EXPECT_EQ(look(*kind, wanted).difference.action, Action::create);
  const Made made = done(wanted);
  EXPECT_EQ(look(*kind, wanted).difference.action, Action::none);
  undo(made);
  EXPECT_EQ(service.get("/state"), R"({"is_up":true})");
}

TEST_F(HttpWithIds, AServiceThatFailedAsItDidTheSameByItselfHasDoneIt) {
  service.put("/state", R"({"is_up":false})");
  service.on_post("/state/go", "/state", R"({"is_up":true})", 500);
  done(object("/state", {{"find", Value::Map{{"is_up", "true"}}},
                         {"single", true},
                         {"make_url", service.url("/state/go")},
                         {"body", "{}"}}));
  EXPECT_EQ(service.changes(), 1U);
}

TEST_F(HttpWithIds, OneLookAsksForACollectionOnce) {
  for (int i = 0; i < 5; ++i) service.put("/items/" + std::to_string(i), R"({"title":"t)" + std::to_string(i) + "\"}");
  std::vector<Resource> all;
  for (int i = 0; i < 5; ++i)
    all.push_back(object("/items#" + std::to_string(i), {{"find", Value::Map{{"title", "t" + std::to_string(i)}}},
                                                         {"ids", item("t0")},
                                                         {"within", "/list"},
                                                         {"body", "{}"}}));
  std::vector<const Resource*> pointers;
  for (const auto& one : all) pointers.push_back(&one);
  const auto seen = kind->look(pointers, context);
  ASSERT_TRUE(seen);
  for (const auto& one : *seen) EXPECT_TRUE(one.exists);
  EXPECT_EQ(service.asked().size(), 1U);
}

TEST_F(HttpWithIds, APutSaysTheIdWhereTheServiceWantsIt) {
  service.put("/items/7", R"({"title":"first","n":1})");
  done(object("/items#first", {{"find", Value::Map{{"title", "first"}}},
                               {"within", "/list"},
                               {"puts_id", true},
                               {"body", R"({"title":"first","n":2})"}}));
  EXPECT_EQ(service.get("/items/7"), R"({"id":"7","n":2,"title":"first"})");
}

TEST_F(HttpWithIds, AKeyThatAServiceSaysTwiceCountsAsItsLast) {
  service.put("/sets/1", R"({"type":"Auto","type":"Config","n":1})");
  EXPECT_EQ(look(*kind, object("/sets/1", {{"body", R"({"type":"Config"})"}})).difference.action, Action::none);
}

TEST(HttpCheck, AnIdNeedsUrlAndFind) {
  Resource wanted;
  wanted.id = {"http", "http://127.0.0.1/x"};
  wanted.attributes = {{"body", "{}"}, {"ids", Value::Map{{"a", R"({"url":"http://127.0.0.1/y"})"}}}};
  EXPECT_THAT(to_text(check(wanted)), HasSubstr("ids.a must be a JSON object with url and find"));
}

}  // namespace
}  // namespace wright::agent
