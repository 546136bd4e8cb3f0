#include "agent/files/sync_disks.hpp"

#include <gmock/gmock.h>
#include <sys/stat.h>

#include <cerrno>

#include "unit/agent_resources/support.hpp"

namespace wright::agent {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

class SyncDisksTest : public ResourceTest {
 protected:
  /// The id of the mount that the test's folder is on, as the kernel tells it.
  [[nodiscard]] std::string own_id() const {
    struct statx seen {};
    EXPECT_EQ(::statx(AT_FDCWD, path("").c_str(), 0, STATX_MNT_ID, &seen), 0);
    return std::to_string(seen.stx_mnt_id);
  }

  Result<> sync(const std::string& mounts) {
    write("mounts", mounts);
    return sync_disks(path("mounts"), [this](int, const std::string& point) {
      synced.push_back(point);
      return failing == point ? EIO : 0;
    });
  }

  std::vector<std::string> synced;
  std::string failing;
};

TEST_F(SyncDisksTest, EachDiskOnceByItsName) {
  write("disk of mine/file", "x");
  write("again/file", "x");
  const std::string id = own_id();
  const auto done =
      sync(id + " 1 254:1 / " + path("disk\\040of\\040mine") + " rw,relatime shared:1 - ext4 /dev/vda1 rw\n" + id +
           " 1 254:1 / " + path("again") + " rw - ext4 /dev/vda1 rw\n");
  EXPECT_TRUE(done) << problem_of(done);
  EXPECT_THAT(synced, ElementsAre(path("disk of mine")));
}

TEST_F(SyncDisksTest, WhatIsNoDiskOrIsCoveredOrReadOnlyIsLeftAlone) {
  write("a/file", "x");
  const std::string id = own_id();
  const auto done = sync("1 1 254:2 / " + path("a") + " rw - xfs /dev/vda2 rw\n" +  // another is mounted over it
                         id + " 1 254:3 / " + path("gone") + " rw - xfs /dev/vda3 rw\n" + id + " 1 254:4 / " +
                         path("a") + " ro,nosuid - ext4 /dev/vda4 rw\n" + id + " 1 0:22 / " + path("a") +
                         " rw - proc proc rw\n" + id + " 1 0:30 / " + path("a") + " rw - nfs4 server:/home rw\n" + id +
                         " 1 0:31 / " + path("a") + " rw - fuse.sshfs /dev/fuse rw\nshort\n");
  EXPECT_TRUE(done) << problem_of(done);
  EXPECT_THAT(synced, IsEmpty());
}

TEST_F(SyncDisksTest, ACoveredMountDoesNotHideAnotherOfTheSameDisk) {
  write("a/file", "x");
  write("b/file", "x");
  const auto done = sync("1 1 254:1 / " + path("a") + " rw - ext4 /dev/vda1 rw\n" + own_id() + " 1 254:1 / " +
                         path("b") + " rw - ext4 /dev/vda1 rw\n");
  EXPECT_TRUE(done) << problem_of(done);
  EXPECT_THAT(synced, ElementsAre(path("b")));
}

TEST_F(SyncDisksTest, ABrokenDiskKeepsNoOtherFromBeingSynced) {
  write("a/file", "x");
  write("b/file", "x");
  failing = path("a");
  const std::string id = own_id();
  const auto done = sync(id + " 1 254:1 / " + path("a") + " rw - ext4 /dev/vda1 rw\n" + id + " 1 254:2 / " + path("b") +
                         " rw - ext4 /dev/vda2 rw\n");
  EXPECT_TRUE(done) << "a disk that the system is not made of: " << problem_of(done);
  EXPECT_THAT(synced, ElementsAre(path("a"), path("b")));
}

TEST_F(SyncDisksTest, ThatOfTheSystemMustBeSynced) {
  struct statx top {};
  ASSERT_EQ(::statx(AT_FDCWD, "/", 0, STATX_MNT_ID, &top), 0);
  failing = "/";
  const auto done = sync(std::to_string(top.stx_mnt_id) + " 1 254:1 / / rw - ext4 /dev/vda1 rw\n");
  ASSERT_FALSE(done);
  EXPECT_THAT(problem_of(done), HasSubstr("/"));
}

TEST_F(SyncDisksTest, SyncsNothingWithoutAList) {
  EXPECT_TRUE(sync_disks(path("none"), [](int, const std::string&) { return EIO; }));
}

}  // namespace
}  // namespace wright::agent
