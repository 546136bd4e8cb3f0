#include <cstdlib>
#include <sstream>

#include "agent/facts/sources.hpp"

namespace wright::agent {
namespace {

/// sudo takes the variable away, but not from itself, and nothing stands above the server's own session.
constexpr int most_parents = 8;

std::string variable_in(const std::string& environment, const std::string& name) {
  const std::string key = '\0' + name + '=';
  const std::string all = '\0' + environment;
  const auto at = all.find(key);
  return at == std::string::npos ? std::string() : std::string(all.c_str() + at + key.size());
}

/// From /proc/PID/stat, where the name before it may hold blanks and parentheses.
int parent_of(const std::string& process) {
  const std::string text = text_of(process + "/stat");
  const auto end = text.rfind(") ");
  if (end == std::string::npos || end + 4 >= text.size()) return 0;
  return static_cast<int>(std::strtol(text.c_str() + end + 4, nullptr, 10));
}

}  // namespace

Value::Map ssh_of_process(const std::string& proc, int pid) {
  for (int looked = 0; pid > 1 && looked < most_parents; ++looked) {
    const std::string process = proc + "/" + std::to_string(pid);
    std::istringstream words(variable_in(text_of(process + "/environ"), "SSH_CONNECTION"));
    std::string client;
    std::string server;
    std::int64_t client_port = 0;
    std::int64_t server_port = 0;
    if (words >> client >> client_port >> server >> server_port)
      return {{"client", client}, {"server", server}, {"server_port", server_port}};
    pid = parent_of(process);
  }
  return {};
}

}  // namespace wright::agent
