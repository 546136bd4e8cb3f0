#include "agent/packages/marks.hpp"

#include <gmock/gmock.h>

namespace wright::agent::packages {
namespace {

std::string mark(const std::string& name, const char* automatic = "1") {
  return "Package: " + name + "\nArchitecture: amd64\nAuto-Installed: " + automatic + "\n\n";
}

TEST(Marks, AreThoseOfBeforeWhenNobodyElseChangedThem) {
  EXPECT_EQ(marks_without_change("", mark("libx"), mark("libx"), {}), "");
  EXPECT_EQ(marks_without_change(mark("a"), mark("a") + mark("libx"), mark("a") + mark("libx"), {}), mark("a"));
}

TEST(Marks, OfWhatWasInstalledSinceStay) {
  EXPECT_EQ(marks_without_change("", mark("libx"), mark("libx") + mark("liby"), {}), mark("liby"));
}

TEST(Marks, ThatTheChangeTookAwayComeBack) {
  EXPECT_EQ(marks_without_change(mark("a"), mark("a", "0"), mark("a", "0"), {}), mark("a"));
}

TEST(Marks, OfPackagesThatAreGoneGo) {
  EXPECT_EQ(marks_without_change(mark("a"), mark("a") + mark("x"), mark("a") + mark("x", "0"), {"x:amd64"}), mark("a"));
}

TEST(Marks, SayWhatIsAutomatic) {
  EXPECT_THAT(automatic_in(mark("a") + mark("b", "0")), ::testing::ElementsAre("a:amd64"));
}

}  // namespace
}  // namespace wright::agent::packages
