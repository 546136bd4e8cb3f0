#include "agent/packages/keeping.hpp"

#include <algorithm>

#include "agent/files/files.hpp"
#include "agent/files/folder_names.hpp"
#include "agent/packages/repacking.hpp"
#include "base/sha256.hpp"

namespace wright::agent::packages {
namespace {

std::vector<std::string> named(const char* command, const std::map<std::string, std::string>& asked) {
  std::vector<std::string> arguments{command};
  for (const auto& [shown, version] : asked) arguments.push_back(shown + "=" + version);
  return arguments;
}

/// Downloads into FOLDER/debs what a source has, in one go. apt refuses the whole when a source lacks one of them, and
/// says which. What is there afterwards is whole.
Result<> download_all(std::map<std::string, std::string> asked, const Database& before, Apt& apt) {
  while (!asked.empty()) {
    const auto finished = apt.download(named("download", asked));
    if (!finished) return failure(finished.error());
    if (finished->ok()) return {};
    const std::size_t count = asked.size();
    for (const auto& name : without_source_in(finished->err)) asked.erase(before.shown(name));
    if (asked.size() < count) continue;
    // A connection that broke leaves half a file under its own name.
    const auto shown = apt.cache(named("show", asked));
    if (!shown) return failure(shown.error());
    const auto digests = digests_in(shown->out);
    const std::string folder = apt.folder() + "/debs";
    for (const auto& name : names_in(folder)) {
      const auto digest = sha256_of_file(folder + "/" + name);
      if (digest && digests.contains(*digest)) continue;
      if (auto removed = remove_path(folder + "/" + name); !removed) return removed;
    }
    return {};
  }
  return {};
}

/// Whatever happens, nothing is left there: a disk that became full must not stay full.
class Workshop {
 public:
  explicit Workshop(std::string folder) : folder_(std::move(folder)) {}
  ~Workshop() { (void)remove_tree(folder_); }
  Workshop(const Workshop&) = delete;
  Workshop& operator=(const Workshop&) = delete;
  [[nodiscard]] const std::string& folder() const { return folder_; }

 private:
  std::string folder_;
};

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
  const Workshop downloads(apt.folder() + "/debs");
  const Workshop repacking(apt.folder() + "/repacking");
  const std::string& folder = downloads.folder();
  if (auto removed = remove_tree(folder); !removed) return failure(removed.error());
  std::map<std::string, std::string> asked;
  for (const auto& [key, version] : versions) asked[before.shown(key)] = version;
  if (auto fetched = download_all(std::move(asked), before, apt); !fetched) return failure(fetched.error());
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
      auto made = repack(package->second, repacking.folder(), context);
      if (!made) return failure(made.error());
      path = std::move(*made);
    }
    auto blob = context.blobs.take(path);
    if (!blob) return failure(blob.error());
    out[key].blob = std::move(*blob);
  }
  return out;
}

}  // namespace wright::agent::packages
