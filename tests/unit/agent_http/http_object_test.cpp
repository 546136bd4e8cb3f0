#include "agent/resources/http_object.hpp"

#include <gtest/gtest.h>

#include "model/encoding.hpp"

namespace wright::agent {
namespace {

Value json(const std::string& text) {
  auto value = from_json(text);
  EXPECT_TRUE(value) << text;
  return value ? *value : Value();
}

TEST(HttpObject, CoversWhatIsAskedForAndNoMore) {
  const Value seen = json(R"({"name":"a","tags":["x","y"],"more":{"n":1,"other":true},"extra":null})");
  for (const char* wanted :
       {R"({})", R"({"name":"a"})", R"({"tags":["x","y"]})", R"({"more":{"n":1}})", R"({"extra":null})"})
    EXPECT_TRUE(covers(seen, json(wanted))) << wanted;
  for (const char* wanted : {R"({"name":"b"})", R"({"tags":["y","x"]})", R"({"tags":["x"]})", R"({"more":{"n":"1"}})",
                             R"({"more":{"n":1.0}})", R"({"missing":null})", R"({"name":{"a":1}})"})
    EXPECT_FALSE(covers(seen, json(wanted))) << wanted;
}

TEST(HttpObject, PartLeavesOutWhatNobodyAskedFor) {
  const Value seen = json(R"({"name":"a","uptime":17,"more":{"n":1,"load":3},"list":[{"k":1,"t":9},{"k":2,"t":9}]})");
  EXPECT_EQ(part_of(seen, json(R"({"name":"","more":{"n":0},"list":[{"k":0},{"k":0}],"none":1})")),
            json(R"({"name":"a","more":{"n":1},"list":[{"k":1},{"k":2}]})"));
  // Of a list of another length nothing can be told apart, so all of it counts.
  EXPECT_EQ(part_of(seen, json(R"({"list":[{"k":0}]})"))["list"], seen["list"]);
}

TEST(HttpObject, ListsWithoutAnOrderAreComparedByTheirMembersIds) {
  const Value attributes =
      json(R"({"body":"{\"s\":{\"w\":[{\"id\":\"b\",\"n\":2},{\"id\":\"a\",\"n\":1}],\"l\":[2,1]}}",)"
           R"("unordered":["w"]})");
  const Value wanted = wanted_object(attributes);
  const auto is_seen = [&](const char* text) { return covers(in_order(json(text), {"w"}), wanted); };
  EXPECT_TRUE(is_seen(R"({"s":{"w":[{"id":"a","n":1},{"id":"b","n":2}],"l":[2,1]}})"));
  EXPECT_TRUE(is_seen(R"({"s":{"w":[{"id":"b","n":2},{"id":"a","n":1}],"l":[2,1]}})"));
  EXPECT_FALSE(is_seen(R"({"s":{"w":[{"id":"a","n":2},{"id":"b","n":1}],"l":[2,1]}})"));
  EXPECT_FALSE(is_seen(R"({"s":{"w":[{"id":"a","n":1}],"l":[2,1]}})"));
  // Other lists keep their order.
  EXPECT_FALSE(is_seen(R"({"s":{"w":[{"id":"a","n":1},{"id":"b","n":2}],"l":[1,2]}})"));
  EXPECT_EQ(in_order(json(R"({"l":[2,1]})"), {}), json(R"({"l":[2,1]})"));
}

TEST(HttpObject, PointersLeadIntoTablesAndLists) {
  const Value whole = json(R"({"a/b":{"~":[10,{"c":11}]}})");
  EXPECT_EQ(at_pointer(whole, ""), whole);
  EXPECT_EQ(at_pointer(whole, "/a~1b/~0/1/c"), Value(11));
  for (const char* nowhere : {"/x", "/a~1b/~0/2", "/a~1b/~0/-1", "/a~1b/~0/1x", "a", "/a~1b/~0/1/c/d"})
    EXPECT_TRUE(at_pointer(whole, nowhere).is_null()) << nowhere;
}

TEST(HttpObject, RenamesBothWays) {
  const Value names = json(R"({"configuration":"attributes"})");
  const Value ours = json(R"({"title":"x","configuration":{"port":1}})");
  const Value theirs = json(R"({"title":"x","attributes":{"port":1}})");
  EXPECT_EQ(renamed(ours, names), theirs);
  EXPECT_EQ(renamed(theirs, names, true), ours);
}

TEST(HttpObject, HashIsThatOfRabbitMQ) {
  // The example in RabbitMQ's documentation of passwords.
  EXPECT_EQ(salted_hash("test12", "\x90\x8D\xC6\x0A"), "kI3GCqW5JLMJa4iX1lo7X4D6XbYqlLgxIs30+P6tENUV2POR");
  EXPECT_TRUE(is_hash_of(salted_hash("simon", "abcd"), "simon"));
  EXPECT_FALSE(is_hash_of(salted_hash("simon", "abcd"), "Simon"));
  EXPECT_FALSE(is_hash_of("", ""));
  EXPECT_FALSE(is_hash_of("not base64!", "simon"));
  EXPECT_FALSE(is_hash_of(std::string(4096, 'A'), "simon"));
}

TEST(HttpObject, NothingInAnIdLeavesItsPlaceInTheUrl) {
  EXPECT_EQ(member_url("http://h/api/items?x=1", "a b/../c?d#e%"), "http://h/api/items/a%20b%2F..%2Fc%3Fd%23e%25");
  EXPECT_EQ(url_of({"http", "http://h/api/items#first"}), "http://h/api/items");
  EXPECT_EQ(id_of(json(R"({"id":7})"), "id"), "7");
  EXPECT_EQ(id_of(json(R"({"id":{}})"), "id"), "");
}

}  // namespace
}  // namespace wright::agent
