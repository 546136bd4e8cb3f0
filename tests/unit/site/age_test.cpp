#include "site/age.hpp"

#include <gmock/gmock.h>

#include "unit/site/identity.hpp"

namespace wright {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;

class Age : public WithIdentity {
 protected:
  std::string made() {
    const auto key = ensure_identity();
    EXPECT_TRUE(key) << to_text(key.error());
    return key ? *key : "";
  }
  std::string sealed(const std::string& text) {
    const auto out = encrypt(Secret(text), in_folder("secrets.recipients"));
    EXPECT_TRUE(out) << to_text(out.error());
    return out ? *out : "";
  }
  std::string refusal(const std::string& bytes) {
    const auto text = decrypt(bytes, in_folder("secrets.age"));
    EXPECT_FALSE(text);
    return text ? "" : to_text(text.error());
  }
  std::string not_encrypted() {
    const auto out = encrypt(Secret("x"), in_folder("secrets.recipients"));
    EXPECT_FALSE(out);
    return out ? "" : to_text(out.error());
  }
};

TEST_F(Age, OpensWhatItClosed) {
  made();
  // More than a pipe holds, and bytes that are no text.
  std::string text(200000, 'x');
  text += std::string("\0\xff\r\n", 4);
  const std::string closed = sealed(text);
  EXPECT_TRUE(is_age_encrypted(closed));
  EXPECT_THAT(closed, Not(HasSubstr("xxxxxxxx")));
  const auto again = decrypt(closed, "secrets.age");
  ASSERT_TRUE(again) << to_text(again.error());
  EXPECT_TRUE(again->reveal() == text);
}

TEST_F(Age, KnowsBothForms) {
  EXPECT_TRUE(is_age_encrypted("age-encryption.org/v1\n-> X25519 abc\n"));
  EXPECT_TRUE(is_age_encrypted("-----BEGIN AGE ENCRYPTED FILE-----\nYWdl"));
  EXPECT_FALSE(is_age_encrypted("age = \"age-encryption.org/v1\"\n"));
  EXPECT_FALSE(is_age_encrypted(""));
}

TEST_F(Age, MakesAPrivateIdentityOnce) {
  use_identity("deep/down/identity.txt");
  EXPECT_THAT(made(), StartsWith("age1"));
  EXPECT_EQ(mode("deep/down/identity.txt"), 0600U);
  EXPECT_EQ(mode("deep"), 0700U);
  EXPECT_EQ(mode("deep/down"), 0700U);
  const std::string first = read("deep/down/identity.txt");
  EXPECT_EQ(made(), "");
  EXPECT_EQ(read("deep/down/identity.txt"), first);
}

TEST_F(Age, LooksForTheIdentityWhereTheDesktopKeepsConfiguration) {
  ::unsetenv("WRIGHT_IDENTITY");
  ::setenv("XDG_CONFIG_HOME", "/somewhere", 1);
  EXPECT_EQ(identity_path(), "/somewhere/wright/identity.txt");
  ::setenv("XDG_CONFIG_HOME", "relative", 1);
  ::setenv("HOME", "/home/eve", 1);
  EXPECT_EQ(identity_path(), "/home/eve/.config/wright/identity.txt");
  ::unsetenv("XDG_CONFIG_HOME");
}

TEST_F(Age, SaysWhichIdentityItLookedFor) {
  EXPECT_THAT(refusal("age-encryption.org/v1\n"),
              StartsWith(in_folder("identity.txt") + ": error: there is no identity"));
  EXPECT_THAT(refusal("age-encryption.org/v1\n"), HasSubstr("WRIGHT_IDENTITY"));
}

TEST_F(Age, RefusesAnIdentityThatOthersCanRead) {
  made();
  const std::string closed = sealed("x");
  ASSERT_EQ(::chmod(in_folder("identity.txt").c_str(), 0640), 0);
  EXPECT_THAT(refusal(closed), HasSubstr("next: chmod 600 " + in_folder("identity.txt")));
}

TEST_F(Age, SaysThatAnotherIdentityIsNeeded) {
  made();
  const std::string closed = sealed("hunter2");
  use_identity("other.txt");
  made();
  EXPECT_THAT(refusal(closed), HasSubstr("secrets.age: error: is not encrypted to the identity in"));
  EXPECT_THAT(refusal(closed), HasSubstr("wright secrets rekey"));
}

TEST_F(Age, NeverQuotesABrokenIdentity) {
  made();
  const std::string closed = sealed("x");
  for (const std::string text : {"hunter2\n", "AGE-SECRET-KEY-1HUNTER2HUNTER2\n", "", "# only words\n"}) {
    write("identity.txt", text);
    EXPECT_THAT(refusal(closed), HasSubstr("identity.txt: error: holds no identity that age can read")) << text;
    EXPECT_THAT(refusal(closed), Not(::testing::ContainsRegex("[hH][uU][nN][tT][eE][rR]")));
  }
}

TEST_F(Age, SaysThatAFileIsBroken) {
  made();
  const std::string closed = sealed(std::string(3000, 'x'));
  std::string flipped = closed;
  flipped[closed.size() / 2] = flipped[closed.size() / 2] == 'A' ? 'B' : 'A';
  for (const std::string& broken : {closed.substr(0, closed.size() / 2), closed.substr(0, 50), flipped})
    EXPECT_THAT(refusal(broken), HasSubstr("secrets.age: error: is broken")) << broken.size();
}

TEST_F(Age, EncryptsToEachRecipient) {
  const std::string mine = made();
  use_identity("colleague.txt");
  const std::string theirs = made();
  write("secrets.recipients", "# the team\n" + mine + "\n" + theirs + "\n");
  const std::string closed = sealed("together");
  for (const std::string name : {"identity.txt", "colleague.txt"}) {
    use_identity(name);
    const auto text = decrypt(closed, "secrets.age");
    ASSERT_TRUE(text) << name << to_text(text.error());
    EXPECT_EQ(text->reveal(), "together");
  }
}

TEST_F(Age, RefusesRecipientsThatLeaveTheCallerOut) {
  made();
  use_identity("colleague.txt");
  write("secrets.recipients", made() + "\n");
  use_identity("identity.txt");
  EXPECT_THAT(not_encrypted(),
              HasSubstr("secrets.recipients: error: what is encrypted to these recipients could not be"));
}

TEST_F(Age, RefusesRecipientsThatAreNone) {
  made();
  for (const std::string text : {"", "age1nonsense\n"}) {
    write("secrets.recipients", text);
    EXPECT_THAT(not_encrypted(), HasSubstr("secrets.recipients: error: age cannot encrypt to these recipients"))
        << text;
  }
}

TEST_F(Age, SaysWhatToInstall) {
  made();
  const std::string closed = sealed("x");
  const std::string path = std::getenv("PATH");
  ::setenv("PATH", folder_.c_str(), 1);
  const std::string said = refusal(closed);
  ::setenv("PATH", path.c_str(), 1);
  EXPECT_THAT(said, HasSubstr("\"age\" is not installed\n    next: apt-get install age"));
}

}  // namespace
}  // namespace wright
