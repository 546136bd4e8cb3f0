#include <algorithm>
#include <filesystem>
#include <set>

#include "plugin/beside.hpp"
#include "plugin/plugins.hpp"
#include "plugin/trust.hpp"

namespace wright {
namespace fs = std::filesystem;

std::vector<std::string> plugin_directories(const std::vector<std::string>& given) {
  std::vector<std::string> out = given;
  const std::string beside = beside_program("plugins");
  std::error_code ignored;
  // A program without its folder of plugins is told by "no plugin is named ...", which says more.
  if (fs::exists(beside, ignored)) out.push_back(beside);
  return out;
}

Result<std::vector<PluginFile>> find_plugins(const std::vector<std::string>& directories) {
  Diagnostics problems;
  std::vector<PluginFile> out;
  std::set<std::string> names;
  for (const auto& directory : directories) {
    if (auto trusted = trusted_plugin_directory(directory); !trusted) {
      problems.add(trusted.error());
      continue;
    }
    std::error_code failed;
    std::vector<std::string> paths;
    for (fs::directory_iterator at(directory, failed), end; !failed && at != end; at.increment(failed))
      if (at->path().extension() == ".so") paths.push_back(at->path().string());
    if (failed) problems.add({Severity::error, Fault::bad_plugin, directory, "cannot be read", failed.message(), {}});
    std::sort(paths.begin(), paths.end());
    for (const auto& path : paths) {
      auto trusted = trusted_plugin_file(path);
      if (!trusted) {
        problems.add(trusted.error());
        continue;
      }
      const std::string name = fs::path(path).stem().string();
      if (names.insert(name).second) out.push_back({name, *trusted});
    }
  }
  if (problems.has_errors()) return failure(problems);
  return out;
}

}  // namespace wright
