#include <gmock/gmock.h>

#include <filesystem>
#include <fstream>

#include "unit/agent/world.hpp"

namespace wright::agent::testing {
namespace {

namespace fs = std::filesystem;

std::string database(const World& world) { return world.state_folder() + "/state.db"; }

/// A host with two transactions, whose journal was then damaged. Whatever is asked of it must end in words, and nothing
/// on the host may change.
void expect_a_refusal(World& world) {
  const std::string before = world.everything();
  const Plan plan = plan_now(world, catalog_of({file("/etc/a", "3")}));
  ASSERT_FALSE(plan.warnings.empty());
  EXPECT_THAT(plan.warnings.front(), ::testing::HasSubstr("state.db"));
  EXPECT_TRUE(apply_now(world, catalog_of({file("/etc/a", "3")})).diagnostics.has_errors());
  EXPECT_TRUE(roll_back_now(world).diagnostics.has_errors());
  EXPECT_TRUE(recover_now(world).diagnostics.has_errors());
  EXPECT_EQ(world.everything(), before);
}

void fill(World& world) {
  ASSERT_EQ(apply_now(world, catalog_of({file("/etc/a", "1")})).state, "committed");
  ASSERT_EQ(apply_now(world, catalog_of({file("/etc/a", "2"), file("/etc/b", "2")})).state, "committed");
}

TEST(DamagedJournal, CutShort) {
  World world;
  fill(world);
  fs::resize_file(database(world), fs::file_size(database(world)) / 2);
  expect_a_refusal(world);
}

TEST(DamagedJournal, Zeroes) {
  World world;
  fill(world);
  std::ofstream(database(world)) << std::string(8192, '\0');
  expect_a_refusal(world);
}

TEST(DamagedJournal, Garbage) {
  World world;
  fill(world);
  std::ofstream(database(world)) << std::string(9000, 'x');
  expect_a_refusal(world);
}

TEST(DamagedJournal, OneByteOfAnUndoRecordIsAnother) {
  World world;
  fill(world);
  std::ifstream in(database(world), std::ios::binary);
  std::string bytes((std::istreambuf_iterator<char>(in)), {});
  const auto at = bytes.find("/etc/b");
  ASSERT_NE(at, std::string::npos);
  for (auto next = at; next != std::string::npos; next = bytes.find("/etc/b", next + 1)) bytes[next + 5] = 'z';
  std::ofstream(database(world), std::ios::binary) << bytes;
  const std::string before = world.everything();
  EXPECT_TRUE(roll_back_now(world).diagnostics.has_errors());
  EXPECT_EQ(world.everything(), before);
}

TEST(DamagedJournal, ALinkInItsPlace) {
  World world;
  fill(world);
  fs::rename(database(world), world.folder() + "/elsewhere");
  fs::create_symlink(world.folder() + "/elsewhere", database(world));
  expect_a_refusal(world);
}

}  // namespace
}  // namespace wright::agent::testing
