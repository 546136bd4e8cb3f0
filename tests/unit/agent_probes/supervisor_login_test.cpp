#include "agent/probes/supervisor_login.hpp"

#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

namespace wright::agent {
namespace {

class SupervisorLogin : public ::testing::Test {
 protected:
  SupervisorLogin() { file_ = ::testing::TempDir() + "wright-supervisord-" + std::to_string(::getpid()) + ".conf"; }
  ~SupervisorLogin() override { std::filesystem::remove(file_); }

  std::string login(const std::string& text) {
    std::ofstream(file_) << text;
    return supervisor_login("/run/supervisor.sock", file_);
  }

 private:
  std::string file_;
};

TEST_F(SupervisorLogin, IsThatOfSupervisorctl) {
  EXPECT_EQ(login("[unix_http_server]\nusername=server\npassword=other\n[supervisorctl]\n; username=no\n"
                  "serverurl=unix:///run/supervisor.sock\nusername = ops\npassword=50%%=x\n[include]\nusername=no\n"),
            "ops:50%=x");
}

TEST_F(SupervisorLogin, OfAnotherSocketIsNotSent) {
  EXPECT_EQ(login("[supervisorctl]\nserverurl=unix:///run/other.sock\nusername=ops\npassword=x\n"), "");
}

TEST_F(SupervisorLogin, IsEmptyWithoutAUserOrAFile) {
  EXPECT_EQ(login("[supervisorctl]\nserverurl=unix:///run/supervisor.sock\npassword=x\n"), "");
  EXPECT_EQ(supervisor_login("/run/supervisor.sock", "/nonexistent"), "");
}

}  // namespace
}  // namespace wright::agent
