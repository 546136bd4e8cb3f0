#include "agent/surroundings.hpp"

#include <fcntl.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <csignal>
#include <cstdlib>

namespace wright::agent {
namespace {

Cancellation* to_cancel = nullptr;

void cancel_on_signal(int) { to_cancel->cancel(); }
// A handler, not SIG_IGN: programs that are started get the default again at exec.
void do_nothing(int) {}

void handle(int signal, void (*handler)(int)) {
  struct sigaction action {};
  action.sa_handler = handler;
  action.sa_flags = SA_RESTART;
  ::sigaction(signal, &action, nullptr);
}

/// A host that runs out of memory should rather end anything else than half a transaction.
void be_spared_by_the_oom_killer() {
  const int fd = ::open("/proc/self/oom_score_adj", O_WRONLY | O_CLOEXEC);
  if (fd < 0) return;
  (void)!::write(fd, "-900", 4);
  ::close(fd);
}

}  // namespace

void prepare_process(Cancellation& cancellation) {
  to_cancel = &cancellation;
  ::setsid();  // fails when the process leads its session already, which is as good
  const rlimit none{0, 0};
  ::setrlimit(RLIMIT_CORE, &none);
  ::prctl(PR_SET_DUMPABLE, 0);
  ::umask(077);
  ::setenv("LC_ALL", "C.UTF-8", 1);
  be_spared_by_the_oom_killer();
  for (const int fd : {0, 1, 2})
    if (::fcntl(fd, F_GETFD) < 0) (void)!::open("/dev/null", O_RDWR);
  handle(SIGPIPE, do_nothing);
  for (const int signal : {SIGHUP, SIGINT, SIGTERM}) handle(signal, cancel_on_signal);
}

std::string agent_name() {
  char path[4096];
  const ssize_t count = ::readlink("/proc/self/exe", path, sizeof path);
  const std::string self(path, count > 0 ? static_cast<std::size_t>(count) : 0);
  const std::string name = self.substr(self.rfind('/') + 1);
  const bool digest = name.size() == 64 && name.find_first_not_of("0123456789abcdef") == std::string::npos;
  return std::string(WRIGHT_VERSION) + (digest ? " " + name.substr(0, 12) : "");
}

}  // namespace wright::agent
