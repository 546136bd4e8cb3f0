#include <gtest/gtest.h>

#include "agent/probes/probe.hpp"
#include "agent/resources/kinds.hpp"
#include "unit/agent_resources/support.hpp"

namespace wright::agent {
namespace {

class ProgramTest : public ResourceTest {
 protected:
  std::unique_ptr<Kind> programs = make_program_kind();

  Resource program(Value::Map attributes) {
    attributes["socket"] = path("supervisor.sock");
    return resource("program", "web", std::move(attributes));
  }
};

TEST_F(ProgramTest, WithoutASocketThereIsNoneAndNothingToSay) {
  const Item item = look(*programs, program({{"running", true}}));
  EXPECT_EQ(item.difference.action, Action::create);
  EXPECT_EQ(item.difference.unseen, "");
  EXPECT_EQ(look(*programs, program({{"ensure", "absent"}})).difference.action, Action::none);
}

TEST_F(ProgramTest, ASocketThatNobodyListensAtIsSaid) {
  write("supervisor.sock", "");
  const Item item = look(*programs, program({}));
  EXPECT_EQ(item.difference.action, Action::create);
  EXPECT_NE(item.difference.unseen.find("supervisor.sock"), std::string::npos) << item.difference.unseen;
}

TEST_F(ProgramTest, OnlyWhatIsAskedForCounts) {
  Observed observed;
  observed.exists = true;
  observed.state["running"] = false;
  EXPECT_EQ(programs->compare(program({}), observed).action, Action::none);
  const auto started = programs->compare(program({{"running", true}}), observed);
  EXPECT_EQ(started.action, Action::update);
  ASSERT_EQ(started.attributes.size(), 1U);
  EXPECT_EQ(started.attributes[0].name, "running");
  EXPECT_EQ(programs->compare(program({{"ensure", "absent"}}), observed).action, Action::remove);
}

TEST_F(ProgramTest, AProbeWithoutAnAnswerSaysWhereItAsked) {
  Probe probe;
  probe.kind = "program";
  probe.attributes = {{"group", "web"}, {"socket", path("supervisor.sock")}};
  probe.deadline_ms = 1;
  const auto asked = ask_probe(probe, context);
  ASSERT_FALSE(asked);
  EXPECT_NE(problem_of(asked).find("supervisor.sock"), std::string::npos) << problem_of(asked);
}

}  // namespace
}  // namespace wright::agent
