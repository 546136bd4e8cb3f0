#include "agent/files/sync_disks.hpp"

#include "unit/agent_resources/support.hpp"

namespace wright::agent {
namespace {

using SyncDisksTest = ResourceTest;

TEST_F(SyncDisksTest, SyncsDisksByTheirNames) {
  write("disk of mine/file", "x");
  // The second is under something else now, the third is read-only, the others are no disks.
  write("mounts", "22 1 254:1 / " + path("disk\\040of\\040mine") + " rw,relatime shared:1 - ext4 /dev/vda1 rw\n" +
                      "23 1 254:2 / " + path("gone") + " rw - xfs /dev/vda2 rw\n" + "24 1 254:3 / " + path("mounts") +
                      " ro,nosuid - ext4 /dev/vda3 rw\n" +
                      "25 1 0:22 / /proc rw - proc proc rw\n26 1 0:30 / /mnt rw - nfs4 server:/home rw\nshort\n");
  const auto synced = sync_disks(path("mounts"));
  EXPECT_TRUE(synced) << problem_of(synced);
}

TEST_F(SyncDisksTest, SyncsNothingWithoutAList) { EXPECT_TRUE(sync_disks(path("none"))); }

}  // namespace
}  // namespace wright::agent
