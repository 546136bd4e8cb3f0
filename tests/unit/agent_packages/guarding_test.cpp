#include "agent/packages/guarding.hpp"

#include <gmock/gmock.h>
#include <stdlib.h>
#include <sys/stat.h>

#include <algorithm>
#include <filesystem>
#include <fstream>

namespace wright::agent::packages {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
namespace fs = std::filesystem;

Tree tree(std::vector<Path> paths) {
  std::sort(paths.begin(), paths.end(), [](const Path& a, const Path& b) { return a.path < b.path; });
  return paths;
}
Path folder(const std::string& path) { return {path, {'d', 0755, 0, 0, 0, 0}}; }
Path file(const std::string& path, std::int64_t mtime = 5) { return {path, {'f', 0644, 0, 0, 1, mtime}}; }

/// A change brought the package graylog, with /usr/share/graylog and /var/lib/graylog.
Surroundings graylog(std::vector<Path> since, bool interrupted = false) {
  Surroundings around;
  const std::vector<Path> before{folder("/usr"),     folder("/usr/bin"), folder("/usr/share"), folder("/var"),
                                 folder("/var/lib"), folder("/opt"),     folder("/srv")};
  std::vector<Path> after = before;
  for (const char* path : {"/usr/share/graylog", "/usr/share/graylog/plugin", "/var/lib/graylog"}) {
    after.push_back(folder(path));
    around.listed.insert(path);
  }
  after.push_back(file("/usr/share/graylog/graylog.jar"));
  around.listed.insert("/usr/share/graylog/graylog.jar");
  std::vector<Path> found = after;
  found.insert(found.end(), since.begin(), since.end());
  around.before.tree = tree(before);
  around.found.tree = tree(found);
  around.after.tree = interrupted ? around.found.tree : tree(after);
  around.interrupted = interrupted;
  around.began_ns = 10;
  return around;
}

TEST(Guarding, WhatSomebodyPutAmongAPackagesFilesIsKept) {
  const auto around =
      graylog({file("/usr/share/graylog/plugin/mine.jar"), file("/usr/share/graylog/plugin/__pycache__/x")});
  EXPECT_THAT(data_made(around), ElementsAre("/usr/share/graylog/plugin/mine.jar"));
  EXPECT_TRUE(has_data(around));
  EXPECT_FALSE(has_data(graylog({})));
}

TEST(Guarding, DataGoesWithItsFolder) {
  EXPECT_THAT(data_made(graylog({file("/var/lib/graylog/journal/1")})), ElementsAre("/var/lib/graylog"));
}

// Whoever comes back to a host in the morning after a power failure must not lose what was done there since.
TEST(Guarding, AfterAnInterruptionAllThatMayBeSomebodysIsKept) {
  EXPECT_THAT(data_made(graylog({file("/opt/tool"), file("/usr/bin/unpacked", 9), file("/usr/bin/mine", 11),
                                 folder("/srv/x"), file("/srv/x/y")},
                                true)),
              ElementsAre("/opt/tool", "/srv/x", "/usr/bin/mine"));
  EXPECT_THAT(data_made(graylog({file("/opt/tool"), file("/srv/x")})), IsEmpty()) << "which stay where they are";
}

TEST(Guarding, WhatIsInAnothersFolderIsNotTheChanges) {
  auto around = graylog({folder("/var/lib/graylog/app"), file("/var/lib/graylog/app/upload")});
  around.strangers.insert("/var/lib/graylog");
  EXPECT_FALSE(is_made(around, "/var/lib/graylog/app/upload"));
  EXPECT_THAT(data_made(around), IsEmpty());
}

class Aside : public ::testing::Test {
 protected:
  Aside() {
    char name[] = "/tmp/wright-guarding-XXXXXX";
    folder_ = ::mkdtemp(name);
    context.state_folder = folder_ + "/state";
    context.transaction = "now";
    record.transaction = "now";
  }
  ~Aside() override { fs::remove_all(folder_); }

