#include <algorithm>
#include <set>
#include <wright/check.hpp>

#include "parts.hpp"

namespace base {
namespace {

bool is_package_name(std::string_view text) {
  return text.size() > 1 && text[0] != '-' && text[0] != '+' && text[0] != '.' &&
         text.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789+-.") == std::string_view::npos;
}

/// Those of the list that are names of packages; problems are told.
std::vector<std::string> names_in(wright::Phase& on, std::string_view option, const std::vector<std::string>& list) {
  std::vector<std::string> names;
  for (std::size_t i = 0; i < list.size(); ++i) {
    if (is_package_name(list[i]))
      names.push_back(list[i]);
    else
      on.error(wright::format("{}[{}]", option, i), "must be the name of a package, such as git");
  }
  return names;
}

}  // namespace

void install_packages(wright::Install& on, const Config& c) {
  const auto latest = names_in(on, "latest", c.latest);
  for (const auto& name : names_in(on, "packages", c.packages))
    if (std::find(latest.begin(), latest.end(), name) == latest.end()) on.package(name);
  std::vector<std::string> facts;
  for (const auto& name : latest) facts.push_back("apt.candidate:" + name);
  on.need(facts);
  for (const auto& name : latest) {
    const auto newest = on.fact("apt.candidate:" + name);
    if (newest.absent())
      on.package(name);
    else
      on.package(name).version(newest.text());
  }
}

void verify_packages(wright::Verify& on, const Config& c) {
  std::set<std::string> names(c.packages.begin(), c.packages.end());
  names.insert(c.latest.begin(), c.latest.end());
  if (names.empty()) return;
  std::vector<std::string> argv = {"/usr/bin/dpkg", "--status"};
  argv.insert(argv.end(), names.begin(), names.end());
  on.check_command(argv).named(wright::format("{} packages are installed", names.size()));
}

}  // namespace base
