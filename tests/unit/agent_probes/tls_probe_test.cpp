#include "unit/agent_probes/peer.hpp"

namespace wright::agent {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

constexpr auto name = "probe.example.org";

Probe probe_for(const Peer& peer, Value::Map attributes) {
  attributes.emplace("host", "127.0.0.1");
  attributes.emplace("port", peer.port());
  attributes.emplace("server_name", name);
  attributes.emplace("trust", "any");
  return probe_of("tls", std::move(attributes));
}

TEST(TlsProbe, PassesWithACertificateThatIsRight) {
  const Peer peer({.how = "silent", .answer = {}, .name = name, .days = 30});
  EXPECT_THAT(said_by(probe_for(peer, {{"min_days", 29}})), IsEmpty());
  EXPECT_THAT(said_by(probe_for(peer, {{"trust", "system"}})),
              HasSubstr("expected a certificate that this host trusts"));
  const Trusting trusting(peer);
  EXPECT_THAT(said_by(probe_for(peer, {{"trust", "system"}})), IsEmpty());
}

TEST(TlsProbe, AnExpiredOneIsToldWithItsDay) {
  const Peer peer({.how = "silent", .answer = {}, .name = name, .days = -3});
  const Trusting trusting(peer);
  for (const char* trust : {"any", "system"})
    EXPECT_THAT(said_by(probe_for(peer, {{"trust", trust}})),
                AllOf(HasSubstr("expected a valid certificate"), HasSubstr(name), HasSubstr("expired on")));
}

TEST(TlsProbe, OneThatSoonExpiresIsToldWithItsDays) {
  const Peer peer({.how = "silent", .answer = {}, .name = name, .days = 6});
  EXPECT_THAT(said_by(probe_for(peer, {{"min_days", 14}})), AllOf(HasSubstr("at least 14"), HasSubstr("has 6 left")));
}

TEST(TlsProbe, OneForAnotherNameIsToldWithBoth) {
  const Peer peer({.how = "silent", .answer = {}, .name = "other.example.org", .days = 30});
  const Trusting trusting(peer);
  for (const char* trust : {"any", "system"})
    EXPECT_THAT(said_by(probe_for(peer, {{"trust", trust}})),
                AllOf(HasSubstr("expected a certificate for " + std::string(name)), HasSubstr("other.example.org")));
}

TEST(TlsProbe, APeerThatSpeaksNoTlsOrNothingIsTold) {
  const Peer plain({.how = "answer", .answer = "HTTP/1.1 400 Bad Request\r\n\r\n", .name = {}});
  EXPECT_THAT(said_by(probe_for(plain, {})), HasSubstr("TLS failed while shaking hands"));
  const Peer closing({.how = "close", .answer = {}, .name = {}});
  EXPECT_THAT(said_by(probe_for(closing, {})),
              AnyOf(HasSubstr("closed during the TLS handshake"), HasSubstr("the connection broke")));
  const Peer silent({.how = "silent", .answer = {}, .name = {}});
  Probe probe = probe_for(silent, {});
  probe.deadline_ms = 200;
  EXPECT_THAT(said_by(probe), HasSubstr("the deadline passed"));
}

TEST(TlsProbe, TheControllerAsksTheSameQuestions) {
  const Peer peer({.how = "silent", .answer = {}, .name = name, .days = 6});
  EXPECT_TRUE(ask_from_controller(probe_for(peer, {})));
  Probe wrong = probe_for(peer, {{"min_days", 14}});
  wrong.deadline_ms = 2000;
  const auto answer = ask_from_controller(wrong);
  ASSERT_FALSE(answer);
  EXPECT_THAT(to_text(answer.error()), HasSubstr("has 6 left"));
}

}  // namespace
}  // namespace wright::agent
