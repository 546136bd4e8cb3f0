#include <filesystem>
#include <fstream>

#include "site/document.hpp"
#include "unit/site/problems.hpp"

namespace wright {
namespace {

using namespace std::string_literals;
using ::testing::AllOf;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;
using ::testing::StartsWith;

std::string repeated(std::string_view what, std::size_t times) {
  std::string out;
  for (std::size_t i = 0; i < times; ++i) out += what;
  return out;
}

TEST(HostileSite, AByteOrderMarkIsSkipped) {
  EXPECT_THAT(problems_of("\xEF\xBB\xBF" + base_site), IsEmpty());
  EXPECT_THAT(problems_of("\xEF\xBB\xBFx = 1\n" + base_site), ElementsAre(StartsWith("1:1 unknown key \"x\"")));
}

TEST(HostileSite, ANulIsRefusedWhereItStands) {
  EXPECT_THAT(problems_of("[site]\nname = \"a\0b\"\n"s), ElementsAre("2:10 is not valid TOML"));
  EXPECT_THAT(problems_of("[site]\n# \0\nname = \"a\"\n"s), ElementsAre("2:3 is not valid TOML"));
}

TEST(HostileSite, TextThatShowsInAnotherOrderIsRefused) {
  EXPECT_THAT(problems_of(base_site + "# \xE2\x80\xAE not shown as read\n"),
              ElementsAre(StartsWith("6:3 this character makes text show in another order than it is read")));
  EXPECT_THAT(problems_of(base_site + "[components.x]\ny = \"é\xE2\x81\xA6\"\n"),
              ElementsAre(StartsWith("7:7 this character")));
}

TEST(HostileSite, NestingIsRefusedBeforeItIsParsed) {
  constexpr std::size_t many = 100'000;
  EXPECT_THAT(problems_of("x = " + repeated("[", many)), ElementsAre("1:69 is nested deeper than 64 levels"));
  EXPECT_THAT(problems_of("x = " + repeated("{a=", many)), ElementsAre(HasSubstr(" is nested deeper than 64 levels")));
  EXPECT_THAT(problems_of("x" + repeated(".x", many) + " = 1"), ElementsAre("1:130 is nested deeper than 64 levels"));
  EXPECT_THAT(problems_of("[x" + repeated(".\"x\"", many) + "]"),
              ElementsAre(HasSubstr(" is nested deeper than 64 levels")));
  EXPECT_THAT(problems_of("x = " + repeated("[{a.b.c.d = ", many)),
              ElementsAre(HasSubstr(" is nested deeper than 64 levels")));
}

TEST(HostileSite, HeadersAndTheirKeysTogetherAreNotTooDeep) {
  const std::string path = repeated("x.", 40) + "x";
  EXPECT_THAT(problems_of(base_site + "[components.a." + path + "]\n" + path + " = 1\n"),
              ElementsAre(HasSubstr(" is nested deeper than 64 levels")));
}

TEST(HostileSite, BracketsAndDotsInStringsAndCommentsAreNotNesting) {
  const std::string brackets = repeated("[{.", 200);
  EXPECT_THAT(problems_of(base_site + "# " + brackets + "\n[components.x]\na = \"\\\"" + brackets + "\"\nb = '\\" +
                          brackets + "'\nc = \"\"\"" + brackets + "\n\"\" \\\"\"\"" + brackets + "\"\"\"\"\"\nd = '''" +
                          brackets + "\n''" + brackets + "'''''\ne = [[[1.5]]]\n"),
              IsEmpty());
}

TEST(HostileSite, SixtyLevelsAreFine) {
  EXPECT_THAT(problems_of(base_site + "[components.x]\na = " + repeated("[", 60) + repeated("]", 60) + "\n"),
              IsEmpty());
}

TEST(HostileSite, AFileOverSixteenMebibytesIsNotRead) {
  const auto path = std::filesystem::temp_directory_path() / ("wright-large-" + std::to_string(::getpid()) + ".toml");
  std::ofstream(path) << base_site;
  std::filesystem::resize_file(path, largest_site_file + 1);
  Diagnostics warnings;
  const auto site = load_site(path.string(), {}, warnings);
  std::filesystem::remove(path);
  ASSERT_FALSE(site);
  EXPECT_EQ(to_text(site.error()), path.string() + ": error: is larger than 2 MiB");
  EXPECT_THAT(problems_of(std::string(largest_site_file + 1, '\n')), ElementsAre("1:1 the file is larger than 2 MiB"));
}

TEST(HostileSite, DuplicateKeysAndTablesAreErrors) {
  EXPECT_THAT(problems_of("[site]\nname = \"a\"\nname = \"b\"\n"),
              Contains(AllOf(StartsWith("3:8 is not valid TOML"), HasSubstr("stands in line 2 already"))));
  EXPECT_THAT(problems_of(base_site + "  [hosts.web]  # again\n"),
              ElementsAre(AllOf(StartsWith("6:3 is not valid TOML"), HasSubstr("stands in line 3 already"))));
  // The other is in another table, or written in another way.
  EXPECT_THAT(problems_of("name = 1\n[a]\nname = 2\nname = 3\n"), Contains(HasSubstr("stands in line 3 already")));
  EXPECT_THAT(problems_of("a = 1\n[a]\n"),
              ElementsAre(AllOf(StartsWith("2:1 is not valid TOML"), HasSubstr("stands above already"))));
  EXPECT_THAT(problems_of("a = [1]\n[[a]]\n"), ElementsAre(StartsWith("2:1 is not valid TOML")));
}

TEST(HostileSite, WhatStandsTwiceHidesNoOtherProblem) {
  EXPECT_THAT(problems_of(base_site + "[hosts.web]\nadress = 1\n[components.x]\nplugin = \"x\"\nhosts = [\"wbe\"]\n"
                                      "hosts = [\"web\"]\n[components.y]\nhosts = [\"wbe\"]\n[hosts.web.more]\n"),
              ElementsAre(AllOf(StartsWith("6:1 is not valid TOML"), HasSubstr("stands in line 3 already")),
                          StartsWith("10:10 unknown host or group \"wbe\""), StartsWith("11:9 is not valid TOML"),
                          StartsWith("13:10 unknown host or group \"wbe\""), StartsWith("14:12 unknown key \"more\"")));
}

TEST(HostileSite, ManyNamesThatStandTwiceAreNotAllTold) {
  std::string many = base_site;
  for (int i = 0; i < 100; ++i) many += "[hosts.web]\n";
  EXPECT_THAT(problems_of(many), SizeIs(20));
}

TEST(HostileSite, BinaryGarbageIsOneProblem) {
  std::string garbage =
      "\x7F"
      "ELF\x02\x01\x01";
  for (int i = 0; i < 5000; ++i) garbage += static_cast<char>(i * 7919 >> 3);
  EXPECT_THAT(problems_of(garbage), ElementsAre("1:9 is not valid TOML"));
  EXPECT_THAT(problems_of("[site]\nname = \"\xFF\xFE\"\n"), ElementsAre(StartsWith("2:8 is not valid TOML")));
}

TEST(HostileSite, AnUnterminatedStringIsToldWhereItEnds) {
  EXPECT_THAT(problems_of("[site]\nname = \"shop\n"), ElementsAre(StartsWith("2:13 is not valid TOML")));
  EXPECT_THAT(problems_of("[site]\nname = \"\"\"shop\n"), ElementsAre(StartsWith("2:16 is not valid TOML")));
}

TEST(HostileSite, WhatAbortsTheParserAsAHeaderIsAnErrorHere) {
  for (const char* text : {"[*", "[", "[[", "[]", "[.", "x = [", "x = {", "=", "\"", "x = \"\\", "[a", "[[a]"})
    EXPECT_THAT(problems_of(text), ElementsAre(HasSubstr("is not valid TOML"))) << text;
}

TEST(HostileSite, NumbersBeyondSixtyFourBitsAreErrors) {
  EXPECT_THAT(problems_of("x = 9223372036854775808\n"), ElementsAre(StartsWith("1:")));
  EXPECT_THAT(problems_of("x = -9223372036854775809\n"), ElementsAre(StartsWith("1:")));
}

TEST(HostileSite, NamesFromTheFileCannotSteerTheTerminal) {
  const auto problems = problems_of(base_site + "[\"\\u001b]0;owned\\u0007\"]\n");
  ASSERT_EQ(problems.size(), 1U);
  EXPECT_THAT(problems[0], HasSubstr("\\x1b]0;owned\\x07"));
}

TEST(HostileSite, AThousandProblemsAreAHundredAndANumber) {
  std::string text = base_site;
  for (int i = 0; i < 1000; ++i) text += "k" + std::to_string(i) + " = 1\n";
  Diagnostics warnings;
  const auto site = parse_site(text, "site.toml", {}, warnings);
  ASSERT_FALSE(site);
  ASSERT_EQ(site.error().items().size(), 101U);
  EXPECT_EQ(site.error().items().back().what, "900 more problems");
}

}  // namespace
}  // namespace wright
