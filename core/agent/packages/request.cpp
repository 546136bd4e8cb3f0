#include "agent/packages/request.hpp"

#include <algorithm>
#include <set>

#include "agent/packages/dpkg_database.hpp"
#include "base/sha256.hpp"

namespace wright::agent::packages {
namespace {

Value attribute(const Resource& resource, std::string_view name) {
  const auto found = resource.attributes.find(name);
  return found == resource.attributes.end() ? Value() : found->second;
}

constexpr std::string_view theirs_begin[] = {"APT_", "DEBCONF_", "DEBIAN_", "DPKG_", "LC_", "LD_", "UCF_"};

/// Capital letters, digits and "_", and nothing that decides how apt, dpkg or a shell works.
bool is_variable(std::string_view name) {
  static const std::set<std::string_view> theirs = {"PATH", "HOME", "IFS", "ENV", "BASH_ENV", "TMPDIR"};
  const bool plain = !name.empty() && !(name[0] >= '0' && name[0] <= '9') &&
                     std::all_of(name.begin(), name.end(),
                                 [](char c) { return (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_'; });
  if (!plain || theirs.contains(name)) return false;
  return std::none_of(std::begin(theirs_begin), std::end(theirs_begin),
                      [&](std::string_view begin) { return name.starts_with(begin); });
}

void check_environment(const Wanted& wanted, std::map<std::string, std::string>& seen, Diagnostics& problems) {
  auto bad = [&](const std::string& what) {
    problems.add({Severity::error, Fault::bad_site, "package:" + wanted.name, what, {}, {}});
  };
  auto check_name = [&](const std::string& name) {
    if (!is_variable(name)) bad("\"" + name + "\" is no variable that scripts of packages can be given");
  };
  for (const auto& [name, value] : wanted.environment) {
    check_name(name);
    if (value.find('\0') != std::string::npos) bad("the variable " + name + " has a NUL in it");
    if (const auto [at, fresh] = seen.emplace(name, value); !fresh && at->second != value)
      bad("another package that is installed with it wants another " + name);
  }
  for (const auto& name : wanted.random_environment) check_name(name);
}

}  // namespace

Wanted wanted_of(const Resource& resource) {
  Wanted wanted;
  wanted.name = resource.id.name;
  wanted.version = attribute(resource, "version").text_or("");
  wanted.absent = attribute(resource, "ensure").text_or("present") == "absent";
  wanted.recommends = attribute(resource, "recommends").bool_or(false);
  if (const auto environment = attribute(resource, "environment"); const auto* variables = environment.as_map())
    for (const auto& [name, value] : *variables) wanted.environment[name] = value.text_or("");
  wanted.random_environment = attribute(resource, "random_environment").strings();
  wanted.source_first = std::any_of(resource.after.begin(), resource.after.end(),
                                    [](const ResourceId& id) { return id.name.starts_with("/etc/apt/"); });
  return wanted;
}

std::vector<Wanted> wanted_of(std::span<const Item> items) {
  std::vector<Wanted> all;
  for (const auto& item : items) {
    all.push_back(wanted_of(*item.resource));
    all.back().gone = !item.observed.exists;
  }
  return all;
}

Result<> check(const std::vector<Wanted>& all) {
  Diagnostics problems;
  std::map<std::string, std::string> variables;
  for (const auto& wanted : all) {
    check_environment(wanted, variables, problems);
    const std::string where = "package:" + wanted.name;
    if (!is_package_name(wanted.name))
      problems.add({Severity::error, Fault::bad_site, where, "is no name of a Debian package", {}, {}});
    else if (!wanted.version.empty() && !is_version(wanted.version))
      problems.add({Severity::error,
                    Fault::bad_site,
                    where,
                    "\"" + wanted.version + "\" is no version of a Debian package",
                    {},
                    "write it as `apt-cache madison " + wanted.name + "` shows it"});
  }
  if (problems.has_errors()) return failure(problems);
  return {};
}

std::map<std::string, std::string> environment_of(const std::vector<Wanted>& all) {
  std::map<std::string, std::string> variables;
  for (const auto& wanted : all) {
    variables.insert(wanted.environment.begin(), wanted.environment.end());
    // Small and capital letters, digits and another sign: what rules for passwords ask for.
    for (const auto& name : wanted.random_environment) variables[name] = "Aa1_" + random_hex(16);
  }
  return variables;
}

bool is_mixed(const std::vector<Wanted>& all) {
  bool with = false;
  bool without = false;
  for (const auto& wanted : all)
    if (!wanted.absent) (wanted.recommends ? with : without) = true;
  return with && without;
}

std::vector<std::string> arguments_for(const std::vector<Wanted>& all, std::vector<std::string> options,
                                       const std::vector<std::string>& recommended) {
  const bool with = !is_mixed(all) && std::any_of(all.begin(), all.end(), [](const Wanted& w) { return w.recommends; });
  options.insert(options.end(), {"-o", with ? "APT::Install-Recommends=1" : "APT::Install-Recommends=0", "-o",
                                 "APT::Install-Suggests=0", "-o", "APT::Get::AutomaticRemove=0", "--allow-downgrades",
                                 "--no-auto-remove", "install"});
  for (const auto& wanted : all) {
    if (wanted.absent)
      options.push_back(wanted.name + "-");
    else
      options.push_back(wanted.version.empty() ? wanted.name : wanted.name + "=" + wanted.version);
  }
  options.insert(options.end(), recommended.begin(), recommended.end());
  return options;
}

}  // namespace wright::agent::packages
