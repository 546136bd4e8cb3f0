#include "site/secrets_file.hpp"

#include <gmock/gmock.h>

#include <array>

#include "site/age.hpp"
#include "unit/site/identity.hpp"

namespace wright {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;

class EncryptedSecrets : public WithIdentity {
 protected:
  void SetUp() override {
    WithIdentity::SetUp();
    ASSERT_TRUE(ensure_identity());
    path_ = in_folder("secrets.age");
  }
  SecretsFile opened() {
    auto file = read_secrets_file(path_);
    EXPECT_TRUE(file) << to_text(file.error());
    return file ? std::move(*file) : SecretsFile();
  }
  void make(const std::string& text) {
    const auto made = create_secrets_file(path_, Secret(text));
    ASSERT_TRUE(made) << to_text(made.error());
  }
  std::vector<std::string> names() {
    std::vector<std::string> out;
    for (const auto& entry : std::filesystem::directory_iterator(folder_)) out.push_back(entry.path().filename());
    std::sort(out.begin(), out.end());
    return out;
  }

  std::string path_;
};

TEST_F(EncryptedSecrets, AreReadBackAndNotInTheFile) {
  make("db = \"hunter2\"\n");
  EXPECT_EQ(opened().values.at("db").reveal(), "hunter2");
  EXPECT_THAT(read("secrets.age"), Not(HasSubstr("hunter2")));
  EXPECT_EQ(mode("secrets.age"), 0600U);
  EXPECT_THAT(names(), ElementsAre("identity.txt", "secrets.age"));
}

TEST_F(EncryptedSecrets, MayBeReadableByAll) {
  make("db = \"hunter2\"\n");
  ASSERT_EQ(::chmod(path_.c_str(), 0664), 0);
  EXPECT_TRUE(opened().encrypted);
}

TEST_F(EncryptedSecrets, AreNotMadeOverAFile) {
  make("db = \"one\"\n");
  const auto again = create_secrets_file(path_, Secret("db = \"two\"\n"));
  ASSERT_FALSE(again);
  EXPECT_THAT(to_text(again.error()), HasSubstr("is there already"));
  EXPECT_EQ(opened().values.at("db").reveal(), "one");
  EXPECT_THAT(names(), ElementsAre("identity.txt", "secrets.age"));
}

TEST_F(EncryptedSecrets, OfTwoChangesTheSecondIsRefused) {
  make("db = \"one\"\n");
  const SecretsFile first = opened();
  const SecretsFile second = opened();
  ASSERT_TRUE(replace_secrets(first, Secret("db = \"two\"\n")));
  const auto late = replace_secrets(second, Secret("db = \"three\"\n"));
  ASSERT_FALSE(late);
  EXPECT_THAT(to_text(late.error()), HasSubstr("was changed by somebody else meanwhile"));
  EXPECT_EQ(opened().values.at("db").reveal(), "two");
  EXPECT_THAT(names(), ElementsAre("identity.txt", "secrets.age"));
}

TEST_F(EncryptedSecrets, AreNotReplacedByWhatIsNoneOrByALink) {
  make("db = \"one\"\n");
  EXPECT_FALSE(replace_secrets(opened(), Secret("db = one\n")));
  EXPECT_FALSE(replace_secrets(opened(), Secret("[db]\npassword = \"one\"\n")));
  EXPECT_EQ(opened().values.at("db").reveal(), "one");
  const SecretsFile before = opened();
  std::filesystem::rename(path_, in_folder("moved"));
  std::filesystem::create_symlink("moved", path_);
  EXPECT_FALSE(replace_secrets(before, Secret("db = \"two\"\n")));
  EXPECT_TRUE(std::filesystem::is_symlink(path_));
}

TEST_F(EncryptedSecrets, InClearTextAreReadAndNeverWritten) {
  write("secrets.age", "db = \"one\"\n");
  const auto refused = replace_secrets(opened(), Secret("db = \"two\"\n"));
  ASSERT_FALSE(refused);
  EXPECT_THAT(to_text(refused.error()), HasSubstr("age --encrypt"));
  EXPECT_EQ(read("secrets.age"), "db = \"one\"\n");
}

TEST_F(EncryptedSecrets, ThatAreNoTomlNeverShowAValue) {
  make("db = hunter2\n");
  const auto file = read_secrets_file(path_);
  ASSERT_FALSE(file);
  EXPECT_THAT(to_text(file.error()), HasSubstr("secrets.age:1:6: error: is not valid TOML"));
  EXPECT_THAT(to_text(file.error()), Not(HasSubstr("hunter2")));
}

std::string changed(const std::string& text, const std::string& name, const std::string& value) {
  SecretsFile file;
  file.path = "secrets.age";
  file.text = Secret(text);
  auto values = secrets_in(file.text, file.path);
  EXPECT_TRUE(values) << to_text(values.error());
  file.values = std::move(*values);
  const auto out = with_secret(file, name, Secret(value));
  return out ? out->reveal() : to_text(out.error());
}

TEST(WithSecret, IsAddedAtTheEnd) {
  EXPECT_EQ(changed("", "a", "1"), "a = \"1\"\n");
  EXPECT_EQ(changed("# mine\nb = \"2\"", "a", "1"), "# mine\nb = \"2\"\na = \"1\"\n");
}

TEST(WithSecret, LeavesAllElseAsItWas) {
  EXPECT_EQ(changed("# first\na = \"1\"  # the \"a\" # one\n\n  b = '#2' # two\n# last\n", "b", "x"),
            "# first\na = \"1\"  # the \"a\" # one\n\nb = \"x\" # two\n# last\n");
  EXPECT_EQ(changed("a = \"x # y\" # why\r\nb = \"2\"\n", "a", "z"), "a = \"z\" # why\r\nb = \"2\"\n");
}

TEST(WithSecret, ReplacesAValueOfSeveralLines) {
  EXPECT_EQ(changed("a = \"\"\"\nb = \"1\"\n# no comment\n\"\"\" # key\nc = '3'\n", "a", "x\ny"),
            "a = \"x\\ny\" # key\nc = '3'\n");
}

TEST(WithSecret, WritesEveryValueBack) {
  for (const std::string value : {"", " ", "\"\"\"", "''", "\\", "${secret.b}", "# x", "line\nline\r\n\ttab",
                                  "\x01\x7f", "gr\xc3\xbc\xc3\x9f", "\xe2\x80\xae reversed", "a = \"b\""}) {
    const auto got = secrets_in(Secret(changed("a = \"1\"\n", "a", value)), "x");
    ASSERT_TRUE(got) << to_text(got.error());
    EXPECT_EQ(got->at("a").reveal(), value);
  }
}

TEST(WithSecret, RefusesWhatIsNoText) {
  const std::string said = changed("a = \"1\"\n", "a", "hunter2\xff\xfe");
  EXPECT_THAT(said, HasSubstr("not valid UTF-8"));
  EXPECT_THAT(said, Not(HasSubstr("hunter2")));
}

TEST(SecretName, IsWhatASiteCanReferTo) {
  for (const std::string good : {"db_password", "A-1", "x"}) EXPECT_TRUE(is_secret_name(good)) << good;
  for (const std::string bad : {"", "-x", "a.b", "a b", "a}", "a}${secret.b", "\xc3\xbc", "a\n"})
    EXPECT_FALSE(is_secret_name(bad)) << bad;
}

TEST(RandomPassword, HasEveryCharacterAboutAsOften) {
  std::array<int, 256> count{};
  constexpr int length = 62 * 1000;
  const Secret password = random_password(length);
  for (const char c : password.reveal()) ++count[static_cast<unsigned char>(c)];
  int kinds = 0;
  for (int c = 0; c < 256; ++c) {
    if (count[static_cast<std::size_t>(c)] == 0) continue;
    ++kinds;
    EXPECT_TRUE(std::isalnum(c)) << c;
    // Six standard deviations; a plain remainder makes eight characters a quarter more frequent.
    EXPECT_NEAR(count[static_cast<std::size_t>(c)], 1000, 190) << c;
  }
  EXPECT_EQ(kinds, 62);
}

TEST(RandomPassword, IsAnotherEachTime) {
  EXPECT_EQ(random_password(32).reveal().size(), 32U);
  EXPECT_FALSE(random_password(32) == random_password(32));
}

}  // namespace
}  // namespace wright
