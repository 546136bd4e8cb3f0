// The process in which plugins run. It speaks frames on descriptor 3 and ends with its input.
#include <fcntl.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <csignal>
#include <cstdlib>
#include <map>

#include "plugin/channel.hpp"
#include "plugin/library.hpp"
#include "plugin/messages.hpp"
#include "plugin/phases.hpp"

#include "model/protocol.hpp"

namespace wright {
namespace {

constexpr int channel_fd = 3;
constexpr int lost_channel = 70;
constexpr rlim_t most_output = 1U << 20U;

void confine() {
  // Secrets are in this process: no core dumps, and no other process of the user may read its memory.
  const rlimit none{0, 0};
  setrlimit(RLIMIT_CORE, &none);
  prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
  prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
  // Standard error is a file in memory; a plugin that floods it gets errors instead of the machine's memory.
  const rlimit output{most_output, most_output};
  setrlimit(RLIMIT_FSIZE, &output);
  std::signal(SIGXFSZ, SIG_IGN);
  std::signal(SIGPIPE, SIG_IGN);
  syscall(SYS_close_range, channel_fd + 1, ~0U, 0U);
  fcntl(channel_fd, F_SETFD, FD_CLOEXEC);
  if (chdir("/") != 0) std::_Exit(lost_channel);
  umask(077);
}

class Worker {
 public:
  explicit Worker(unsigned seconds) : seconds_(seconds) {}

  void serve() {
    while (auto request = channel_.receive(std::chrono::milliseconds(-1))) {
      // The controller watches the deadline; this is for the case that it was killed while a plugin loops.
      alarm(seconds_);
      const Value reply = answer(*request);
      alarm(0);
      if (!channel_.send(reply)) std::_Exit(lost_channel);
    }
  }

 private:
  Value answer(const Value& request) {
    const auto file = plugin_file_in(request);
    if (!file) return to_message(file.error());
    enter("load");
    const auto plugin = loaded(*file);
    if (!plugin) return to_message(plugin.error());
    if (message_type(request) == "describe") return described_reply((*plugin)->description);
    const auto evaluation = evaluation_in(request);
    if (!evaluation) return to_message(evaluation.error());
    const auto declared = run_phases(**plugin, *evaluation, [this](std::string_view phase) { enter(phase); });
    return declared ? declared_reply(*declared) : to_message(declared.error());
  }

  void enter(std::string_view phase) {
    if (!channel_.send(at_message(phase))) std::_Exit(lost_channel);
  }

  Result<const LoadedPlugin*> loaded(const PluginFile& file) {
    const auto known = plugins_.find(file.path);
    if (known != plugins_.end()) return &known->second;
    auto fresh = load_plugin(file);
    if (!fresh) return failure(fresh.error());
    return &plugins_.emplace(file.path, std::move(*fresh)).first->second;
  }

  unsigned seconds_;
  Channel channel_{channel_fd};
  std::map<std::string, LoadedPlugin> plugins_;
};

}  // namespace
}  // namespace wright

int main(int count, char** arguments) {
  const long seconds = count == 2 ? std::strtol(arguments[1], nullptr, 10) : 0;
  if (seconds <= 0) return 64;
  wright::confine();
  wright::Worker(static_cast<unsigned>(seconds)).serve();
  // Without the destructors of what plugins left behind.
  std::_Exit(0);
}
