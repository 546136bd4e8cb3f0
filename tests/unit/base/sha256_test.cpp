#include "base/sha256.hpp"

#include <gmock/gmock.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

namespace wright {
namespace {

using ::testing::HasSubstr;

// FIPS 180-4 and NIST's examples.
TEST(Sha256, GivesTheKnownDigests) {
  EXPECT_EQ(sha256_hex(""), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  EXPECT_EQ(sha256_hex("abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  EXPECT_EQ(sha256_hex("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq"),
            "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
  EXPECT_EQ(sha256_hex(std::string(1'000'000, 'a')),
            "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
}

// RFC 4231, cases 1, 2 and 6.
TEST(Hmac, GivesTheKnownDigests) {
  EXPECT_EQ(hmac_sha256_hex(std::string(20, '\x0b'), "Hi There"),
            "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7");
  EXPECT_EQ(hmac_sha256_hex("Jefe", "what do ya want for nothing?"),
            "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
  EXPECT_EQ(hmac_sha256_hex(std::string(131, '\xaa'), "Test Using Larger Than Block-Size Key - Hash Key First"),
            "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54");
}

TEST(Sha256OfFile, IsThatOfItsContent) {
  const auto path = std::filesystem::temp_directory_path() / ("wright-sha256-" + std::to_string(::getpid()));
  const std::string content(300'001, 'x');  // more than one read, and no multiple of one
  std::ofstream(path) << content;
  const auto digest = sha256_of_file(path.string());
  std::filesystem::remove(path);
  ASSERT_TRUE(digest) << to_text(digest.error());
  EXPECT_EQ(*digest, sha256_hex(content));
}

TEST(Sha256OfFile, NamesWhatItCannotRead) {
  const auto none = sha256_of_file("/nonexistent/file");
  ASSERT_FALSE(none);
  EXPECT_THAT(to_text(none.error()), HasSubstr("/nonexistent/file"));
  EXPECT_FALSE(sha256_of_file("/tmp"));
}

TEST(RandomHex, HasTheLengthAndIsNeverTheSame) {
  EXPECT_EQ(random_hex(0), "");
  EXPECT_EQ(random_hex(32).size(), 64U);
  EXPECT_EQ(random_hex(1000).find_first_not_of("0123456789abcdef"), std::string::npos);
  EXPECT_NE(random_hex(16), random_hex(16));
}

}  // namespace
}  // namespace wright
