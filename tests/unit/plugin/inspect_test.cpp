#include "plugin/inspect.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <random>

#include "unit/plugin/fixtures.hpp"

namespace wright::testing {
namespace {

using ::testing::HasSubstr;
namespace fs = std::filesystem;

class Inspect : public ::testing::Test {
 protected:
  void SetUp() override {
    std::string pattern = (fs::temp_directory_path() / "wright-inspect-XXXXXX").string();
    ASSERT_NE(mkdtemp(pattern.data()), nullptr);
    folder = pattern;
    std::ifstream in(fixture("plain").path, std::ios::binary);
    good.assign(std::istreambuf_iterator<char>(in), {});
    ASSERT_GT(good.size(), 4096U);
  }
  void TearDown() override { fs::remove_all(folder); }

  std::string path() const { return folder / "some.so"; }
  Result<> inspect(const std::string& bytes) const {
    std::ofstream(path(), std::ios::binary | std::ios::trunc) << bytes;
    return inspect_plugin(path());
  }
  std::string with(std::size_t at, char byte) const {
    std::string out = good;
    out[at] = byte;
    return out;
  }

  fs::path folder;
  std::string good;
};

TEST_F(Inspect, accepts_a_plugin) { EXPECT_TRUE(inspect(good)) << problems_of(inspect(good)); }

TEST_F(Inspect, says_what_else_a_file_is) {
  EXPECT_THAT(problems_of(inspect("")), HasSubstr("is empty"));
  EXPECT_THAT(problems_of(inspect("#!/bin/sh\necho hello\n")), HasSubstr("is no shared object"));
  EXPECT_THAT(problems_of(inspect(good.substr(0, 20))), HasSubstr("ends inside the ELF header"));
  EXPECT_THAT(problems_of(inspect(good.substr(0, good.size() / 2))), HasSubstr("is cut off"));
  EXPECT_THAT(problems_of(inspect(with(18, 8))), HasSubstr("is built for another machine"));
  EXPECT_THAT(problems_of(inspect(with(4, 1))), HasSubstr("is built for another machine"));
  EXPECT_THAT(problems_of(inspect(with(5, 2))), HasSubstr("is built for another machine"));
  EXPECT_THAT(problems_of(inspect(with(16, 2))), HasSubstr("is another type of ELF file"));
}

TEST_F(Inspect, does_not_open_what_is_no_regular_file) {
  EXPECT_THAT(problems_of(inspect_plugin(folder)), HasSubstr("is not a regular file"));
  ASSERT_EQ(mkfifo(path().c_str(), 0600), 0);
  EXPECT_THAT(problems_of(inspect_plugin(path())), HasSubstr("is not a regular file"));
  EXPECT_THAT(problems_of(inspect_plugin(folder / "none.so")), HasSubstr("cannot be opened"));
}

TEST_F(Inspect, accepts_a_stripped_plugin) {
  std::ofstream(path(), std::ios::binary) << good;
  ASSERT_EQ(std::system(("strip " + path()).c_str()), 0);
  EXPECT_TRUE(inspect_plugin(path())) << problems_of(inspect_plugin(path()));
}

TEST_F(Inspect, survives_any_damage_to_the_headers) {
  std::mt19937 random(20240601);
  int refused = 0;
  for (int round = 0; round < 500; ++round) {
    std::string bytes = good;
    // Header and program headers, or the section table at the end: where every offset stands.
    const std::size_t from = round % 2 == 0 ? 0 : bytes.size() - 2048;
    const std::size_t span = round % 2 == 0 ? 512 : 2048;
    for (int i = 0; i < 4; ++i) bytes[from + random() % span] = static_cast<char>(random());
    refused += inspect(bytes) ? 0 : 1;
  }
  EXPECT_GT(refused, 25);
}

TEST_F(Inspect, survives_a_file_that_ends_anywhere) {
  for (std::size_t size = 1; size < good.size(); size += 97) EXPECT_FALSE(inspect(good.substr(0, size))) << size;
}

}  // namespace
}  // namespace wright::testing