  [[nodiscard]] std::string path(const std::string& name) const { return folder_ + "/host/" + name; }
  void write(const std::string& name, const std::string& text) const {
    fs::create_directories(fs::path(path(name)).parent_path());
    std::ofstream(path(name)) << text;
  }
  [[nodiscard]] std::string read(const std::string& place) const {
    std::ifstream in(place);
    return {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
  }
  [[nodiscard]] std::string quarantined(const std::string& name) const {
    return context.state_folder + "/quarantine/now" + path(name);
  }

  Context context;
  Record record;
  Surroundings around;

 private:
  std::string folder_;
};

TEST_F(Aside, EachGoesToAPlaceOfItsOwnAndComesBackIntoAFolderMadeAnew) {
  write("redis/db", "1");
  write("memcached/db", "2");
  // Another resource put something of it aside before, below the usual place.
  write("../state/quarantine/now" + path("redis/node"), "of another");
  record.data = {{path("redis"), "redis:amd64", context.state_folder + "/quarantine/now/packages/redis"},
                 {path("memcached/db"), "", ""}};
  around.before.tree = tree({{path("memcached"), {'d', 0700, 0, 0, 0, 0}}});
  for (int run = 0; run < 2; ++run) {
    ASSERT_TRUE(set_data_aside(record, context));
    EXPECT_FALSE(fs::exists(path("redis")));
    EXPECT_FALSE(fs::exists(path("memcached/db")));
  }
  EXPECT_THAT(context.quarantined, ::testing::SizeIs(2));
  fs::remove(path("memcached"));
  for (int run = 0; run < 2; ++run) {
    ASSERT_TRUE(give_back_data(record, around, {"redis:amd64"}, context));
    EXPECT_EQ(read(path("redis/db")), "1");
    EXPECT_EQ(read(path("memcached/db")), "2");
    EXPECT_FALSE(fs::exists(path("redis/node")));
  }
  struct stat seen {};
  ASSERT_EQ(::stat(path("memcached").c_str(), &seen), 0);
  EXPECT_EQ(seen.st_mode & 07777U, 0700U);
}

TEST_F(Aside, NewDataOfWhatWasInstalledAgainStays) {
  write("redis/db", "old");
  record.data = {{path("redis"), "redis:amd64", ""}};
  ASSERT_TRUE(set_data_aside(record, context));
  write("redis/db", "new");
  ASSERT_TRUE(give_back_data(record, around, {}, context));
  EXPECT_EQ(read(path("redis/db")), "new");
  EXPECT_EQ(read(quarantined("redis/db")), "old");
  EXPECT_THAT(context.kept, ElementsAre(HasSubstr(quarantined("redis"))));
  // When its package comes back the old data does too, and the new goes aside.
  ASSERT_TRUE(give_back_data(record, around, {"redis:amd64"}, context));
  EXPECT_EQ(read(path("redis/db")), "old");
  EXPECT_EQ(read(quarantined("redis") + ".1/db"), "new");
}

// A prune gave back what an older transaction had put aside, and is taken back itself.
TEST_F(Aside, WhatWasGivenBackGoesToItsOldPlaceAgain) {
  write("spool/mail", "letter");
  const std::string place = context.state_folder + "/quarantine/older/spool";
  record.given = {{path("spool"), place}};
  for (int run = 0; run < 2; ++run) {
    ASSERT_TRUE(take_given_again(record));
    EXPECT_EQ(read(place + "/mail"), "letter");
    EXPECT_FALSE(fs::exists(path("spool")));
  }
  write("spool/mail", "another");
  ASSERT_TRUE(take_given_again(record));
  EXPECT_EQ(read(place + "/mail"), "letter");
  EXPECT_EQ(read(path("spool/mail")), "another");
}

TEST_F(Aside, AFileSystemOfItsOwnCannotGo) {
  write("redis/db", "1");
  EXPECT_TRUE(check_data({{path("redis"), "", ""}, {path("none"), "", ""}}));
  const auto checked = check_data({{"/proc", "", ""}, {"/sys", "", ""}});
  ASSERT_FALSE(checked);
  EXPECT_EQ(checked.error().items().size(), 2U);
}

}  // namespace
}  // namespace wright::agent::packages
