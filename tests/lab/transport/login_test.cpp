#include <filesystem>

#include "support.hpp"

namespace wright::lab {
namespace {

using testing::HasSubstr;

/// Changes an account for one test.
class Login : public OnHost {
 protected:
  static void make_user(const std::string& name) { lab("user host1 " + name); }
};

TEST_F(Login, AKeyThatIsNotLetInIsNamedWithTheUser) {
  const std::string other = folder_ + "/other";
  ASSERT_EQ(std::system(("ssh-keygen -q -t ed25519 -N \"\" -f " + other).c_str()), 0);
  target_.key = other;
  const auto one = refusal();
  EXPECT_EQ(one.fault, Fault::trust);
  EXPECT_THAT(one.what, HasSubstr("root"));
  EXPECT_THAT(one.why, HasSubstr(other));
}

TEST_F(Login, WhyAKeyCannotBeUsedIsSaid) {
  target_.key = folder_ + "/none";
  EXPECT_THAT(refusal().why, HasSubstr("No such file"));
  const std::string locked = folder_ + "/locked";
  ASSERT_EQ(std::system(("ssh-keygen -q -t ed25519 -N secret -f " + locked).c_str()), 0);
  ::unsetenv("SSH_AUTH_SOCK");
  target_.key = locked;
  EXPECT_THAT(refusal().why, HasSubstr("passphrase"));
  std::filesystem::permissions(locked, std::filesystem::perms(0644));
  EXPECT_THAT(refusal().why, HasSubstr("chmod 600"));
}

TEST_F(Login, TheAgentsKeysAndThoseOfTheHomeAreTried) {
  const std::string home = folder_ + "/home";
  std::filesystem::create_directories(home + "/.ssh");
  std::filesystem::copy_file(target_.key, home + "/.ssh/id_ed25519");
  const std::string key = target_.key;
  target_.key.clear();
  ::setenv("HOME", (folder_ + "/empty").c_str(), 1);
  ::unsetenv("SSH_AUTH_SOCK");
  EXPECT_THAT(refusal().why, HasSubstr("SSH_AUTH_SOCK is not set"));

  ::setenv("HOME", home.c_str(), 1);
  EXPECT_TRUE(connected());

  ::setenv("HOME", (folder_ + "/empty").c_str(), 1);
  const std::string socket = folder_ + "/agent.sock";
  const std::string start = "ssh-agent -a " + socket + " >" + folder_ + "/agent.out && SSH_AUTH_SOCK=" + socket +
                            " ssh-add -q " + key + " 2>/dev/null";
  ASSERT_EQ(std::system(start.c_str()), 0);
  ::setenv("SSH_AUTH_SOCK", socket.c_str(), 1);
  EXPECT_TRUE(connected());
  EXPECT_EQ(std::system((". " + folder_ + "/agent.out >/dev/null; kill $SSH_AGENT_PID").c_str()), 0);
  ::unsetenv("SSH_AUTH_SOCK");
}

TEST_F(Login, AUserBecomesRootThroughSudo) {
  make_user("deploy");
  target_.user = "deploy";
  const auto connection = connected();
  ASSERT_TRUE(connection);
  EXPECT_EQ(ask(*connection, {{"type", "uid"}})["uid"].int_or(-1), 0);
}

TEST_F(Login, WithoutSudoTheMissingLineIsShown) {
  make_user("plain");
  target_.user = "plain";
  on_host("rm -f /etc/sudoers.d/*plain*; gpasswd -d plain sudo >/dev/null 2>&1; true");
  const auto one = refusal();
  EXPECT_EQ(one.fault, Fault::trust);
  EXPECT_THAT(one.what, HasSubstr("sudo"));
  EXPECT_THAT(one.next, HasSubstr("plain ALL=(root) NOPASSWD: ALL"));
  EXPECT_THAT(one.why, HasSubstr("sudo: "));
}

TEST_F(Login, SudoThatIsNotThereIsSaidToo) {
  make_user("deploy");
  target_.user = "deploy";
  on_host("mv /usr/bin/sudo /usr/bin/sudo.away");
  const auto one = refusal();
  on_host("mv /usr/bin/sudo.away /usr/bin/sudo");
  EXPECT_THAT(one.what, HasSubstr("sudo"));
}

TEST_F(Login, NoiseOfShellAndMotdIsSkipped) {
  on_host("cp /root/.bashrc /root/bashrc.kept; echo MOTD >/etc/motd");
  on_host(
      "(echo \"echo welcome\"; echo \"printf %b %b \\\\0wright\"; echo \"echo >&2 careful\"; echo \"umask 0\"; "
      "echo \"head -c 50000 /dev/urandom\") >/root/.bashrc");
  const auto connection = connected();
  ASSERT_TRUE(connection);
  EXPECT_EQ(ask(*connection, {{"type", "echo"}, {"number", 3}})["number"].int_or(0), 3);
  EXPECT_EQ(on_host("stat -c %a /var/lib/wright/agent"), "700");

  on_host("echo \"head -c 200000 /dev/zero\" >/root/.bashrc");
  EXPECT_THAT(refusal().what, HasSubstr("64 KiB"));
  on_host("mv /root/bashrc.kept /root/.bashrc");
}

TEST_F(Login, ALoginShellThatRunsNothingIsSaid) {
  on_host("usermod -s /usr/sbin/nologin root");
  const auto one = refusal();
  on_host("usermod -s /bin/bash root");
  EXPECT_EQ(one.fault, Fault::failed);
  EXPECT_THAT(one.why, HasSubstr("not available"));
}

TEST_F(Login, AnyLoginShellWill) {
  on_host("apt-get -q install -y --no-install-recommends fish csh tcsh zsh >/dev/null 2>&1");
  for (const char* shell : {"/bin/dash", "/usr/bin/fish", "/bin/bsd-csh", "/bin/tcsh", "/bin/zsh"}) {
    on_host(std::string("test -x ") + shell);
    on_host("rm -rf /var/lib/wright; usermod -s " + std::string(shell) + " root");
    EXPECT_TRUE(connected()) << shell;
    EXPECT_TRUE(connected()) << shell << ", stored";
  }
  on_host("usermod -s /bin/bash root");
}

}  // namespace
}  // namespace wright::lab
