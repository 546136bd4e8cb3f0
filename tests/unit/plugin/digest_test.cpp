#include <gtest/gtest.h>

#include <wright/digest.hpp>
#include <wright/json.hpp>
#include <wright/url.hpp>

namespace wright {
namespace {

TEST(Digest, Sha256IsThatOfTheStandard) {
  EXPECT_EQ(hex(sha256("")), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  EXPECT_EQ(hex(sha256("abc")), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  EXPECT_EQ(hex(sha256("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq")),
            "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
  EXPECT_EQ(hex(sha256(std::string(1000000, 'a'))), "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
}

TEST(Digest, Sha256PadsEveryLength) {
  // 55, 56 and 64 bytes are where the padding takes another block.
  EXPECT_EQ(hex(sha256(std::string(55, 'a'))), "9f4390f8d30c2dd92ec9f095b65e2b9ae9b0a925a5258e241c9f1e910f734318");
  EXPECT_EQ(hex(sha256(std::string(56, 'a'))), "b35439a4ac6f0948b6d6f9e3c6af0f5f590ce20f1bde7090ef7970686ec6738a");
  EXPECT_EQ(hex(sha256(std::string(64, 'a'))), "ffe054fe7ae0cb6dc65c3af9b61d5209f439851db43d0ba5997337df154668eb");
}

TEST(Digest, HmacIsThatOfRfc4231) {
  EXPECT_EQ(hex(hmac_sha256("Jefe", "what do ya want for nothing?")),
            "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
  EXPECT_EQ(hex(hmac_sha256(std::string(131, '\xaa'), "Test Using Larger Than Block-Size Key - Hash Key First")),
            "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54");
}

TEST(Digest, Base64IsThatOfRfc4648) {
  for (const auto& [plain, coded] : {std::pair{"", ""},
                                     {"f", "Zg=="},
                                     {"fo", "Zm8="},
                                     {"foo", "Zm9v"},
                                     {"foob", "Zm9vYg=="},
                                     {"fooba", "Zm9vYmE="},
                                     {"foobar", "Zm9vYmFy"}})
    EXPECT_EQ(base64(plain), coded);
  EXPECT_EQ(base64("\xff\xfe\xfd"), "//79");
}

TEST(Quoting, JsonStringsHoldWhateverIsInThem) {
  EXPECT_EQ(json_quoted("a\"b\\c\nd\x01/\xc3\xbc"), "\"a\\\"b\\\\c\\u000ad\\u0001/\xc3\xbc\"");
  EXPECT_EQ(json_list({}), "[]");
  EXPECT_EQ(json_list({"a", "b\""}), R"(["a","b\""])");
}

TEST(Quoting, PartsOfUrlsHoldWhateverIsInThem) {
  EXPECT_EQ(url_quoted("aZ0-._~"), "aZ0-._~");
  EXPECT_EQ(url_quoted("a/b c@d:%\xc3\xbc"), "a%2Fb%20c%40d%3A%25%C3%BC");
}

}  // namespace
}  // namespace wright
