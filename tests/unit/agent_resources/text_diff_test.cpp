#include "agent/resources/text_diff.hpp"

#include <gtest/gtest.h>

namespace wright::agent {
namespace {

TEST(TextDiff, ShowsThreeLinesAround) {
  EXPECT_EQ(unified_diff("1\n2\n3\n4\n5\n6\n7\n8\n9\n", "1\n2\n3\n4\nfive\n6\n7\n8\n9\n"),
            "@@ -2,7 +2,7 @@\n 2\n 3\n 4\n-5\n+five\n 6\n 7\n 8\n");
}

TEST(TextDiff, KeepsFarChangesApart) {
  std::string before;
  std::string after;
  for (int i = 1; i <= 30; ++i) {
    before += std::to_string(i) + "\n";
    after += (i == 3 || i == 25 ? "x" : std::to_string(i)) + std::string("\n");
  }
  EXPECT_EQ(unified_diff(before, after),
            "@@ -1,6 +1,6 @@\n 1\n 2\n-3\n+x\n 4\n 5\n 6\n@@ -22,7 +22,7 @@\n 22\n 23\n 24\n-25\n+x\n 26\n 27\n 28\n");
}

TEST(TextDiff, OfNewAndEmptiedTexts) {
  EXPECT_EQ(unified_diff("", "a\nb\n"), "@@ -0,0 +1,2 @@\n+a\n+b\n");
  EXPECT_EQ(unified_diff("a\n", ""), "@@ -1 +0,0 @@\n-a\n");
  EXPECT_EQ(unified_diff("a\n", "a\n"), "");
}

TEST(TextDiff, TellsALastLineWithoutItsEnd) {
  EXPECT_EQ(unified_diff("a\n", "a"), "@@ -1 +1 @@\n-a\n+a\n\\ No newline at end of file\n");
}

TEST(TextDiff, IsCutWhenItIsVeryLong) {
  std::string before;
  std::string after;
  for (int i = 0; i < 9000; ++i) {
    before += std::string(60, 'b') + std::to_string(i) + "\n";
    after += std::string(60, 'a') + std::to_string(i) + "\n";
  }
  const std::string diff = unified_diff(before, after);
  EXPECT_LE(diff.size(), 256U << 10U);
  EXPECT_TRUE(diff.ends_with("(the rest is left out)\n"));
}

TEST(TextDiff, TellsTextFromBytes) {
  EXPECT_FALSE(is_binary("plain, \xC3\xA4 and \xE2\x82\xAC and \xF0\x9F\x90\xA7"));
  EXPECT_FALSE(is_binary(""));
  EXPECT_TRUE(is_binary(std::string_view("a\0b", 3)));
  EXPECT_TRUE(is_binary("\xFF\xFE"));
  EXPECT_TRUE(is_binary("cut \xC3"));
}

}  // namespace
}  // namespace wright::agent
