#pragma once

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>

namespace wright {

/// A folder of its own that holds the identity of the test, which is not there yet.
class WithIdentity : public ::testing::Test {
 protected:
  void SetUp() override {
    std::string pattern = (std::filesystem::temp_directory_path() / "wright-age-XXXXXX").string();
    ASSERT_NE(::mkdtemp(pattern.data()), nullptr);
    folder_ = pattern;
    use_identity("identity.txt");
  }
  void TearDown() override {
    ::unsetenv("WRIGHT_IDENTITY");
    std::filesystem::remove_all(folder_);
  }

  [[nodiscard]] std::string in_folder(const std::string& name) const { return (folder_ / name).string(); }
  void use_identity(const std::string& name) { ::setenv("WRIGHT_IDENTITY", in_folder(name).c_str(), 1); }
  void write(const std::string& name, const std::string& text, mode_t mode = 0600) {
    std::ofstream(folder_ / name, std::ios::binary) << text;
    ASSERT_EQ(::chmod(in_folder(name).c_str(), mode), 0);
  }
  [[nodiscard]] std::string read(const std::string& name) const {
    std::ifstream file(folder_ / name, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
  }
  [[nodiscard]] mode_t mode(const std::string& name) const {
    struct stat status {};
    return ::stat(in_folder(name).c_str(), &status) == 0 ? status.st_mode & 07777U : 0;
  }

  std::filesystem::path folder_;
};

}  // namespace wright
