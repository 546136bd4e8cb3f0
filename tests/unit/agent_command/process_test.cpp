#include "agent/process/process.hpp"

#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include <csignal>

#include "unit/agent_command/host_folder.hpp"

namespace wright::agent {
namespace {

class ProcessTest : public HostFolder {
 protected:
  /// Waits until the file holds a line, and returns its number.
  pid_t pid_in(const std::string& name) {
    while (read(name).find('\n') == std::string::npos) ::usleep(5000);
    return static_cast<pid_t>(std::stol(read(name)));
  }

  /// A program told its pid and would run for a minute; its agent is killed. The status that the program ended with.
  int status_after_the_agent_was_killed(const std::string& user) {
    // Orphans come to this process, so that their end can be seen.
    ::prctl(PR_SET_CHILD_SUBREAPER, 1);
    ::chmod(root.c_str(), 01777);
    const pid_t agent = ::fork();
    if (agent == 0) {
      Command command;
      command.argv = {"/bin/sh", "-c", "echo $$ > " + path("pid") + "; exec sleep 60"};
      command.user = user;
      (void)run(command, context);
      ::_exit(0);
    }
    const pid_t program = pid_in("pid");
    ::kill(agent, SIGKILL);
    ::waitpid(agent, nullptr, 0);
    int status = -1;
    for (int i = 0; i < 2000 && ::waitpid(program, &status, WNOHANG) != program; ++i) ::usleep(5000);
    return status;
  }
};

TEST_F(ProcessTest, AProgramDoesNotOutliveItsAgent) {
  const int status = status_after_the_agent_was_killed("");
  EXPECT_TRUE(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL) << status;
}

TEST_F(ProcessTest, NeitherDoesOneOfAnotherUser) {
  if (::geteuid() != 0) GTEST_SKIP() << "only root becomes another user";
  const int status = status_after_the_agent_was_killed("nobody");
  EXPECT_TRUE(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL) << status;
}

}  // namespace
}  // namespace wright::agent
