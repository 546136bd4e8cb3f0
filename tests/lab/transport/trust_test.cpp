#include <fstream>

#include "support.hpp"

namespace wright::lab {
namespace {

using testing::HasSubstr;

class Trust : public OnHost {
 protected:
  void write_pins(const std::string& text) const { std::ofstream(target_.known_hosts) << text; }
  [[nodiscard]] std::string host_key(const std::string& type) const {
    return on_host("cut -d\" \" -f1,2 /etc/ssh/ssh_host_" + type + "_key.pub");
  }
  [[nodiscard]] std::string other_key(const std::string& type) const {
    const std::string path = folder_ + "/other_" + type;
    EXPECT_EQ(std::system(("ssh-keygen -q -t " + type + " -N \"\" -f " + path).c_str()), 0);
    std::ifstream file(path + ".pub");
    std::string kind;
    std::string blob;
    file >> kind >> blob;
    return kind + " " + blob;
  }
  static void make_all_host_keys() { on_host("ssh-keygen -A >/dev/null; systemctl restart ssh"); }
};

TEST_F(Trust, AnUnknownHostIsRefusedBeforeTheLogin) {
  write_pins("");
  const std::string before = on_host("journalctl -u ssh | grep -c Accepted || true");
  const auto one = refusal();
  EXPECT_EQ(one.fault, Fault::trust);
  EXPECT_THAT(one.next, HasSubstr("wright trust web1"));
  EXPECT_THAT(one.what, HasSubstr("SHA256:"));
  EXPECT_EQ(on_host("journalctl -u ssh | grep -c Accepted || true"), before);
}

TEST_F(Trust, AChangedKeyIsRefusedWithBothFingerprints) {
  write_pins(target_.address + " " + other_key("ed25519") + "\n");
  const auto one = refusal();
  EXPECT_EQ(one.fault, Fault::trust);
  EXPECT_THAT(one.why, HasSubstr(on_host("ssh-keygen -lf /etc/ssh/ssh_host_ed25519_key.pub | cut -d\" \" -f2")));
  EXPECT_THAT(one.why, testing::ContainsRegex("pinned: ssh-ed25519 SHA256:"));
}

TEST_F(Trust, AKeyOfAnotherTypeIsAChangedOne) {
  write_pins(target_.address + " " + other_key("rsa") + "\n");
  EXPECT_EQ(refusal().fault, Fault::trust);
}

TEST_F(Trust, AHostWithSeveralKeysShowsThePinnedOne) {
  make_all_host_keys();
  for (const char* type : {"rsa", "ecdsa", "ed25519"}) {
    write_pins(target_.address + " " + host_key(type) + "\n");
    EXPECT_TRUE(connected()) << type;
    EXPECT_EQ(fetch_host_key(target_)->pin, HostKey::Pin::same) << type;
  }
}

TEST_F(Trust, ARevokedKeyIsRefused) {
  write_pins(target_.address + " " + host_key("ed25519") + "\n@revoked * " + host_key("ed25519") + "\n");
  const auto one = refusal();
  EXPECT_EQ(one.fault, Fault::trust);
  EXPECT_THAT(one.what, HasSubstr("revoked"));
}

TEST_F(Trust, FetchedAndPinnedAHostIsKnown) {
  write_pins("web9 " + other_key("ed25519") + "\n");
  auto key = fetch_host_key(target_);
  ASSERT_TRUE(key) << to_text(key.error());
  EXPECT_EQ(key->pin, HostKey::Pin::none);
  EXPECT_EQ(key->type, "ssh-ed25519");
  EXPECT_EQ(key->fingerprint, on_host("ssh-keygen -lf /etc/ssh/ssh_host_ed25519_key.pub | cut -d\" \" -f2"));
  ASSERT_TRUE(pin_host_key(target_, *key));
  EXPECT_TRUE(connected());
  EXPECT_EQ(fetch_host_key(target_)->pin, HostKey::Pin::same);

  write_pins(target_.address + " " + other_key("ecdsa") + "\n");
  key = fetch_host_key(target_);
  EXPECT_EQ(key->pin, HostKey::Pin::different);
  ASSERT_TRUE(pin_host_key(target_, *key));
  EXPECT_TRUE(connected());
}

TEST_F(Trust, NothingOfTheUsersConfigurationIsRead) {
  ASSERT_EQ(std::system(("mkdir -p " + folder_ + "/.ssh").c_str()), 0);
  std::ofstream(folder_ + "/.ssh/config") << "Host *\n  ProxyCommand touch " << folder_ << "/ran\n  Port 1\n"
                                          << "  StrictHostKeyChecking no\n";
  std::ofstream(folder_ + "/.ssh/known_hosts") << target_.address << " " << host_key("ed25519") << "\n";
  ::setenv("HOME", folder_.c_str(), 1);
  EXPECT_TRUE(connected());
  write_pins("");
  EXPECT_EQ(refusal().fault, Fault::trust);
  EXPECT_FALSE(std::ifstream(folder_ + "/ran"));
}

}  // namespace
}  // namespace wright::lab
