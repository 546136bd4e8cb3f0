#include <gmock/gmock.h>
#include <sys/wait.h>

#include <cstdlib>

#include "transport/remote_agent.hpp"

namespace wright {
namespace {

using testing::HasSubstr;
using testing::Not;

const std::string hash(64, 'a');

struct Command {
  std::string_view name;
  std::string text;
};
/// ctest names a test by what is printed here.
void PrintTo(const Command& command, std::ostream* out) { *out << command.name; }

class RemoteCommand : public testing::TestWithParam<Command> {};

// What lies between the quotes must mean the same to sh, bash, dash, fish and csh, of which only `sh` is to read it.
TEST_P(RemoteCommand, IsOneQuotedWordForAnyLoginShell) {
  const std::string& text = GetParam().text;
  ASSERT_THAT(text, HasSubstr("/bin/sh -c '"));
  const std::size_t from = text.find('\'') + 1;
  ASSERT_EQ(text.back(), '\'');
  const std::string script = text.substr(from, text.size() - from - 1);
  EXPECT_EQ(script.find_first_of("'\\!\n"), std::string::npos) << script;
  EXPECT_LT(script.size(), 1023U) << "a word of csh";
}

TEST_P(RemoteCommand, IsGoodShell) {
  std::string text = GetParam().text;
  text.replace(text.find("/bin/sh -c"), 10, "/bin/sh -nc");
  EXPECT_EQ(std::system(text.substr(text.find("/bin/sh")).c_str()), 0);
}

TEST_P(RemoteCommand, NamesTheHashAndNothingElseVaries) {
  const std::string& text = GetParam().text;
  EXPECT_THAT(text, HasSubstr("h=" + hash + ";"));
  EXPECT_THAT(text, Not(HasSubstr("@")));
}

INSTANTIATE_TEST_SUITE_P(All, RemoteCommand,
                         testing::Values(Command{"Start", start_command(hash, false)},
                                         Command{"StartThroughSudo", start_command(hash, true)},
                                         Command{"Store", store_command(hash, false)},
                                         Command{"StoreThroughSudo", store_command(hash, true)}),
                         [](const auto& one) { return std::string(one.param.name); });

TEST(RemoteCommandForUsers, GoesThroughSudoThatNeverAsks) {
  EXPECT_THAT(start_command(hash, true), testing::StartsWith("sudo -n /bin/sh -c '"));
  EXPECT_THAT(start_command(hash, false), testing::StartsWith("/bin/sh -c '"));
}

}  // namespace
}  // namespace wright
