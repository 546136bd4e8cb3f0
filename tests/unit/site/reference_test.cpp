#include "site/reference.hpp"

#include <gmock/gmock.h>

namespace wright {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;
using Kind = Reference::Kind;

TEST(ReferencesIn, AreOfFourKinds) {
  const auto found =
      references_in("a ${secret.db_password}${host.memory.total_bytes} ${hosts.web.address}/${postgresql.shop.url}");
  ASSERT_TRUE(found);
  ASSERT_EQ(found->size(), 4U);
  EXPECT_EQ((*found)[0].kind, Kind::secret);
  EXPECT_EQ((*found)[0].path, "db_password");
  EXPECT_EQ((*found)[0].text, "${secret.db_password}");
  EXPECT_EQ((*found)[1].kind, Kind::host_fact);
  EXPECT_EQ((*found)[1].path, "memory.total_bytes");
  EXPECT_EQ((*found)[2].kind, Kind::other_host_fact);
  EXPECT_EQ((*found)[2].owner, "web");
  EXPECT_EQ((*found)[2].path, "address");
  EXPECT_EQ((*found)[3].kind, Kind::component_export);
  EXPECT_EQ((*found)[3].owner, "postgresql");
  EXPECT_EQ((*found)[3].path, "shop.url");
}

TEST(ReferencesIn, FactsMayNamePackages) {
  EXPECT_EQ(references_in("${host.apt.candidate:g++-12}")->at(0).path, "apt.candidate:g++-12");
}

TEST(ReferencesIn, DollarsWithoutABraceAreText) {
  for (const char* text : {"", "$", "$$", "$x", "a$", "{x}", "$ {host.address}", "}"})
    EXPECT_THAT(*references_in(text), IsEmpty()) << text;
}

TEST(ReferencesIn, TwoDollarsEscape) {
  EXPECT_THAT(*references_in("$${host.address}"), IsEmpty());
  EXPECT_THAT(*references_in("$$${host.address}"), IsEmpty());
  EXPECT_EQ(references_in("$${${host.address}")->size(), 1U);
}

TEST(ReferencesIn, SayWhyOneIsBad) {
  const std::pair<const char*, const char*> cases[] = {
      {"${", "it is not closed"},
      {"${host.address", "it is not closed"},
      {"${}", "it is empty"},
      {"${host}", "it names nothing of \"host\""},
      {"${postgresql}", "it names nothing of \"postgresql\""},
      {"${hosts.web}", "it names no fact of \"web\""},
      {"${.a}", "only letters"},
      {"${a.}", "only letters"},
      {"${a..b}", "only letters"},
      {"${a b.c}", "only letters"},
      {"${a.${b.c}}", "only letters"},
      {"${secret.a.b}", "a secret's name"},
      {"${secret.-a}", "a secret's name"},
      {"${secret.a:b}", "a secret's name"},
      {"${a.b\n}", "only letters"},
  };
  for (const auto& [text, why] : cases) {
    const auto found = references_in(text);
    ASSERT_FALSE(found) << text;
    EXPECT_THAT(found.error().items()[0].what, HasSubstr(why)) << text;
    EXPECT_THAT(found.error().items()[0].next, HasSubstr("$${ stands for a plain ${"));
  }
}

TEST(ReferencesIn, TellsEachBadOneOfAText) { EXPECT_EQ(references_in("${} ${a} ${ok.x}").error().items().size(), 2U); }

}  // namespace
}  // namespace wright
