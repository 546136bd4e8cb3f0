#include "base/nearest.hpp"

#include <gtest/gtest.h>

namespace wright {
namespace {

TEST(Nearest, FindsTypingErrors) {
  const std::vector<std::string> known{"address", "port", "user", "groups"};
  EXPECT_EQ(nearest("adress", known), "address");    // left out
  EXPECT_EQ(nearest("addresss", known), "address");  // doubled
  EXPECT_EQ(nearest("prot", known), "port");         // swapped
  EXPECT_EQ(nearest("oprt", known), "port");
  EXPECT_EQ(nearest("useR", known), "user");
  EXPECT_EQ(nearest("group", known), "groups");
  EXPECT_EQ(nearest("port", known), "port");
}

TEST(Nearest, DoesNotGuessWildly) {
  const std::vector<std::string> known{"address", "port"};
  EXPECT_EQ(nearest("key", known), std::nullopt);
  EXPECT_EQ(nearest("", known), std::nullopt);
  EXPECT_EQ(nearest("xx", known), std::nullopt);
  EXPECT_EQ(nearest("port", {}), std::nullopt);
  EXPECT_EQ(nearest(std::string(100'000, 'a'), known), std::nullopt);
}

TEST(Nearest, TakesTheClosest) {
  EXPECT_EQ(nearest("hosts", {"hoists", "host", "hosts"}), "hosts");
  EXPECT_EQ(nearest("memcache", {"nginx", "memcached"}), "memcached");
}

TEST(Suggestion, NamesOneOrAll) {
  EXPECT_EQ(suggestion("prot", {"port", "user"}), "did you mean \"port\"?");
  EXPECT_EQ(suggestion("zzz", {"port", "user"}), "known: port, user");
  EXPECT_EQ(suggestion("zzz", {}), "");
}

TEST(Suggestion, EndsSomewhere) {
  const std::vector<std::string> known(1000, "abcdef");
  EXPECT_LT(suggestion("zzz", known).size(), 300U);
  EXPECT_TRUE(suggestion("zzz", known).ends_with("..."));
}

}  // namespace
}  // namespace wright
