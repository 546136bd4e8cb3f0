#include "transport/pins.hpp"

#include <gmock/gmock.h>
#include <sys/stat.h>

#include <filesystem>
#include <fstream>
#include <future>

namespace wright {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;

// 32 bytes of 1 and of 2.
const std::string one_key = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIAEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEB";
const std::string other_key = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIAICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgIC";

class PinFile : public testing::Test {
 protected:
  PinFile() {
    folder_ = fs::temp_directory_path() / ("pins." + std::to_string(::getpid()));
    fs::create_directories(folder_);
    target_.name = "web1";
    target_.address = "Web1.example.org";
    target_.known_hosts = folder_ / "known_hosts";
  }
  ~PinFile() override { fs::remove_all(folder_); }

  void write(const std::string& text) const { std::ofstream(target_.known_hosts) << text; }
  [[nodiscard]] std::string text() const {
    std::ifstream file(target_.known_hosts);
    return {std::istreambuf_iterator<char>(file), {}};
  }
  [[nodiscard]] std::size_t known() const { return read_pins(target_)->keys.size(); }
  void pin(const std::string& key) const {
    const auto pinned = pin_host_key(target_, HostKey{"ssh-ed25519", "SHA256:x", pin_name(target_) + " " + key, {}});
    ASSERT_TRUE(pinned) << to_text(pinned.error());
  }

