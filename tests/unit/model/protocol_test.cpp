#include "model/protocol.hpp"

#include <gtest/gtest.h>

#include "model/encoding.hpp"
#include "unit/model/examples.hpp"

namespace wright {
namespace {

/// The message as the other side reads it.
Value sent(const Value& message, std::string_view type) {
  auto back = from_cbor(to_cbor(message));
  EXPECT_TRUE(back) << to_text(back.error());
  EXPECT_EQ(message_type(*back), type);
  return back.value_or(Value());
}

template <class T>
T read(const Result<T>& result) {
  EXPECT_TRUE(result) << to_text(result.error());
  return result.value_or(T());
}

TEST(Protocol, Hello) {
  Hello hello;
  hello.site = "shop";
  hello.formerly = {"store"};
  hello.run = "r1";
  hello.controller = "me@here";
  hello.site_key = Secret("key");
  hello.lock = true;
  hello.lock_timeout_ms = 500;
  hello.facts = {"apt.candidate:nginx"};
  const Hello back = read(hello_from(sent(to_message(hello), "hello")));
  EXPECT_EQ(to_message(back), to_message(hello));
  EXPECT_EQ(back.site_key.reveal(), "key");
  EXPECT_EQ(back.formerly, hello.formerly);
  EXPECT_TRUE(back.lock);
}

TEST(Protocol, HelloOfAnotherVersionIsRefused) {
  Value message = to_message(Hello());
  (*message.as_map())["protocol"] = protocol_version + 1;
  EXPECT_FALSE(hello_from(message));
}

TEST(Protocol, HelloWithAnOpenKeyIsRefused) {
  Value message = to_message(Hello());
  (*message.as_map())["site_key"] = "in the open";
  EXPECT_FALSE(hello_from(message));
}

TEST(Protocol, Welcome) {
  Welcome welcome;
  welcome.agent = "0.1 abc";
  welcome.facts = {{"os", Value::Map{{"id", "debian"}}}, {"cpus", 2}};
  welcome.interrupted = {examples::transaction()};
  const Welcome back = read(welcome_from(sent(to_message(welcome), "welcome")));
  EXPECT_EQ(to_message(back), to_message(welcome));
  EXPECT_EQ(back.interrupted.at(0), examples::transaction());
}

TEST(Protocol, Plan) {
  EXPECT_EQ(read(catalog_in(sent(plan_message(examples::catalog()), "plan"))), examples::catalog());
  EXPECT_EQ(read(plan_in(sent(to_message(examples::plan()), "plan"))), examples::plan());
}

TEST(Protocol, Apply) {
  ApplyRequest request;
  request.catalog = examples::catalog();
  request.digest = "d";
  request.states = {{"file:/x", "s"}, {"package:y", ""}};
  request.on_failure = "stop";
  const ApplyRequest back = read(apply_request_from(sent(to_message(request), "apply")));
  EXPECT_EQ(back.catalog, request.catalog);
  EXPECT_EQ(back.digest, "d");
  EXPECT_EQ(back.states, request.states);
  EXPECT_EQ(back.on_failure, "stop");
}

TEST(Protocol, Rollback) {
  const RollbackRequest request{"t-3", "r-1", {"nginx"}, "d"};
  for (const char* type : {"rollback", "plan_rollback"}) {
    const RollbackRequest back = read(rollback_request_from(sent(to_message(request, type), type)));
    EXPECT_EQ(to_message(back, type), to_message(request, type));
    EXPECT_EQ(back.components, request.components);
  }
}

TEST(Protocol, Status) {
  StatusReport report;
  report.components = {{"nginx", "t-1", {"package:nginx", "service:nginx"}}};
  report.open = {examples::transaction()};
  report.pending_restarts = {"service:nginx"};
  report.quarantined = {"/var/lib/wright/quarantine/t-1"};
  report.journal_bytes = 4096;
  const StatusReport back = read(status_report_from(sent(to_message(report), "status")));
  EXPECT_EQ(to_message(back), to_message(report));
  EXPECT_EQ(back.components.at(0).resources, report.components.at(0).resources);
}

TEST(Protocol, Event) {
  Event event;
  event.host = "web";
  event.event = "output";
  event.state = "done";
  event.component = "nginx";
  event.subject = "file:/x";
  event.action = "update";
  event.text = "\x1b[2J\xFF";
  event.elapsed_ms = 12;
  EXPECT_EQ(read(event_in(sent(to_message(event), "event"))), event);
}

TEST(Protocol, Outcome) {
  Outcome outcome;
  outcome.host = "web";
  outcome.state = "incomplete";
  outcome.transaction = "t";
  outcome.changed = 3;
  outcome.unchanged = 4;
  outcome.elapsed_ms = 5;
  outcome.quarantined = {"/var/lib/x"};
  outcome.kept = {"/etc/y"};
  outcome.diagnostics = examples::diagnostics();
  const Outcome back = read(outcome_in(sent(to_message(outcome), "outcome")));
  EXPECT_EQ(to_message(back), to_message(outcome));
  ASSERT_EQ(back.diagnostics.items().size(), 3U);
  EXPECT_EQ(back.diagnostics.items()[0].severity, Severity::warning);
  EXPECT_EQ(back.diagnostics.items()[1].severity, Severity::note);
  EXPECT_EQ(back.diagnostics.items()[2].fault, Fault::unreachable);
}

TEST(Protocol, Error) {
  const Diagnostics back = read(error_in(sent(to_message(examples::diagnostics()), "error")));
  EXPECT_EQ(to_text(back), to_text(examples::diagnostics()));
}

TEST(Protocol, Verify) {
  const VerifyRequest request{{examples::probe()}, {{"web", {"nginx.service", "renew.timer"}}, {"db", {}}}};
  const VerifyRequest back = read(verify_request_from(sent(to_message(request), "verify")));
  EXPECT_EQ(back.probes, request.probes);
  EXPECT_EQ(back.units, request.units);
}

TEST(Protocol, History) {
  EXPECT_EQ(read(history_in(sent(history_reply({examples::transaction()}), "history"))),
            std::vector<TransactionInfo>{examples::transaction()});
  EXPECT_EQ(sent(history_request(7), "history")["limit"], Value(7));
}

TEST(Protocol, SmallMessages) {
  EXPECT_EQ(sent(facts_request({"a", "b"}), "facts")["names"], Value(Value::List{"a", "b"}));
  EXPECT_EQ(sent(facts_reply({{"a", 1}}), "facts")["facts"]["a"], Value(1));
  EXPECT_EQ(sent(finish_message(true), "finish")["commit"], Value(true));
  EXPECT_EQ(sent(finish_message(false), "finish")["commit"], Value(false));
  EXPECT_EQ(sent(release_message("django@app1"), "release")["token"], Value("django@app1"));
  sent(plain_message("recover"), "recover");
  EXPECT_EQ(message_type(Value(1)), "");
  EXPECT_EQ(message_type(Value::Map{{"type", 1}}), "");
}

/// A message with one of its fields gone, or of another type, is an error and no half-read message.
template <class T>
void expect_every_field_needed(const Value& message, Result<T> (*convert)(const Value&)) {
  ASSERT_TRUE(convert(message));
  for (const auto& [key, value] : *message.as_map()) {
    if (key == "type") continue;
    Value::Map other = *message.as_map();
    other[key] = 1.5;
    EXPECT_FALSE(convert(other)) << key << " of another type";
  }
}

TEST(Protocol, NeedsItsFields) {
  ApplyRequest apply;
  apply.catalog = examples::catalog();
  expect_every_field_needed<Hello>(to_message(Hello()), hello_from);
  expect_every_field_needed<Welcome>(to_message(Welcome()), welcome_from);
  expect_every_field_needed<ApplyRequest>(to_message(apply), apply_request_from);
  expect_every_field_needed<RollbackRequest>(to_message(RollbackRequest(), "rollback"), rollback_request_from);
  expect_every_field_needed<StatusReport>(to_message(StatusReport()), status_report_from);
  expect_every_field_needed<Plan>(to_value(examples::plan()), plan_from);
  expect_every_field_needed<Catalog>(to_value(examples::catalog()), catalog_from);
  expect_every_field_needed<Event>(to_value(Event()), event_from);
  expect_every_field_needed<Outcome>(to_value(Outcome()), outcome_from);
  for (const Value& nothing : {Value(), Value("x"), Value(Value::List{})}) {
    EXPECT_FALSE(hello_from(nothing));
    EXPECT_FALSE(catalog_in(nothing));
    EXPECT_FALSE(plan_in(nothing));
    EXPECT_FALSE(error_in(nothing));
  }
}

// Every host has changes in its journal as they were written by the wright that made them.
TEST(Protocol, AChangeOfAnOlderJournalIsRead) {
  const auto written = from_json(R"({"id":"file:/etc/a","components":["web"],"action":"create","attributes":
      [{"name":"mode","before":null,"after":420,"diff":"","secret":false}],"notes":["n"],"pruned":false})");
  ASSERT_TRUE(written) << to_text(written.error());
  const Change change = read(change_from(*written));
  EXPECT_EQ(change.id, (ResourceId{"file", "/etc/a"}));
  EXPECT_EQ(change.unseen, "");
}

}  // namespace
}  // namespace wright
