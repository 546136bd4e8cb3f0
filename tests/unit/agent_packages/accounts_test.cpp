#include <gmock/gmock.h>

#include "agent/packages/account_lines.hpp"

namespace wright::agent::packages {
namespace {

constexpr const char* before = "root:x:0:0::/root:/bin/sh\nwww:x:33:33::/var/www:/bin/false\n";
constexpr const char* after =
    "root:x:0:0::/root:/bin/sh\nwww:x:33:33::/var/www:/bin/false\nredis:x:101:102::/var/lib/redis:/bin/false\n";

TEST(AccountLines, AreThoseOfBeforeWhenNobodyElseChangedThem) {
  EXPECT_EQ(without_change(before, after, after, {}), before);
  EXPECT_EQ(without_change(before, after, before, {}), before);
}

TEST(AccountLines, OfOthersStay) {
  const std::string now = std::string(after) + "human:x:1000:1000::/home/human:/bin/sh\n";
  EXPECT_EQ(without_change(before, after, now, {}), std::string(before) + "human:x:1000:1000::/home/human:/bin/sh\n");
}

TEST(AccountLines, InUseStay) { EXPECT_EQ(without_change(before, after, after, {"redis"}), after); }

TEST(AccountLines, ThatTheChangeRemovedComeBack) { EXPECT_EQ(without_change(after, before, before, {}), after); }

TEST(AccountLines, MembersAreTakenOutOneByOne) {
  EXPECT_EQ(without_change("ssl:x:5:a\n", "ssl:x:5:a,postgres\n", "ssl:x:5:a,postgres,human\n", {}),
            "ssl:x:5:a,human\n");
}

TEST(AccountLines, APasswordSetSinceStays) {
  EXPECT_EQ(without_change("u:!:1\n", "u:!:1\nr:!:2\n", "u:secret:1\nr:!:2\n", {}), "u:secret:1\n");
}

TEST(AccountLines, AddedAreFound) {
  EXPECT_THAT(added_accounts(before, after), ::testing::ElementsAre(AddedAccount{"redis", 101}));
}

TEST(AccountLines, BackupsAreNotAccountFiles) {
  EXPECT_TRUE(is_account_file("/etc/gshadow"));
  EXPECT_FALSE(is_account_file("/etc/gshadow-"));
}

}  // namespace
}  // namespace wright::agent::packages
