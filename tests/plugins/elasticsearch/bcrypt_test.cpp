#include "bcrypt.hpp"

#include <crypt.h>
#include <gtest/gtest.h>

namespace elasticsearch {
namespace {

const wright::Secret thought_of("correct horse battery staple, and so on and so on");
const wright::Secret made("fT6vGk0bQ2xYwR9nLmZ4sCe7uJ1dHa8pVo3iXq5tBzKyEr6WgN");

bool is_hash_of(const std::string& hash, const std::string& password) {
  crypt_data data{};
  const char* again = ::crypt_r(password.c_str(), hash.c_str(), &data);
  return again != nullptr && hash == again;
}

TEST(Bcrypt, IsWhatLibcryptTakesForThePassword) {
  const std::string hash = bcrypt("a salt", thought_of);
  EXPECT_EQ(hash.size(), 60U);
  EXPECT_TRUE(hash.starts_with("$2y$10$")) << hash;
  EXPECT_TRUE(is_hash_of(hash, thought_of.reveal()));
  EXPECT_FALSE(is_hash_of(hash, thought_of.reveal() + "x"));
}

TEST(Bcrypt, IsQuickOnlyForWhatNobodyThoughtOf) {
  EXPECT_TRUE(bcrypt("a salt", made).starts_with("$2y$04$"));
  EXPECT_TRUE(is_hash_of(bcrypt("a salt", made), made.reveal()));
  EXPECT_FALSE(is_beyond_trying(thought_of));
  EXPECT_FALSE(is_beyond_trying(wright::Secret(made.reveal().substr(0, 39))));
  EXPECT_FALSE(is_beyond_trying(wright::Secret(std::string(60, 'a'))));
}

TEST(Bcrypt, IsTheSameForTheSameSaltOnly) {
  const wright::Secret password("a password");
  EXPECT_EQ(bcrypt("one", password), bcrypt("one", password));
  EXPECT_NE(bcrypt("one", password), bcrypt("two", password));
}

TEST(Bcrypt, TakesNoNoticeOfWhatIsLongerThanItSays) {
  const std::string longest(longest_bcrypt_password, 'a');
  EXPECT_EQ(bcrypt("a salt", wright::Secret(longest)), bcrypt("a salt", wright::Secret(longest + "b")));
  EXPECT_NE(bcrypt("a salt", wright::Secret(longest)), bcrypt("a salt", wright::Secret(longest.substr(1))));
}

}  // namespace
}  // namespace elasticsearch
