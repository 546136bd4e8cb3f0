#include "run/remembered_facts.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <fstream>
#include <set>

#include "run/applying.hpp"
#include "run/planning.hpp"
#include "unit/run/world.hpp"

namespace wright::testing {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

/// "a" asks for its candidate, and "b", which needs "a", for two more facts, the second because of the first.
class RememberedFactsTest : public ::testing::Test {
 protected:
  RememberedFactsTest() {
    world.host("web").more_facts = {{"apt.candidate:a", "1"}, {"disk:/srv", 10}, {"port.owner:80", ""}};
    world.evaluate = [this](const Evaluation& e) -> Result<Declared> {
      Declared declared;
      const auto wants = [&](const std::string& name) {
        if (e.facts.contains(name)) {
          seen.insert(name + "=" + to_text(e.facts.at(name)));
          return;
        }
        if (declared.missing_facts.empty()) declared.missing_facts = {name};
      };
      if (e.component == "a") wants("apt.candidate:a");
      if (e.component == "b") wants("disk:/srv"), wants("port.owner:80");
      return declared;
    };
    site();
  }

  static std::string to_text(const Value& value) { return value.text_or(std::to_string(value.int_or(0))); }

  void site(const std::string& options = "") {
    world.site(
        "[site]\nname = \"t\"\n[hosts.web]\naddress = \"192.0.2.2\"\n[components.a]\n[components.b]\nrequires = "
        "[\"a\"]\n" +
        options);
  }
  /// The messages of a run, and what its greeting asked for.
  std::vector<std::string> messages() {
    FakeHost& web = world.host("web");
    web.received.clear();
    seen.clear();
    const auto planned = plan(world.run());
    EXPECT_TRUE(planned) << wright::to_text(planned.error());
    std::vector<std::string> types;
    for (const auto& message : web.received) types.push_back(message_type(message));
    asked = web.received.at(0)["facts"].strings();
    return types;
  }

  World world;
  std::set<std::string> seen;
  std::vector<std::string> asked;
};

TEST_F(RememberedFactsTest, TheSecondRunAsksWithItsFirstMessage) {
  EXPECT_THAT(messages(), ElementsAre("hello", "facts", "facts", "facts", "plan"));
  EXPECT_THAT(asked, IsEmpty());
  EXPECT_THAT(messages(), ElementsAre("hello", "plan"));
  EXPECT_THAT(asked, ElementsAre("apt.candidate:a", "disk:/srv", "port.owner:80"));
  EXPECT_THAT(seen, ElementsAre("apt.candidate:a=1", "disk:/srv=10", "port.owner:80="));
}

TEST_F(RememberedFactsTest, WhatTheHostAnswersIsAskedAnew) {
  messages();
  world.host("web").more_facts["disk:/srv"] = 5;
  messages();
  EXPECT_THAT(seen, ElementsAre("apt.candidate:a=1", "disk:/srv=5", "port.owner:80="));
}

TEST_F(RememberedFactsTest, OtherOptionsAskForOtherFacts) {
  messages();
  site("after = [\"a\"]\nplugin = \"c\"\n");
  messages();
  EXPECT_THAT(asked, ElementsAre("apt.candidate:a"));
}

// As of a package that is not there yet, whose candidate is not of interest any more once it is.
TEST_F(RememberedFactsTest, WhatIsNotAskedForAnyMoreIsForgotten) {
  const auto evaluate = world.evaluate;
  world.evaluate = [&](const Evaluation& e) -> Result<Declared> {
    if (e.component == "b" && e.facts.contains("disk:/srv") && e.facts.at("disk:/srv") == Value(5)) return Declared();
    return evaluate(e);
  };
  messages();
  messages();
  EXPECT_THAT(asked, ElementsAre("apt.candidate:a", "disk:/srv", "port.owner:80"));
  world.host("web").more_facts["disk:/srv"] = 5;
  messages();
  messages();
  EXPECT_THAT(asked, ElementsAre("apt.candidate:a", "disk:/srv"));
}

TEST_F(RememberedFactsTest, AMemoryThatIsDamagedOrCannotBeWrittenCostsNothing) {
  const auto file = world.folder / ".wright" / "facts.json";
  messages();
  std::ofstream(file) << "{\"schema\":1,\"instances\":{\"a@web\":[]}}";
  EXPECT_THAT(messages(), ElementsAre("hello", "facts", "facts", "facts", "plan"));
  std::filesystem::remove(file);
  std::filesystem::create_directory(file);
  EXPECT_THAT(messages(), ElementsAre("hello", "facts", "facts", "facts", "plan"));
}

TEST_F(RememberedFactsTest, ALinkInItsPlaceIsNotFollowed) {
  const auto other = world.folder / "other";
  std::ofstream(other) << "mine";
  std::filesystem::create_directory(world.folder / ".wright");
  std::filesystem::create_symlink(other, world.folder / ".wright" / "facts.json");
  messages();
  std::string text;
  std::getline(std::ifstream(other), text);
  EXPECT_EQ(text, "mine");
  struct stat status {};
  ASSERT_EQ(::lstat((world.folder / ".wright" / "facts.json").c_str(), &status), 0);
  EXPECT_EQ(status.st_mode, static_cast<mode_t>(S_IFREG | 0600));
}

// What the greeting brought was so before the host was put back.
TEST_F(RememberedFactsTest, AHostThatWasRecoveredIsAskedAgain) {
  messages();
  TransactionInfo open;
  open.id = "tx1";
  FakeHost& web = world.host("web");
  web.interrupted = {open};
  web.received.clear();
  ASSERT_TRUE(apply(world.run(), {}, [](const auto&, const auto&) -> Result<bool> { return true; }));
  std::vector<std::string> types;
  for (const auto& message : web.received) types.push_back(message_type(message));
  types.resize(3);
  EXPECT_THAT(types, ElementsAre("hello", "recover", "facts"));
}

}  // namespace
}  // namespace wright::testing
