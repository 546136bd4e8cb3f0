#include <cstdio>
#include <cstring>
#include <string>
#include <vector>

#include "agent/files/sync_disks.hpp"
#include "agent/probes/probe.hpp"
#include "agent/resources/stopped_units.hpp"
#include "agent/serve.hpp"
#include "agent/surroundings.hpp"

namespace {

constexpr const char* usage =
    "usage: wright-agent serve [--state-folder DIR]      speak with wright on standard input and output\n"
    "       wright-agent recover [--give-up] [--state-folder DIR]\n"
    "                                                    bring an interrupted transaction to its end\n"
    "       wright-agent --version\n";

}  // namespace

int main(int argc, char** argv) {
  const std::vector<std::string> arguments(argv + 1, argv + argc);
  std::string command;
  std::string state_folder = "/var/lib/wright";
  bool giving_up = false;
  for (std::size_t i = 0; i < arguments.size(); ++i) {
    if (arguments[i] == "--version") {
      std::printf("wright-agent %s\n", wright::agent::agent_name().c_str());
      return 0;
    }
    if (arguments[i] == "--state-folder" && i + 1 < arguments.size() && arguments[i + 1].starts_with('/'))
      state_folder = arguments[++i];
    else if (arguments[i] == "--give-up")
      giving_up = true;
    else if (command.empty() && (arguments[i] == "serve" || arguments[i] == "recover"))
      command = arguments[i];
    else
      command = "?";
  }
  const wright::agent::Means means{wright::agent::find_kind, wright::agent::run_probe, wright::agent::validate_together,
                                   wright::agent::stopped_units, [] { return wright::agent::sync_disks(); }};
  if (command == "serve" && !giving_up) return wright::agent::serve(state_folder, means);
  if (command == "recover") return wright::agent::recover_by_hand(state_folder, means, giving_up);
  std::fputs(usage, stderr);
  return 64;
}
