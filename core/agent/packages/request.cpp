#include "agent/packages/request.hpp"

#include <algorithm>

#include "agent/packages/dpkg_database.hpp"

namespace wright::agent::packages {
namespace {

Value attribute(const Resource& resource, std::string_view name) {
  const auto found = resource.attributes.find(name);
  return found == resource.attributes.end() ? Value() : found->second;
}

}  // namespace

Wanted wanted_of(const Resource& resource) {
  Wanted wanted;
  wanted.name = resource.id.name;
  wanted.version = attribute(resource, "version").text_or("");
  wanted.absent = attribute(resource, "ensure").text_or("present") == "absent";
  wanted.recommends = attribute(resource, "recommends").bool_or(false);
  wanted.variables = variables_from(
      Value::Map{{"fixed", attribute(resource, "environment")}, {"random", attribute(resource, "random_environment")}});
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
  Variables variables;
  for (const auto& wanted : all) {
    const std::string where = "package:" + wanted.name;
    check(wanted.variables, variables, where, problems);
    variables.add(wanted.variables);
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
