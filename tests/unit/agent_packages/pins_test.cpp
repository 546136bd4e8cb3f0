#include "agent/facts/pins.hpp"

#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <string>

namespace wright::agent {
namespace {

namespace fs = std::filesystem;

class Preferences : public ::testing::Test {
 protected:
  Preferences() : etc_(fs::temp_directory_path() / ("wright-pins-" + std::to_string(::getpid()))) {
    fs::remove_all(etc_);
    fs::create_directories(etc_ / "apt/preferences.d");
    fs::create_directories(etc_ / "apt/apt.conf.d");
  }
  ~Preferences() override { fs::remove_all(etc_); }
  void write(const std::string& name, const std::string& text) const { std::ofstream(etc_ / "apt" / name) << text; }
  [[nodiscard]] bool names(const std::string& package) const { return Pins(etc_).may_name(package); }

 private:
  fs::path etc_;
};

const std::string rest = "Pin: version 1*\nPin-Priority: 1001\n";

TEST_F(Preferences, NoneNamesNothing) {
  EXPECT_FALSE(names("nginx"));
  write("preferences", "# Package: nginx\nExplanation: not nginx\n");
  write("apt.conf.d/01-others", "APT::Install-Recommends \"false\";\n");
  EXPECT_FALSE(names("nginx"));
}

TEST_F(Preferences, NameWhatIsInTheirField) {
  write("preferences.d/web.pref", "Explanation: x\npackage: nginx nginx-common\n libnginx-mod-*\n" + rest);
  write("preferences",
        "Package: memcached:amd64\nPin: origin example.org\nPin-Priority: -1\n\nPackage: redis\n" + rest);
  for (const char* package : {"nginx", "nginx-common", "libnginx-mod-http-geoip", "memcached", "redis"})
    EXPECT_TRUE(names(package)) << package;
  for (const char* package : {"nginx-extras", "origin", "1001", "libnginx"}) EXPECT_FALSE(names(package)) << package;
}

TEST_F(Preferences, MayNameAllWhereOnlyAptCanTell) {
  for (const char* field : {"*", "/^nginx/", "src:linux"}) {
    write("preferences", "Package: " + std::string(field) + "\n" + rest);
    EXPECT_TRUE(names("nginx")) << field;
  }
  write("preferences", "");
  write("apt.conf.d/99-release", "APT { Default-Release \"bookworm\"; };\n");
  EXPECT_TRUE(names("nginx"));
}

}  // namespace
}  // namespace wright::agent
