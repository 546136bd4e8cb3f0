#include "agent/facts/pins.hpp"
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
  const bool reads_lists = !apt.private_lists() && apt.host_lists_are_plain();
  const Pins pins;
  std::map<std::string, std::string> out;
  std::vector<std::string> words{"policy"};
  for (const auto& package : names) {
    if (!reads_lists || pins.may_name(package)) {
      if (packages::is_package_name(package)) words.push_back(package);
    } else if (auto version = version_in_lists(host_lists, package); !version.empty()) {
      out[package] = std::move(version);
    }
  }
  if (words.size() == 1) return out;
  if (const auto told = apt.cache(words); told && told->ok()) out.merge(packages::candidates_in(told->out));
  return out;
}

}  // namespace wright::agent
