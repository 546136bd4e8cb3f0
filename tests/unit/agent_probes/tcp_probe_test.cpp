#include "unit/agent_probes/peer.hpp"

namespace wright::agent {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

Probe probe_for(const Peer& peer, Value::Map attributes) {
  attributes.emplace("host", "127.0.0.1");
  attributes.emplace("port", peer.port());
  return probe_of("tcp", std::move(attributes));
}

TEST(TcpProbe, AnAnswerIsTakenWhenItHoldsWhatIsExpected) {
  const Peer peer({.how = "answer", .answer = "VERSION 1.6.18\r\n", .name = {}});
  EXPECT_THAT(said_by(probe_for(peer, {{"send", "version\r\n"}, {"expect", "VERSION"}})), IsEmpty());
  EXPECT_THAT(said_by(probe_for(peer, {{"send", "version\r\n"}, {"expect", "STAT"}})),
              AllOf(HasSubstr("expected an answer with \"STAT\""), HasSubstr("VERSION 1.6.18"),
                    HasSubstr("the connection was closed")));
}

TEST(TcpProbe, ASecretIsNotToldWhenThePeerRepeatsIt) {
  const Peer peer({.how = "answer", .answer = "ERROR auth hunter2hunter2\r\n", .name = {}});
  const std::string said = said_by(probe_for(peer, {{"send", Secret("hunter2hunter2")}, {"expect", "OK"}}));
  EXPECT_THAT(said, AllOf(HasSubstr("expected an answer with \"OK\""), HasSubstr("ERROR auth")));
  EXPECT_EQ(said.find("hunter2"), std::string::npos);
}

TEST(TcpProbe, SilenceACloseAndNobodyAreTold) {
  const Peer silent({.how = "silent", .answer = {}, .name = {}});
  Probe probe = probe_for(silent, {{"expect", "220"}});
  probe.deadline_ms = 200;
  EXPECT_THAT(said_by(probe), AllOf(HasSubstr("expected an answer with \"220\"; got nothing"), HasSubstr("deadline")));
  const Peer closing({.how = "close", .answer = {}, .name = {}});
  EXPECT_THAT(said_by(probe_for(closing, {{"send", "x"}, {"expect", "220"}})),
              HasSubstr("expected an answer with \"220\"; got nothing"));
  EXPECT_THAT(said_by(probe_of("tcp", {{"host", "unix:/nonexistent/socket"}})),
              AllOf(HasSubstr("no connection to /nonexistent/socket"), HasSubstr("No such file")));
}

// Asking a port that cannot be again and again would only lose time.
TEST(TcpProbe, WhatCanNeverPassIsAFaultOfThePlugin) {
  for (const Value& host : {Value("example.org"), Value("unix:relative")}) {
    const auto answer = run_probe(probe_of("tcp", {{"host", host}, {"port", 80}}), Context());
    ASSERT_FALSE(answer);
    EXPECT_EQ(answer.error().items().front().fault, Fault::bad_plugin);
  }
}

}  // namespace
}  // namespace wright::agent
