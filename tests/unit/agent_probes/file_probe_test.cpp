#include <sys/stat.h>

#include <filesystem>
#include <fstream>

#include "unit/agent_probes/peer.hpp"

namespace wright::agent {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

class FileProbe : public ::testing::Test {
 protected:
  FileProbe() {
    std::string name = "/tmp/wright-probe-XXXXXX";
    folder = ::mkdtemp(name.data());
    path = folder + "/conf";
    std::ofstream(path) << "listen 80;\n";
    ::chmod(path.c_str(), 0640);
  }
  ~FileProbe() override { std::filesystem::remove_all(folder); }

  std::string said(Value::Map attributes) const {
    attributes.emplace("path", path);
    return said_by(probe_of("file", std::move(attributes)));
  }

  std::string folder;
  std::string path;
};

TEST_F(FileProbe, PassesWhenTheFileIsAsExpected) {
  EXPECT_THAT(said({{"mode", 0640}, {"contains", "listen 80"}}), IsEmpty());
  EXPECT_THAT(said({{"path", folder + "/none"}, {"exists", false}}), IsEmpty());
}

TEST_F(FileProbe, WhatIsNotThereAndWhatShouldNotBeAreTold) {
  EXPECT_THAT(said({{"path", folder + "/none"}}), HasSubstr("expected " + folder + "/none to exist; there is nothing"));
  EXPECT_THAT(said({{"exists", false}}), HasSubstr("expected nothing at " + path));
}

TEST_F(FileProbe, AnotherModeIsToldWithBoth) {
  EXPECT_THAT(said({{"mode", 0600}}), AllOf(HasSubstr("to have mode 0600"), HasSubstr("it has 0640")));
}

TEST_F(FileProbe, AnotherContentIsTold) {
  EXPECT_THAT(said({{"contains", "listen 443"}}), HasSubstr("to contain \"listen 443\""));
  EXPECT_THAT(said({{"path", folder}, {"contains", "x"}}), HasSubstr("to be a file"));
}

}  // namespace
}  // namespace wright::agent