  fs::path folder_;
  Target target_;
};

TEST_F(PinFile, NoFileIsNoPins) { EXPECT_EQ(known(), 0U); }

TEST_F(PinFile, OneThatCannotBeReadIsNotTakenForNone) {
  fs::create_directory(target_.known_hosts);
  EXPECT_FALSE(read_pins(target_));
}

TEST_F(PinFile, NamesFitAsInOpenSsh) {
  for (const char* hosts : {"web1.example.org", "WEB1.example.org", "a,web1.example.org", "*.example.org",
                            "web?.example.org", "[web1.example.org]:22"}) {
    write(std::string(hosts) + " " + one_key + " comment\n");
    EXPECT_EQ(known(), 1U) << hosts;
  }
  for (const char* hosts : {"web2.example.org", "web1.example.org.evil", "[web1.example.org]:2222", "#web1.example.org",
                            "@cert-authority web1.example.org", "*,!web1.example.org"}) {
    write(std::string(hosts) + " " + one_key + "\n");
    EXPECT_EQ(known(), 0U) << hosts;
  }
}

TEST_F(PinFile, HashedNamesFit) {
  // From ssh-keygen -H of "web1.example.org".
  write("|1|9wJPswM8gG3HgnfsId9aLG+8LUw=|3OislJhBWfwozkT9L/gY6ZgI/sk= " + one_key + "\n");
  EXPECT_EQ(known(), 1U);
  target_.address = "web2.example.org";
  EXPECT_EQ(known(), 0U);
  target_.address = "web1.example.org";
  pin(other_key);
  EXPECT_EQ(text(), "web1.example.org " + other_key + "\n");
}

TEST_F(PinFile, AnotherPortIsAnotherHost) {
  target_.port = 2222;
  EXPECT_EQ(pin_name(target_), "[web1.example.org]:2222");
  write("web1.example.org " + one_key + "\n");
  EXPECT_EQ(known(), 0U);
  pin(other_key);
  EXPECT_EQ(text(), "web1.example.org " + one_key + "\n[web1.example.org]:2222 " + other_key + "\n");
  EXPECT_EQ(known(), 1U);
}

TEST_F(PinFile, LinesThatAreNoKeysAreNoPins) {
  write("web1.example.org ssh-ed25519 !!!\nweb1.example.org\nweb1.example.org no-such-type AAAA\n" +
        std::string(9000, 'x') + "\nweb1.example.org " + one_key + "\r\n");
  EXPECT_EQ(known(), 1U);
}

TEST_F(PinFile, PinningAddsReplacesAndLeavesOthersToTheByte) {
  const std::string others = "# written by hand\n\nweb2.example.org \t" + one_key + "   odd  spaces\n*.example.org " +
                             one_key + "\n@revoked web1.example.org " + other_key + "\nno newline at the end";
  write(others);
  pin(one_key);
  EXPECT_EQ(text(), others + "\nweb1.example.org " + one_key + "\n");
  pin(other_key);
  EXPECT_EQ(text(), others + "\nweb1.example.org " + other_key + "\n");
}

TEST_F(PinFile, ALineOfSeveralHostsLosesOnlyThisOne) {
  write("web0,web1.example.org,10.0.0.1 " + one_key + " both\n");
  pin(other_key);
  EXPECT_EQ(text(), "web0,10.0.0.1 " + one_key + " both\nweb1.example.org " + other_key + "\n");
}

TEST_F(PinFile, IsReadableForAllAndLeavesNothingBeside) {
  pin(one_key);
  struct stat file {};
  ASSERT_EQ(::stat(target_.known_hosts.c_str(), &file), 0);
  EXPECT_EQ(file.st_mode & 07777U, 0644U);
  EXPECT_EQ(std::distance(fs::directory_iterator(folder_), {}), 1);
}

TEST_F(PinFile, ALinkToItStaysALink) {
  const auto real = folder_ / "real";
  std::ofstream(real) << "web2 " << one_key << "\n";
  fs::create_symlink(real, target_.known_hosts);
  pin(one_key);
  EXPECT_TRUE(fs::is_symlink(target_.known_hosts));
  EXPECT_THAT(text(), testing::StartsWith("web2 "));
}

TEST_F(PinFile, PinningManyAtOnceLosesNone) {
  std::vector<std::future<void>> all;
  for (int i = 0; i < 16; ++i)
    all.push_back(std::async(std::launch::async, [this, i] {
      Target target = target_;
      target.address = "host" + std::to_string(i);
      EXPECT_TRUE(pin_host_key(target, HostKey{"ssh-ed25519", "", target.address + " " + one_key, {}}));
    }));
  for (auto& one : all) one.get();
  for (int i = 0; i < 16; ++i) EXPECT_THAT(text(), HasSubstr("host" + std::to_string(i) + " ssh"));
}

TEST_F(PinFile, AKeyOfTwoLinesIsRefused) {
  EXPECT_FALSE(pin_host_key(target_, HostKey{"ssh-ed25519", "", "web1 x\nweb2 y", {}}));
  EXPECT_EQ(text(), "");
}

TEST_F(PinFile, TheCheckTellsUnknownChangedRevokedAndKnown) {
  write("web1.example.org " + one_key + "\n");
  const PublicKey one = read_pins(target_)->keys.front();
  write("web1.example.org " + other_key + "\n");
  const PublicKey other = read_pins(target_)->keys.front();

  const auto unknown = check_host_key(target_, Pins{}, one);
  ASSERT_FALSE(unknown);
  EXPECT_EQ(unknown.error().items().front().fault, Fault::trust);
  EXPECT_THAT(to_text(unknown.error()), HasSubstr("wright trust web1"));
  EXPECT_THAT(to_text(unknown.error()), HasSubstr(one.fingerprint));

  const auto changed = check_host_key(target_, *read_pins(target_), one);
  ASSERT_FALSE(changed);
  EXPECT_EQ(changed.error().items().front().fault, Fault::trust);
  EXPECT_THAT(to_text(changed.error()), HasSubstr(one.fingerprint));
  EXPECT_THAT(to_text(changed.error()), HasSubstr(other.fingerprint));
  EXPECT_THAT(to_text(changed.error()), HasSubstr("wright trust web1 --replace"));

  EXPECT_TRUE(check_host_key(target_, *read_pins(target_), other));
  write("web1.example.org " + other_key + "\n@revoked * " + other_key + "\n");
  const auto revoked = check_host_key(target_, *read_pins(target_), other);
  ASSERT_FALSE(revoked);
  EXPECT_THAT(to_text(revoked.error()), HasSubstr("revoked"));
}

}  // namespace
}  // namespace wright
