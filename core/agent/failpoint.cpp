#include "agent/failpoint.hpp"

#ifdef WRIGHT_FAILPOINTS
#include <csignal>
#include <cstdlib>
#include <map>
#include <string>
#endif

namespace wright::agent {

#ifdef WRIGHT_FAILPOINTS

Result<> fail_point(std::string_view name) {
  const char* variable = std::getenv("WRIGHT_FAILPOINT");
  if (variable == nullptr) return {};
  const std::string_view setting = variable;
  const auto first = setting.find(':');
  if (setting.substr(0, first) != name || first == std::string_view::npos) return {};
  const std::string_view rest = setting.substr(first + 1);
  const auto second = rest.find(':');
  if (second != std::string_view::npos) {
    static std::map<std::string, long> passed;
    if (++passed[std::string(setting)] != std::strtol(std::string(rest.substr(second + 1)).c_str(), nullptr, 10))
      return {};
  }
  if (rest.substr(0, second) == "kill") ::raise(SIGKILL);
  return failure(std::string(name), "the test's fail point was reached");
}

#else

Result<> fail_point(std::string_view) { return {}; }

#endif

}  // namespace wright::agent
