#include "site/included.hpp"

#include "base/untrusted.hpp"
#include "site/file.hpp"
#include "site/hosts.hpp"

namespace wright {
namespace {

constexpr std::size_t largest_included_file = 1U << 20U;

void refuse(const ReferenceAt& at, const std::string& what, Problems& problems) {
  problems.add(at.position, at.reference.text + ": " + what, "paths are from the folder of the site file");
}

}  // namespace

std::map<std::string, std::string, std::less<>> read_included(const std::vector<ComponentTable>& tables,
                                                              const std::string& folder, Problems& problems) {
  std::map<std::string, std::string, std::less<>> files;
  for (const auto& table : tables)
    for (const auto& at : table.references) {
      if (at.reference.kind != Reference::Kind::file || files.contains(at.reference.path)) continue;
      const std::string path = absolute_path(folder, at.reference.path);
      auto file = read_file(path, largest_included_file, Links::follow);
      if (!file)
        for (const auto& one : file.error().items()) refuse(at, path + " " + one.what, problems);
      else if (!is_utf8(file->bytes) || file->bytes.find('\0') != std::string::npos)
        refuse(at, path + " is no text in UTF-8", problems);
      else
        files.emplace(at.reference.path, std::move(file->bytes));
    }
  return files;
}

}  // namespace wright
