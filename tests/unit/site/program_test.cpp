#include "site/program.hpp"

#include <gmock/gmock.h>

namespace wright {
namespace {

using ::testing::HasSubstr;

Ended run(const std::vector<std::string>& arguments, const std::string& input = {}) {
  auto ended = run_program(arguments, Secret(input), "none");
  EXPECT_TRUE(ended) << to_text(ended.error());
  return ended ? std::move(*ended) : Ended();
}

std::string refusal(const std::vector<std::string>& arguments, std::chrono::milliseconds limit) {
  const auto ended = run_program(arguments, Secret(), "none", limit);
  EXPECT_FALSE(ended);
  return ended ? "" : to_text(ended.error());
}

TEST(RunProgram, GivesAndTakesMoreThanAPipeHolds) {
  const std::string text(3U << 20U, 'x');
  const Ended ended = run({"cat"}, text + "end");
  EXPECT_EQ(ended.code, 0);
  EXPECT_TRUE(ended.output.reveal() == text + "end");
}

TEST(RunProgram, KeepsTheStreamsApart) {
  const Ended ended = run({"sh", "-c", "cat; echo why >&2; exit 3"}, "in\n");
  EXPECT_EQ(ended.code, 3);
  EXPECT_EQ(ended.output.reveal(), "in\n");
  EXPECT_EQ(ended.errors, "why\n");
}

TEST(RunProgram, TellsASignalFromAnExitCode) { EXPECT_EQ(run({"sh", "-c", "kill -9 $$"}).code, 128 + 9); }

TEST(RunProgram, OutlivesAProgramThatDoesNotRead) { EXPECT_EQ(run({"true"}, std::string(3U << 20U, 'x')).code, 0); }

TEST(RunProgram, KeepsOnlyTheStartOfManyErrors) {
  const Ended ended = run({"sh", "-c", "echo first >&2; yes | head -c 300000 >&2"});
  EXPECT_EQ(ended.code, 0);
  EXPECT_EQ(ended.errors.substr(0, 6), "first\n");
  EXPECT_EQ(ended.errors.size(), 16U << 10U);
}

TEST(RunProgram, KillsWhatDoesNotEnd) {
  EXPECT_THAT(refusal({"sleep", "1000"}, std::chrono::milliseconds(50)), HasSubstr("did not end within"));
  EXPECT_THAT(refusal({"yes"}, std::chrono::minutes(1)), HasSubstr("more than 8 MiB"));
}

TEST(RunProgram, SaysWhatIsNotInstalled) {
  EXPECT_THAT(refusal({"wright-has-no-such-program"}, std::chrono::minutes(1)),
              HasSubstr("is not installed\n    next: apt-get install none"));
}

}  // namespace
}  // namespace wright
