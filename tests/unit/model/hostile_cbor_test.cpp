#include <gmock/gmock.h>

#include "model/encoding.hpp"
#include "unit/model/examples.hpp"

namespace wright {
namespace {

using namespace std::string_literals;
using ::testing::HasSubstr;

std::string refusal(std::string_view bytes, DecodeLimits limits = {}) {
  const auto value = from_cbor(bytes, limits);
  return value ? "accepted" : to_text(value.error());
}

TEST(HostileCbor, IsRefusedWhereverACatalogIsCutOff) {
  const std::string whole = to_cbor(to_value(examples::catalog()));
  ASSERT_TRUE(from_cbor(whole));
  for (std::size_t length = 0; length < whole.size(); ++length)
    ASSERT_THAT(refusal(std::string_view(whole).substr(0, length)), HasSubstr("is not valid CBOR")) << length;
}

TEST(HostileCbor, NeverMakesACatalogCrashWhateverByteIsOff) {
  const std::string whole = to_cbor(to_value(examples::catalog()));
  std::size_t refused = 0;
  for (std::size_t at = 0; at < whole.size(); ++at)
    for (const unsigned flip : {0x01U, 0x20U, 0x80U, 0xFFU}) {
      std::string bytes = whole;
      bytes[at] = static_cast<char>(static_cast<unsigned char>(bytes[at]) ^ flip);
      const auto value = from_cbor(bytes);
      if (!value || !catalog_from(*value)) ++refused;
    }
  EXPECT_GT(refused, whole.size());
}

TEST(HostileCbor, TrailingBytesAreRefused) {
  EXPECT_THAT(refusal("\x01\x01"), HasSubstr("is not valid CBOR"));
  EXPECT_THAT(refusal(to_cbor(to_value(examples::catalog())) + '\0'), HasSubstr("is not valid CBOR"));
}

TEST(HostileCbor, DepthBombsAreRefused) {
  constexpr std::size_t many = 1'000'000;
  EXPECT_THAT(refusal(std::string(many, '\x81')), HasSubstr("nested deeper than 64 levels"));
  EXPECT_THAT(refusal(std::string(many, '\x9f')), HasSubstr("nested deeper than 64 levels"));
  std::string maps;
  for (std::size_t i = 0; i < many; ++i) maps += "\xa1\x60";
  EXPECT_THAT(refusal(maps), HasSubstr("nested deeper than 64 levels"));
  EXPECT_THAT(refusal(std::string(many, '\xc1')), HasSubstr("is not valid CBOR"));  // tags inside tags
}

TEST(HostileCbor, ClaimedLengthsTakeNoMemory) {
  for (const char* start : {"\x5b", "\x7b", "\x9b", "\xbb"})
    for (const char* length :
         {"\x7f\xff\xff\xff\xff\xff\xff\xff", "\xff\xff\xff\xff\xff\xff\xff\xff", "\x00\x00\x7f\xff\xff\xff\xff\xff"})
      EXPECT_THAT(refusal(start + std::string(length, 8) + "abc"), HasSubstr("is not valid CBOR"));
}

TEST(HostileCbor, DuplicateKeysAreRefused) {
  EXPECT_THAT(refusal("\xa2\x61\x61\x01\x61\x61\x02"), HasSubstr("the key \"a\" stands twice"));
}

TEST(HostileCbor, KeysThatAreNoTextsAreRefused) {
  EXPECT_THAT(refusal("\xa1\x01\x01"), HasSubstr("is not valid CBOR"));
  EXPECT_THAT(refusal("\xa1\x41\x61\x01"), HasSubstr("is not valid CBOR"));
  EXPECT_THAT(refusal("\xa1\xf6\x01"), HasSubstr("is not valid CBOR"));
}

TEST(HostileCbor, WhatHasNoValueHereIsRefused) {
  EXPECT_THAT(refusal("\x1b\xff\xff\xff\xff\xff\xff\xff\xff"), HasSubstr("larger than 2^63-1"));
  EXPECT_THAT(refusal("\xc0\x61\x61"), HasSubstr("is not valid CBOR"));  // a tag
  EXPECT_THAT(refusal("\xf7"), HasSubstr("is not valid CBOR"));          // undefined
  EXPECT_THAT(refusal("\xff"), HasSubstr("is not valid CBOR"));          // a break outside
  EXPECT_THAT(refusal(""), HasSubstr("is not valid CBOR"));
}

TEST(HostileCbor, NegativeIntegersDoNotWrapAround) {
  EXPECT_THAT(refusal("\x3b\xff\xff\xff\xff\xff\xff\xff\xff"), HasSubstr("smaller than -2^63"));
  EXPECT_THAT(refusal("\x3b\x80\0\0\0\0\0\0\0"s), HasSubstr("smaller than -2^63"));
}

TEST(HostileCbor, TooManyValuesAreRefused) {
  EXPECT_THAT(refusal("\x84\x01\x02\x03\x04", {.bytes = 100, .depth = 64, .values = 4}),
              HasSubstr("more than 4 values"));
  EXPECT_TRUE(from_cbor("\x83\x01\x02\x03", {.bytes = 100, .depth = 64, .values = 4}));
  EXPECT_THAT(refusal("\x9a\x00\x50\x00\x00"s + std::string(0x500000, '\x80')), HasSubstr("values"));
}

TEST(HostileCbor, TooManyBytesAreRefusedUnread) {
  EXPECT_THAT(refusal("\x82\x01\x02", {.bytes = 2, .depth = 64}), HasSubstr("larger than 2 bytes"));
}

}  // namespace
}  // namespace wright
