#include "agent/packages/apt_output.hpp"

#include <gmock/gmock.h>

namespace wright::agent::packages {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::Pair;

Database host() {
  Database out;
  out.merge(
      "Package: dpkg\nStatus: install ok installed\nArchitecture: amd64\nVersion: 1.21\n\n"
      "Package: perl-base\nStatus: install ok installed\nArchitecture: amd64\nVersion: 5.36.0-7+deb12u1\n\n"
      "Package: exim4\nStatus: install ok installed\nArchitecture: all\nVersion: 4.96\n\n");
  return out;
}

TEST(AptOutput, SaysWhatComesGoesAndChanges) {
  const auto moves = moves_in(
      "NOTE: This is only a simulation!\nReading package lists...\n"
      "Remv exim4 [4.96]\n"
      "Inst perl-base [5.36.0-7+deb12u1] (5.36.0-7+deb12u2 Debian:12.9/stable [amd64])\n"
      "Conf perl-base (5.36.0-7+deb12u2 Debian:12.9/stable [amd64])\n"
      "Inst nginx (1.22.1-9 Debian:12.9/stable, Debian-Security:12/stable [amd64]) []\n"
      "Inst nginx-common (1.22.1-9 Debian:12.9/stable [all])\n",
      host());
  EXPECT_THAT(moves.installed, ElementsAre(Pair("nginx-common:all", "1.22.1-9"), Pair("nginx:amd64", "1.22.1-9")));
  EXPECT_THAT(moves.upgraded, ElementsAre(Pair("perl-base:amd64", Move{"5.36.0-7+deb12u1", "5.36.0-7+deb12u2"})));
  EXPECT_THAT(moves.removed, ElementsAre(Pair("exim4:all", "4.96")));
}

TEST(AptOutput, CandidatesAreThoseThatThereAre) {
  EXPECT_THAT(candidates_in("git:\n  Installed: (none)\n  Candidate: 1:2.39.5-0+deb12u2\n  Version table:\n"
                            "     1:2.39.5-0+deb12u2 500\n        500 http://mirror bookworm/main amd64 Packages\n"
                            "awk:\n  Installed: (none)\n  Candidate: (none)\n  Version table:\n"
                            "python3:\n  Installed: 3.11.2-1+b1\n  Candidate: 3.11.2-1+b1\n"),
              ElementsAre(Pair("git", "1:2.39.5-0+deb12u2"), Pair("python3", "3.11.2-1+b1")));
}

TEST(AptOutput, PurgesCount) {
  EXPECT_THAT(moves_in("Purg exim4 [4.96]\n", host()).removed, ElementsAre(Pair("exim4:all", "4.96")));
}

TEST(AptOutput, HostileLinesAreLeftOut) {
  const auto moves =
      moves_in("Inst -o=x (1 a [amd64])\nInst ok1 (1;rm a [amd64])\nInst ok1\nInst ok1 (\nRemv\n", host());
  EXPECT_EQ(moves, Moves());
}

TEST(AptOutput, SaysWhatIsMissing) {
  const auto missing = missing_in(
      "E: Unable to locate package nginz\nE: Package 'awk' has no installation candidate\n"
      "E: Version '0.1' for 'memcached' was not found\nW: something\n");
  EXPECT_THAT(missing.packages, ElementsAre("nginz"));
  EXPECT_THAT(missing.candidates, ElementsAre("awk"));
  EXPECT_THAT(missing.versions, ElementsAre(Pair("memcached", "0.1")));
  EXPECT_FALSE(missing_in("E: Unable to correct problems, you have held broken packages.\n").any());
}

// As apt 2.6 writes it when one is asked for in a version that was only ever on this host.
TEST(AptOutput, SaysWhatCannotBeDownloaded) {
  EXPECT_THAT(without_source_in("E: Can't find a source to download version '1.0' of 'mine:amd64'\n"
                                "E: Version '2' for 'old' was not found\nE: Unable to locate package gone\n"
                                "E: Failed to fetch http://x\n"),
              ::testing::UnorderedElementsAre("mine:amd64", "old", "gone"));
}

TEST(AptOutput, TheDigestsOfPackageFiles) {
  EXPECT_THAT(
      digests_in("Package: a\nSHA256: 12ab\nDescription: SHA256: no\n SHA256: no\n\nPackage: b\nSHA256: 34cd\n"),
      ::testing::ElementsAre("12ab", "34cd"));
}

TEST(AptOutput, VersionsNewestFirstEachOnce) {
  EXPECT_THAT(versions_in(" memcached | 1.6.18-1+deb12u1 | http://security bookworm/main amd64 Packages\n"
                          " memcached | 1.6.18-1+deb12u1 | http://deb bookworm/main amd64 Packages\n"
                          " memcached | 1.6.18-1 | http://deb bookworm/main amd64 Packages\n"),
              ElementsAre("1.6.18-1+deb12u1", "1.6.18-1"));
}

TEST(AptOutput, ProvidersOfTheOneAskedFor) {
  const std::string text =
      "Package mta is a virtual package provided by:\n  postfix 3.7\n  exim4 4.96\n"
      "Package awk is a virtual package provided by:\n  mawk 1.3\nYou should explicitly select one to install.\n";
  EXPECT_THAT(providers_in(text, "mta"), ElementsAre("postfix", "exim4"));
  EXPECT_THAT(providers_in(text, "other"), IsEmpty());
}

}  // namespace
}  // namespace wright::agent::packages
