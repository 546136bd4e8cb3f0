#include <algorithm>
#include <iterator>

#include "agent/facts/sources.hpp"
#include "agent/packages/apt.hpp"
#include "agent/packages/apt_output.hpp"

namespace wright::agent {
namespace {

constexpr const char* host_lists = "/var/lib/apt/lists";

}  // namespace

bool candidates_take_long(Context& context) { return packages::Apt(context).wants_update(); }

std::map<std::string, std::string> candidate_versions(const std::vector<std::string>& names, Context& context) {
  packages::Apt apt(context);
  // A host that reaches no source still knows what it knew; who needs a package from there is told by its plan.
  if (apt.wants_update()) static_cast<void>(apt.update());
  std::map<std::string, std::string> out;
  if (!apt.private_lists() && apt.host_lists_are_plain()) {
    for (const auto& package : names)
      if (auto version = version_in_lists(host_lists, package); !version.empty()) out[package] = std::move(version);
    return out;
  }
  std::vector<std::string> words{"policy"};
  std::copy_if(names.begin(), names.end(), std::back_inserter(words), packages::is_package_name);
  if (words.size() == 1) return out;
  const auto told = apt.cache(words);
  return told && told->ok() ? packages::candidates_in(told->out) : out;
}

}  // namespace wright::agent
