#include "agent/resources/scram.hpp"

#include <gtest/gtest.h>

#include "agent/probes/base64.hpp"

namespace wright::agent {
namespace {

// The exchange of RFC 7677, section 3, as PostgreSQL keeps it.
const std::string rfc7677 =
    "SCRAM-SHA-256$4096:W22ZaJ0SNY7soEsUEjb6gQ==$WG5d8oPm3OtcPnkdi4Uo7BkeZkBFzpcXkuLmtbsT4qY=:"
    "wfPLwcE6nTWhTAmQ7tl2KeoiWGPlZqQxSrmfPwDl2dU=";

TEST(Scram, VerifierIsTheOneOfTheStandardsExample) {
  EXPECT_EQ(scram_verifier("pencil", from_base64("W22ZaJ0SNY7soEsUEjb6gQ==")), rfc7677);
}

TEST(Scram, OnlyTheRightPasswordMatches) {
  EXPECT_TRUE(is_scram_verifier_of(rfc7677, "pencil"));
  EXPECT_FALSE(is_scram_verifier_of(rfc7677, "Pencil"));
  EXPECT_FALSE(is_scram_verifier_of(rfc7677, ""));
}

TEST(Scram, WhatIsNoVerifierMatchesNothing) {
  for (const char* text :
       {"", "md5aabbccddeeff", "SCRAM-SHA-256$", "SCRAM-SHA-256$4096",
        "SCRAM-SHA-256$4096:", "SCRAM-SHA-256$0:YQ==$a:b", "SCRAM-SHA-256$-1:YQ==$a:b",
        "SCRAM-SHA-256$99999999999:YQ==$a:b", "SCRAM-SHA-256$2000000:YQ==$a:b", "SCRAM-SHA-256$4096:***$a:b"})
    EXPECT_FALSE(is_scram_verifier_of(text, "pencil")) << text;
}

TEST(Base64, GoesThereAndBack) {
  for (const auto& bytes : {std::string("a"), std::string("ab"), std::string("abc"), std::string("\0\xff", 2)})
    EXPECT_EQ(from_base64(to_base64(bytes)), bytes);
  EXPECT_EQ(to_base64("any carnal pleas"), "YW55IGNhcm5hbCBwbGVhcw==");
  EXPECT_EQ(from_base64("abc"), "");
  EXPECT_EQ(from_base64("!!!!"), "");
}

}  // namespace
}  // namespace wright::agent
