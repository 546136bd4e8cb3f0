#include "agent/packages/keeping.hpp"

#include <algorithm>
#include <set>

#include "agent/files/files.hpp"
#include "agent/files/folder_names.hpp"
#include "agent/packages/repacking.hpp"

namespace wright::agent::packages {
namespace {

/// Downloads into FOLDER/debs what a source has, in one go. apt refuses the whole when a source lacks one of them, and
/// says which.
Result<> download_all(std::map<std::string, std::string> asked, Apt& apt) {
  while (!asked.empty()) {
    std::vector<std::string> arguments{"download"};
    for (const auto& [shown, version] : asked) arguments.push_back(shown + "=" + version);
    const auto finished = apt.download(arguments);
    if (!finished) return failure(finished.error());
    const std::size_t before = asked.size();
    for (const auto& name : without_source_in(finished->err)) asked.erase(name);
    if (finished->ok() || asked.size() == before) return {};
  }
  return {};
}

std::string file_of(const std::string& key, const std::vector<std::string>& files) {
  const auto colon = key.find(':');
  const std::string head = key.substr(0, colon) + "_";
  const std::string tail = "_" + key.substr(colon + 1) + ".deb";
  const auto is_its = [&](const std::string& name) { return name.starts_with(head) && name.ends_with(tail); };
  const auto found = std::find_if(files.begin(), files.end(), is_its);
  return found == files.end() ? std::string() : *found;
}

}  // namespace

Result<std::map<std::string, Old>> keep_packages(const std::map<std::string, std::string>& versions,
                                                 const Database& before, Apt& apt, Context& context) {
  const std::string folder = apt.folder() + "/debs";
  if (auto removed = remove_tree(folder); !removed) return failure(removed.error());
  std::map<std::string, std::string> asked;
  for (const auto& [key, version] : versions) asked[before.shown(key)] = version;
  if (auto fetched = download_all(std::move(asked), apt); !fetched) return failure(fetched.error());
  std::map<std::string, Old> out;
  const auto files = names_in(folder);
  for (const auto& [key, version] : versions) {
    out[key].version = version;
    std::string path;
    if (const auto file = file_of(key, files); !file.empty()) {
      path = folder + "/" + file;
    } else {
      const auto package = before.packages().find(key);
      if (package == before.packages().end() || !package->second.present()) continue;
      auto made = repack(package->second, apt.folder() + "/repacking", context);
      if (!made) return failure(made.error());
      path = std::move(*made);
    }
    auto blob = context.blobs.take(path);
    if (!blob) return failure(blob.error());
    out[key].blob = std::move(*blob);
  }
  for (const std::string& made : {folder, apt.folder() + "/repacking"})
    if (auto removed = remove_tree(made); !removed) return failure(removed.error());
  return out;
}

}  // namespace wright::agent::packages
