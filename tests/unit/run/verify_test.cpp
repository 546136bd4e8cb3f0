#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <mutex>

#include "run/inspecting.hpp"
#include "run/verifying.hpp"
#include "unit/run/world.hpp"

namespace wright::testing {
namespace {

class Verify : public ::testing::Test {
 protected:
  Verify() {
    world.site("[site]\nname = \"t\"\n[hosts.web]\naddress = \"192.0.2.2\"\n[components.page]\n[components.mail]\n");
    world.evaluate = [](const Evaluation& e) -> Result<Declared> {
      Declared declared;
      for (const std::string from : {"host", "controller"}) {
        Probe probe;
        probe.kind = "tcp";
        probe.name = e.component + " from " + from;
        probe.component = e.component;
        probe.from = from;
        probe.attributes = {{"host", "127.0.0.1"}, {"port", 80}};
        declared.probes.push_back(probe);
      }
      return declared;
    };
    world.probe = [this](const Probe& probe) -> Result<> {
      const std::lock_guard lock(mutex);
      asked.push_back(probe.name);
      if (probe.name == refused) return failure({}, "refused");
      return {};
    };
  }

  World world;
  std::mutex mutex;
  std::vector<std::string> asked;
  std::string refused;
};

TEST_F(Verify, AsksEachSideItsOwnProbesOfTheNamedComponent) {
  auto verified = wright::verify(world.run({"page"}));
  ASSERT_TRUE(verified) << to_text(verified.error());
  EXPECT_EQ(exit_code(verified->outcomes), exit_ok);
  EXPECT_EQ(asked, std::vector<std::string>{"page from controller"});
  const auto request = verify_request_from(world.host("web").received.back());
  ASSERT_TRUE(request);
  ASSERT_EQ(request->probes.size(), 1U);
  EXPECT_EQ(request->probes.front().name, "page from host");
}

TEST_F(Verify, SaysThatATransactionIsOpen) {
  TransactionInfo open;
  open.id = "tx-old";
  world.run();
  world.host("web").interrupted = {open};
  auto verified = wright::verify(world.run());
  ASSERT_TRUE(verified) << to_text(verified.error());
  EXPECT_EQ(exit_code(verified->outcomes), exit_ok);
  const std::string warnings = to_text(verified->warnings);
  EXPECT_NE(warnings.find("web"), std::string::npos) << warnings;
  EXPECT_NE(warnings.find("tx-old"), std::string::npos) << warnings;
  EXPECT_NE(warnings.find("wright rollback"), std::string::npos) << warnings;
}

TEST_F(Verify, SaysWhoIsAtWork) {
  TransactionInfo open;
  open.id = "tx-old";
  open.held_by = "ann@laptop since noon";
  world.run();
  world.host("web").interrupted = {open};
  auto verified = wright::verify(world.run());
  ASSERT_TRUE(verified) << to_text(verified.error());
  const std::string warnings = to_text(verified->warnings);
  EXPECT_NE(warnings.find("is at work there: ann@laptop"), std::string::npos) << warnings;
  EXPECT_EQ(warnings.find("wright rollback"), std::string::npos) << warnings;
}

TEST_F(Verify, FailsWhenTheHostSaysSo) {
  world.run();
  world.host("web").failing_probe = "mail from host";
  auto verified = wright::verify(world.run());
  ASSERT_TRUE(verified);
  EXPECT_EQ(exit_code(verified->outcomes), exit_verify_failed);
}

TEST_F(Verify, FailsWhenTheVisitorIsRefused) {
  refused = "mail from controller";
  auto verified = wright::verify(world.run());
  ASSERT_TRUE(verified);
  EXPECT_EQ(exit_code(verified->outcomes), exit_verify_failed);
  ASSERT_EQ(verified->outcomes[0].diagnostics.items().size(), 1U);
  EXPECT_EQ(verified->outcomes[0].diagnostics.items()[0].where, "web/mail");
  EXPECT_THAT(verified->outcomes[0].diagnostics.items()[0].next, ::testing::HasSubstr("wright plan mail"));
}

TEST_F(Verify, TakesNoLockAndChangesNothing) {
  world.run();
  world.host("web").locked_by = "somebody";
  EXPECT_TRUE(wright::verify(world.run()));
  EXPECT_FALSE(world.was_told("web:plan"));
  EXPECT_FALSE(world.was_told("web:apply"));
}

TEST_F(Verify, InspectingNeedsNoPlugin) {
  world.run();
  world.plugins.clear();
  TransactionInfo t;
  t.id = "t1";
  world.host("web").history = {t};
  auto history = wright::history(world.run(), 5);
  ASSERT_TRUE(history);
  EXPECT_EQ(history->hosts[0].host, "web");
  EXPECT_EQ(history->hosts[0].value[0].id, "t1");
  auto facts = wright::facts(world.run(), {});
  ASSERT_TRUE(facts);
  EXPECT_EQ(facts->hosts[0].value.at("address").text_or(""), "192.0.2.2");
  EXPECT_TRUE(wright::status(world.run()));
}

}  // namespace
}  // namespace wright::testing
