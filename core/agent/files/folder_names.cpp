#include "agent/files/folder_names.hpp"

#include <dirent.h>

#include <memory>

namespace wright::agent {

std::vector<std::string> names_in(const std::string& folder) {
  std::vector<std::string> names;
  const std::unique_ptr<DIR, int (*)(DIR*)> open(::opendir(folder.c_str()),
                                                 [](DIR* d) { return d == nullptr ? 0 : ::closedir(d); });
  while (const dirent* entry = open ? ::readdir(open.get()) : nullptr)
    if (entry->d_name[0] != '.') names.emplace_back(entry->d_name);
  return names;
}

}  // namespace wright::agent
