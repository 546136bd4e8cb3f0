#include "agent/packages/record.hpp"

#include <gmock/gmock.h>

#include "agent/packages/guarding.hpp"
#include "agent/packages/packed.hpp"
#include "agent/packages/repacking.hpp"
#include "agent/packages/request.hpp"
#include "model/encoding.hpp"

namespace wright::agent::packages {
namespace {

TEST(Record, ComesBackFromTheJournal) {
  Record record;
  record.status = "a";
  record.tree = "b";
  record.image = "c";
  record.moves.installed["nginx:amd64"] = "1";
  record.moves.upgraded["perl-base:amd64"] = {"1", "2"};
  record.moves.removed["exim4:all"] = "4";
  record.old["exim4:all"] = {"4", "blob"};
  record.names = {"nginx"};
  record.recommended = {"logrotate"};
  record.running = {"ssh"};
  record.temporary = {"apt-dpkg-install-x"};
  record.data = {{"/var/lib/redis", "redis:amd64", "/place"}, {"/srv/x", "", ""}};
  record.given = {{"/var/spool/exim4", "/var/lib/wright/quarantine/t/var/spool/exim4"}};
  record.began_ns = 7;
  record.transaction = "t";
  record.policy = Value::Map{{"type", "absent"}};
  const auto journaled = from_cbor(to_cbor(to_value(record)));
  ASSERT_TRUE(journaled);
  const auto back = record_from(*journaled);
  ASSERT_TRUE(back);
  EXPECT_EQ(to_value(*back), to_value(record));
  EXPECT_EQ(back->data, record.data);
  EXPECT_EQ(back->given, record.given);
  EXPECT_EQ(back->began_ns, 7);
  EXPECT_EQ(back->transaction, "t");
  EXPECT_EQ(back->moves, record.moves);
  EXPECT_EQ(back->old.at("exim4:all").blob, "blob");
}

TEST(Record, OfALaterVersionIsRefused) {
  EXPECT_FALSE(record_from(Value::Map{{"format", 2}}));
  EXPECT_FALSE(record_from(Value()));
}

TEST(Record, OfAnOlderVersionHasPathsOfData) {
  Value value = to_value(Record());
  (*value.as_map())["data"] = Value::List{"/var/lib/redis"};
  const auto back = record_from(value);
  ASSERT_TRUE(back);
  EXPECT_EQ(back->data, (std::vector<Data>{{"/var/lib/redis", "", ""}}));
}

TEST(Left, ComesBackFromTheJournal) {
  const Left back = left_from(to_value(Left{"a", "b", {"ssh"}}));
  EXPECT_EQ(back.tree + back.image, "ab");
  EXPECT_EQ(back.running, std::vector<std::string>{"ssh"});
}

TEST(Left, IsEmptyAfterAnInterruption) { EXPECT_EQ(left_from(Value()).tree, ""); }

TEST(Packed, ComesBackAndDamageIsFound) {
  const std::string bytes = std::string(100000, 'x') + std::string("\0y", 2);
  std::string small = packed(bytes);
  EXPECT_LT(small.size(), bytes.size() / 10);
  EXPECT_EQ(unpacked(small).value_or(""), bytes);
  EXPECT_FALSE(unpacked(small, 1000));
  EXPECT_FALSE(unpacked(small.substr(0, small.size() / 2)));
  EXPECT_FALSE(unpacked("abc"));
  small[0] = static_cast<char>(small[0] + 1);
  EXPECT_FALSE(unpacked(small));
}

TEST(Arguments, SayWhatIsWanted) {
  const auto arguments =
      arguments_for({{"nginx", "1.2", false, false, false, false}, {"exim4", "", true, false, false, false}},
                    {"--simulate"}, {"logrotate"});
  EXPECT_EQ(arguments.front(), "--simulate");
  EXPECT_THAT(arguments, ::testing::Contains("APT::Install-Recommends=0"));
  EXPECT_THAT((std::vector<std::string>(arguments.end() - 4, arguments.end())),
              ::testing::ElementsAre("install", "nginx=1.2", "exim4-", "logrotate"));
}

TEST(Arguments, OneOptionSaysRecommendsWhenAllWantThem) {
  const Wanted with{"nginx", "", false, true, false, false};
  const Wanted without{"redis", "", false, false, false, false};
  const Wanted absent{"exim4", "", true, false, false, false};
  EXPECT_THAT(arguments_for({with, absent}, {}, {}), ::testing::Contains("APT::Install-Recommends=1"));
  EXPECT_THAT(arguments_for({with, without}, {}, {}), ::testing::Contains("APT::Install-Recommends=0"));
  EXPECT_TRUE(is_mixed({with, without}));
  EXPECT_FALSE(is_mixed({with, absent}));
}

TEST(Control, IsWithoutWhatTheHostAdds) {
  const std::string status =
      "Package: other\nStatus: install ok installed\nArchitecture: all\nVersion: 1\n\n"
      "Package: nginx\nStatus: install ok installed\nArchitecture: amd64\nVersion: 1.2\nConffiles:\n /etc/nginx.conf "
      "abc\n"
      "Description: web\n server\n\n";
  const Package nginx{"nginx", "amd64", "1.2", "install", "ok", "installed", {}, {}};
  EXPECT_EQ(control_from(status, nginx),
            "Package: nginx\nArchitecture: amd64\nVersion: 1.2\nDescription: web\n server\n");
  EXPECT_EQ(control_from(status, {"none", "amd64", "1", "", "", "", {}, {}}), "");
}

TEST(DataFolders, AreThoseThatAScriptNames) {
  EXPECT_THAT(
      data_folders_in("rm -rf /var/lib/redis/ \"/var/log/redis\"\nrm -rf /var/lib/$X /var/lib/my* /mnt/var/lib/x\n"),
      ::testing::ElementsAre("/var/lib/redis", "/var/log/redis"));
  EXPECT_THAT(data_folders_in("rm /var/lib/"), ::testing::IsEmpty());
}

TEST(Wanted, NamesThatAreNoneAreAllRefused) {
  const auto checked = check({{"-o", "", false, false, false, false}, {"ok1", "1 2", false, false, false, false}});
  ASSERT_FALSE(checked);
  EXPECT_EQ(checked.error().items().size(), 2U);
}

}  // namespace
}  // namespace wright::agent::packages
