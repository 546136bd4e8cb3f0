#include "base/name.hpp"

#include <gtest/gtest.h>

#include <string>

namespace wright {
namespace {

TEST(IsSafeName, TakesAddressesAndUsers) {
  for (const char* name : {"a", "192.0.2.1", "fe80::1", "::1", "web-1.example.org", "www_data", "_apt", ".", "A9"})
    EXPECT_TRUE(is_safe_name(name)) << name;
  EXPECT_TRUE(is_safe_name(std::string(255, 'a')));
}

TEST(IsSafeName, TakesNoOptionAndNothingAShellReads) {
  for (const char* name : {"", "-oProxyCommand=x", "-", "a b", "$(id)", "a;b", "a/b", "a\\b", "fe80::1%eth0", "a\n",
                           "a\tb", "user@host", "ключ", "'a'", "*", "[::1]", "a=b", "a,b", "~root"})
    EXPECT_FALSE(is_safe_name(name)) << name;
  EXPECT_FALSE(is_safe_name(std::string(256, 'a')));
  EXPECT_FALSE(is_safe_name(std::string_view("a\0b", 3)));
}

TEST(IsSafeName, JudgesEveryByte) {
  const std::string others = "._:-";
  for (int byte = 0; byte < 256; ++byte) {
    const char c = static_cast<char>(byte);
    const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
    EXPECT_EQ(is_safe_name(std::string("a") + c), plain || others.find(c) != std::string::npos) << byte;
  }
}

TEST(IsLabel, IsSmallAndPlain) {
  for (const char* name : {"a", "nginx", "web-1", "9lives", "a_b", "crafter01"}) EXPECT_TRUE(is_label(name)) << name;
  for (const char* name : {"", "-a", "_a", "A", "aB", "a.b", "a b", "a/b", "../a", "a:b", "é"})
    EXPECT_FALSE(is_label(name)) << name;
  EXPECT_TRUE(is_label(std::string(64, 'a')));
  EXPECT_FALSE(is_label(std::string(65, 'a')));
}

}  // namespace
}  // namespace wright
