#include <gmock/gmock.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <string>

#include "agent/facts/sources.hpp"

namespace wright::agent {
namespace {

namespace fs = std::filesystem;

class Lists : public ::testing::Test {
 protected:
  Lists() : folder_(fs::temp_directory_path() / ("wright-lists-" + std::to_string(::getpid()))) {
    fs::remove_all(folder_);
    fs::create_directory(folder_);
  }
  ~Lists() override { fs::remove_all(folder_); }
  void write(const std::string& name, const std::string& text) const { std::ofstream(folder_ / name) << text; }
  [[nodiscard]] std::string version_of(const char* package) const { return version_in_lists(folder_, package); }

 private:
  fs::path folder_;
};

std::string paragraph(const std::string& package, const std::string& version) {
  return "Package: " + package + "\nVersion: " + version + "\nFilename: pool/x.deb\n\n";
}

TEST_F(Lists, TheNewestCounts) {
  write("mirror_dists_one_main_binary-amd64_Packages", paragraph("wright-a", "1.9") + paragraph("wright-b", "3"));
  write("mirror_dists_two_main_binary-amd64_Packages", paragraph("wright-a", "1.10"));
  EXPECT_EQ(version_of("wright-a"), "1.10");
  EXPECT_EQ(version_of("wright-b"), "3");
  EXPECT_EQ(version_of("wright"), "");
}

TEST_F(Lists, BackportsAreNotTakenByThemselves) {
  write("mirror_dists_one_InRelease", "Origin: x\nSuite: stable\n");
  write("mirror_dists_one_main_binary-amd64_Packages", paragraph("wright-a", "1"));
  write("mirror_dists_one-backports_InRelease", "Origin: x\nSuite: b\nNotAutomatic: yes\nButAutomaticUpgrades: yes\n");
  write("mirror_dists_one-backports_main_binary-amd64_Packages", paragraph("wright-a", "2"));
  EXPECT_EQ(version_of("wright-a"), "1");
}

}  // namespace
}  // namespace wright::agent
