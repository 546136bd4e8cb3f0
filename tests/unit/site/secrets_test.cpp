#include "site/secrets.hpp"

#include <gmock/gmock.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

namespace wright {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

class LoadSecrets : public ::testing::Test {
 protected:
  void SetUp() override {
    std::string pattern = (std::filesystem::temp_directory_path() / "wright-secrets-XXXXXX").string();
    ASSERT_NE(::mkdtemp(pattern.data()), nullptr);
    folder_ = pattern;
  }
  void TearDown() override { std::filesystem::remove_all(folder_); }

  void write(const std::string& text, mode_t mode = 0600) {
    std::ofstream(folder_ / "secrets.toml") << text;
    ASSERT_EQ(::chmod((folder_ / "secrets.toml").c_str(), mode), 0);
  }
  Result<std::map<std::string, Secret>> load() {
    Diagnostics warnings;
    auto site = parse_site(
        "[site]\nname = \"shop\"\nsecrets = \"secrets.toml\"\n[hosts.web]\naddress = \"a\"\n"
        "[components.x]\nusers = [{ password = \"${secret.db}\" }]\nkey = \"${secret.api}\"\n",
        (folder_ / "site.toml").string(), {}, warnings);
    EXPECT_TRUE(site);
    return load_secrets(*site);
  }
  std::string refusal() {
    const auto secrets = load();
    EXPECT_FALSE(secrets);
    return secrets ? "" : to_text(secrets.error());
  }

  std::filesystem::path folder_;
};

TEST_F(LoadSecrets, ReadsEachByItsName) {
  write("db = \"one\"\napi = 'two'\nunused = \"three\"\n");
  const auto secrets = load();
  ASSERT_TRUE(secrets) << to_text(secrets.error());
  EXPECT_EQ(secrets->at("db").reveal(), "one");
  EXPECT_EQ(secrets->at("api").reveal(), "two");
}

TEST_F(LoadSecrets, AreNoneWhenTheSiteNamesNoFile) {
  const auto secrets = load_secrets(Site());
  ASSERT_TRUE(secrets);
  EXPECT_THAT(*secrets, IsEmpty());
}

TEST_F(LoadSecrets, NamesAMissingOneAtThePlaceThatUsesIt) {
  write("api = \"hunter2\"\n");
  EXPECT_EQ(refusal(), folder_.string() +
                           "/site.toml:7:12: error: the secret \"db\" has no value\n    next: add it to " +
                           folder_.string() + "/secrets.toml");
}

TEST_F(LoadSecrets, RefusesWhatOthersCanRead) {
  for (const mode_t mode : {0640U, 0604U, 0620U, 0602U, 0666U}) {
    write("db = \"one\"\napi = \"two\"\n", mode);
    EXPECT_THAT(refusal(), HasSubstr("others than its owner can read or write")) << std::oct << mode;
  }
}

TEST_F(LoadSecrets, RefusesALinkAndAFolder) {
  std::filesystem::create_symlink("/etc/hostname", folder_ / "secrets.toml");
  EXPECT_THAT(refusal(), HasSubstr("is a symbolic link"));
  std::filesystem::remove(folder_ / "secrets.toml");
  std::filesystem::create_directory(folder_ / "secrets.toml");
  EXPECT_THAT(refusal(), HasSubstr("is a folder"));
}

TEST_F(LoadSecrets, SaysWhenThereIsNoFile) {
  EXPECT_THAT(refusal(),
              HasSubstr("secrets.toml: error: the file with the secrets is not there\n    next: wright secrets init"));
}

TEST_F(LoadSecrets, NeverShowsAValue) {
  write("db = \"hunter2\"\napi = hunter2\n");
  EXPECT_THAT(refusal(), HasSubstr("secrets.toml:2:7: error: is not valid TOML"));
  EXPECT_THAT(refusal(), Not(HasSubstr("hunter2")));
  write("db = [\"hunter2\"]\napi = 2222\n");
  EXPECT_THAT(refusal(), HasSubstr("secrets.toml:1:1: error: the secret \"db\" must be a string, not a list"));
  EXPECT_THAT(refusal(), HasSubstr("secrets.toml:2:1: error: the secret \"api\" must be a string, not an integer"));
  EXPECT_THAT(refusal(), Not(::testing::AnyOf(HasSubstr("hunter2"), HasSubstr("2222"))));
}

TEST_F(LoadSecrets, ReadsNoFileThatTheSiteHasNoUseFor) {
  Site site;
  site.secrets = (folder_ / "secrets.toml").string();
  const auto secrets = load_secrets(site);
  ASSERT_TRUE(secrets) << to_text(secrets.error());
  EXPECT_THAT(*secrets, IsEmpty());
}

}  // namespace
}  // namespace wright
