#include "unit/agent_probes/peer.hpp"

namespace wright::agent {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

constexpr auto page = "HTTP/1.1 200 OK\r\nServer: fake\r\nContent-Length: 8\r\n\r\nIt works";
constexpr auto moved = "HTTP/1.1 301 Moved Permanently\r\nLocation: https://example.org/\r\nContent-Length: 0\r\n\r\n";

Probe probe_for(const Peer& peer, Value::Map attributes, const std::string& start = "http://127.0.0.1:") {
  attributes.emplace("url", start + std::to_string(peer.port()) + "/");
  return probe_of("http", std::move(attributes));
}

TEST(HttpProbe, PassesWhenAllIsAsExpected) {
  const Peer peer({.how = "answer", .answer = page, .name = {}});
  EXPECT_THAT(said_by(probe_for(peer, {{"contains", "works"}, {"header_contains", Value::Map{{"Server", "fake"}}}})),
              IsEmpty());
}

TEST(HttpProbe, AnotherStatusIsToldWithWhatCame) {
  const Peer peer({.how = "answer", .answer = page, .name = {}});
  EXPECT_THAT(said_by(probe_for(peer, {{"status", 503}, {"contains", "Back soon"}})),
              AllOf(HasSubstr("expected status 503"), HasSubstr("200 OK"), HasSubstr("It works")));
}

TEST(HttpProbe, AnotherPageIsToldWithBoth) {
  const Peer peer({.how = "answer", .answer = page, .name = {}});
  EXPECT_THAT(said_by(probe_for(peer, {{"contains", "Welcome"}})),
              AllOf(HasSubstr("expected a page with \"Welcome\""), HasSubstr("It works")));
}

TEST(HttpProbe, AMissingOrOtherHeaderIsTold) {
  const Peer plain({.how = "answer", .answer = page, .name = {}});
  const Value wanted = Value::Map{{"Location", "https://example.com/"}};
  EXPECT_THAT(
      said_by(probe_for(plain, {{"header_contains", wanted}})),
      AllOf(HasSubstr("expected the header Location to contain \"https://example.com/\""), HasSubstr("got nothing")));
  const Peer redirecting({.how = "answer", .answer = moved, .name = {}});
  EXPECT_THAT(said_by(probe_for(redirecting, {{"status", 301}, {"header_contains", wanted}})),
              AllOf(HasSubstr("https://example.com/"), HasSubstr("got \"https://example.org/\"")));
  EXPECT_THAT(
      said_by(probe_for(redirecting, {{"status", 301}, {"header_contains", Value::Map{{"Location", "https://"}}}})),
      IsEmpty());
}

TEST(HttpProbe, WhatIsNoHttpIsTold) {
  const Peer peer({.how = "answer", .answer = "SSH-2.0-OpenSSH_9.2\r\n\r\n", .name = {}});
  EXPECT_THAT(said_by(probe_for(peer, {})), HasSubstr("expected an HTTP answer"));
}

TEST(HttpProbe, ACloseWithoutAnAnswerIsWhatStatusZeroWants) {
  const Peer closing({.how = "close", .answer = {}, .name = {}});
  EXPECT_THAT(said_by(probe_for(closing, {})), AnyOf(HasSubstr("closed without an answer"), HasSubstr("broke")));
  EXPECT_THAT(said_by(probe_for(closing, {{"status", 0}})), IsEmpty());
  const Peer answering({.how = "answer", .answer = page, .name = {}});
  EXPECT_THAT(said_by(probe_for(answering, {{"status", 0}})),
              AllOf(HasSubstr("expected the connection to be closed without an answer"), HasSubstr("200 OK")));
}

TEST(HttpProbe, SilenceEndsWithTheDeadline) {
  const Peer peer({.how = "silent", .answer = {}, .name = {}});
  Probe probe = probe_for(peer, {});
  probe.deadline_ms = 200;
  EXPECT_THAT(said_by(probe), HasSubstr("the deadline passed while waiting for an answer"));
  const auto asked_again = run_probe(probe, Context());
  ASSERT_FALSE(asked_again);
  EXPECT_THAT(to_text(asked_again.error()), HasSubstr("asked 1 time in 200 ms"));
  // Silence is not the close that status 0 wants.
  probe.attributes["status"] = 0;
  EXPECT_THAT(said_by(probe), HasSubstr("the deadline passed"));
}

TEST(HttpProbe, ACertificateThatIsNotTrustedIsTold) {
  const Peer peer({.how = "answer", .answer = page, .name = "probe.example.org"});
  Probe probe = probe_for(peer, {{"address", "127.0.0.1"}}, "https://probe.example.org:");
  EXPECT_THAT(said_by(probe), AllOf(HasSubstr("expected a certificate that this host trusts"), HasSubstr("self")));
  probe.attributes["trust"] = "any";
  EXPECT_THAT(said_by(probe), IsEmpty());
}

TEST(HttpProbe, TheControllerAsksTheSameQuestions) {
  const Peer peer({.how = "answer", .answer = page, .name = {}});
  EXPECT_TRUE(ask_from_controller(probe_for(peer, {{"contains", "works"}})));
  Probe wrong = probe_for(peer, {{"status", 404}});
  wrong.deadline_ms = 2000;
  const auto answer = ask_from_controller(wrong);
  ASSERT_FALSE(answer);
  EXPECT_THAT(to_text(answer.error()), AllOf(HasSubstr("expected status 404"), HasSubstr("200 OK")));
}

TEST(HttpProbe, TheControllerRunsNoCommands) {
  const auto answer = ask_from_controller(probe_of("command", {{"argv", std::vector<std::string>{"/bin/true"}}}));
  ASSERT_FALSE(answer);
  EXPECT_THAT(to_text(answer.error()), HasSubstr("cannot be asked from the controller"));
}

}  // namespace
}  // namespace wright::agent
