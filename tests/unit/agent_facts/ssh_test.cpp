#include <gmock/gmock.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <string>

#include "agent/facts/sources.hpp"

namespace wright::agent {
namespace {

namespace fs = std::filesystem;

/// A folder that is to processes what /proc is.
class SshOfProcess : public ::testing::Test {
 protected:
  SshOfProcess() : proc_(fs::temp_directory_path() / ("wright-proc-" + std::to_string(::getpid()))) {
    fs::remove_all(proc_);
  }
  ~SshOfProcess() override { fs::remove_all(proc_); }

  void process(int pid, int parent, const std::string& environment) const {
    const fs::path folder = proc_ / std::to_string(pid);
    fs::create_directories(folder);
    std::ofstream(folder / "environ") << environment;
    std::ofstream(folder / "stat") << pid << " (a) b (c) S " << parent << " 1 1 0";
  }
  [[nodiscard]] Value of(int pid) const { return ssh_of_process(proc_.string(), pid); }

 private:
  fs::path proc_;
};

using namespace std::string_literals;

const std::string connected = "A=1\0SSH_CONNECTION=2001:db8::7 50122 192.0.2.2 2222\0B=2\0"s;
const Value both_ends = Value::Map{{"client", "2001:db8::7"}, {"server", "192.0.2.2"}, {"server_port", 2222}};

TEST_F(SshOfProcess, IsInItsOwnVariables) {
  process(30, 1, connected);
  EXPECT_EQ(of(30), both_ends);
}

TEST_F(SshOfProcess, IsInThoseOfSudoAboveIt) {
  process(20, 1, connected);
  process(30, 20, "SUDO_USER=deploy");
  process(40, 30, "");
  EXPECT_EQ(of(40), both_ends);
}

TEST_F(SshOfProcess, IsNotThereWithoutOne) {
  process(30, 1, "OLD_SSH_CONNECTION=192.0.2.1 1 192.0.2.2 22");
  EXPECT_EQ(of(30), Value(Value::Map{}));
  process(31, 1, "SSH_CONNECTION=192.0.2.1 x");
  EXPECT_EQ(of(31), Value(Value::Map{}));
}

TEST_F(SshOfProcess, DoesNotLookForEver) {
  process(30, 31, "");
  process(31, 30, "");
  EXPECT_EQ(of(30), Value(Value::Map{}));
}

}  // namespace
}  // namespace wright::agent
