#include <thread>

#include "base/sha256.hpp"
#include "model/protocol.hpp"
#include "support.hpp"
#include "transport/frame.hpp"

namespace wright::lab {
namespace {

using namespace std::chrono_literals;

/// wright-agent itself, where the other tests push a stand-in that misbehaves on request.
class RealAgent : public OnHost {
 protected:
  RealAgent() {
    const auto digest = sha256_of_file(WRIGHT_AGENT);
    EXPECT_TRUE(digest);
    agent_ = {WRIGHT_AGENT, digest.value_or("")};
  }
  ~RealAgent() override {
    if (cut_) lab("mend host1");
  }
  static Value hello() {
    Hello message;
    message.site = "test";
    message.run = std::string(32, 'a');
    message.controller = "tester@here";
    message.site_key = Secret(std::string(32, 'k'));
    message.lock = true;
    return to_message(message);
  }
  static bool runs() { return on_host("pgrep -x wright-agent >/dev/null && echo yes || echo no") == "yes"; }

  bool cut_ = false;
};

TEST_F(RealAgent, SaysWelcomeAndEndsWithItsInput) {
  auto connection = connected();
  ASSERT_TRUE(connection);
  ASSERT_TRUE(connection->send(hello()));
  const auto answer = connection->receive(30s);
  ASSERT_TRUE(answer) << to_text(answer.error());
  const auto welcome = welcome_from(*answer);
  ASSERT_TRUE(welcome) << to_text(welcome.error());
  EXPECT_EQ(welcome->protocol, protocol_version);
  EXPECT_NE(welcome->agent, "");

  connection->close();
  EXPECT_FALSE(connection->receive(30s));
  EXPECT_FALSE(runs());
}

// It holds the host's lock: one that did not notice would keep everybody out.
TEST_F(RealAgent, NoticesThatTheLinkWasCut) {
  const auto connection = connected();
  ASSERT_TRUE(connection);
  ASSERT_TRUE(connection->send(hello()));
  ASSERT_TRUE(connection->receive(30s));
  ASSERT_TRUE(runs());
  lab("cut host1");
  cut_ = true;
  const auto limit = std::chrono::steady_clock::now() + silence_limit + 10s;
  while (runs() && std::chrono::steady_clock::now() < limit) std::this_thread::sleep_for(500ms);
  EXPECT_FALSE(runs());
}

}  // namespace
}  // namespace wright::lab
