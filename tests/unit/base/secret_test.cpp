#include "base/secret.hpp"

#include <gtest/gtest.h>

#include <concepts>
#include <cstring>
#include <memory>
#include <ostream>
#include <string>

namespace wright {
namespace {

template <class T>
concept Streamable = requires(std::ostream& out, const T& value) {
  out << value;
};

static_assert(Streamable<std::string>, "the concept itself works");
static_assert(!Streamable<Secret>, "a secret must not be printable");
static_assert(!std::convertible_to<Secret, std::string>, "nor become text by itself");
static_assert(!std::convertible_to<Secret, std::string_view>);
static_assert(!std::convertible_to<std::string, Secret>, "and text no secret");

TEST(Secret, ComparesByContent) {
  EXPECT_TRUE(Secret("a") == Secret("a"));
  EXPECT_FALSE(Secret("a") == Secret("b"));
  EXPECT_FALSE(Secret("a") == Secret("ab"));
  EXPECT_TRUE(Secret() == Secret(""));
}

TEST(Secret, CopiesAndMoves) {
  const std::string text(100, 'x');
  Secret one{text};
  Secret two = one;
  EXPECT_EQ(two.reveal(), text);
  Secret three = std::move(one);
  EXPECT_EQ(three.reveal(), text);
  two = Secret("other");
  EXPECT_EQ(two.reveal(), "other");
  two = three;
  EXPECT_EQ(two.reveal(), text);
  const Secret& same = two;
  two = same;
  EXPECT_EQ(two.reveal(), text);
}

/// What is left in the storage of a Secret, as text.
std::string remains(const unsigned char* storage) { return {reinterpret_cast<const char*>(storage), sizeof(Secret)}; }

TEST(Secret, WipesAShortTextThatLivesInTheObject) {
  alignas(Secret) unsigned char storage[sizeof(Secret)] = {};
  Secret* secret = new (storage) Secret("hunter2hunter2");
  ASSERT_NE(remains(storage).find("hunter2"), std::string::npos) << "short texts lie elsewhere; this test sees nothing";
  std::destroy_at(secret);
  EXPECT_EQ(remains(storage).find("hunter2"), std::string::npos);
}

TEST(Secret, LeavesNothingBehindWhereItWasMovedFrom) {
  alignas(Secret) unsigned char storage[sizeof(Secret)] = {};
  Secret* secret = new (storage) Secret("hunter2hunter2");
  const Secret moved = std::move(*secret);
  EXPECT_EQ(moved.reveal(), "hunter2hunter2");
  std::destroy_at(secret);
  EXPECT_EQ(remains(storage).find("unter2"), std::string::npos);
}

}  // namespace
}  // namespace wright
