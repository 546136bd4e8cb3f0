#include "agent/packages/repacking.hpp"

#include <algorithm>
#include <array>
#include <set>

#include "agent/files/files.hpp"
#include "agent/files/relocate.hpp"
#include "agent/packages/apt.hpp"
#include "agent/process/process.hpp"

namespace wright::agent::packages {
namespace {

constexpr const char* info = "/var/lib/dpkg/info/";
constexpr std::array<std::string_view, 11> control_files{"preinst", "postinst",  "prerm",    "postrm",
                                                         "config",  "templates", "triggers", "conffiles",
                                                         "shlibs",  "symbols",   "md5sums"};
/// Fields that dpkg adds on the host.
constexpr std::array<std::string_view, 4> fields_of_the_host{
    "Status:", "Conffiles:", "Config-Version:", "Triggers-Pending:"};

Result<> copy_control(const Package& package, const std::string& folder) {
  for (const auto name : control_files)
    for (const auto& stem : {package.name + ":" + package.architecture, package.name}) {
      const std::string from = info + stem + "." + std::string(name);
      const auto seen = look_at(from);
      if (!seen) return failure(seen.error());
      if (seen->type != FileState::Type::regular) continue;
      const auto content = read_file(from);
      if (!content) return failure(content.error());
      if (auto written = replace_file(folder + "/" + std::string(name), *content, {seen->mode, 0, 0}); !written)
        return written;
      break;
    }
  return {};
}

Result<> copy_files(const Package& package, const std::string& folder) {
  const auto paths = files_of(package);
  std::set<std::string> folders;
  for (const auto& path : paths)
    for (auto slash = path.rfind('/'); slash != 0 && slash != std::string::npos; slash = path.rfind('/', slash - 1))
      folders.insert(path.substr(0, slash));
  for (const auto& path : folders) {
    // A folder of the package may be a link on the host (/lib), and is a folder in the package all the same.
    const auto seen = look_at(path);
    const bool is_folder = seen && seen->type == FileState::Type::directory;
    const Ownership ownership = is_folder ? Ownership{seen->mode, seen->uid, seen->gid} : Ownership{0755, 0, 0};
    if (auto made = make_directory(folder + path, ownership); !made) return made;
  }
  for (const auto& path : paths) {
    if (folders.contains(path)) continue;
    const auto seen = look_at(path);
    if (!seen) return failure(seen.error());
    if (seen->type == FileState::Type::absent) continue;
    const auto copied = seen->type == FileState::Type::directory
                            ? make_directory(folder + path, {seen->mode, seen->uid, seen->gid})
                            : copy_tree(path, folder + path);
    if (!copied) return copied;
  }
  return {};
}

}  // namespace

std::string control_from(std::string_view status, const Package& package) {
  while (!status.empty()) {
    const auto end = std::min(status.find("\n\n"), status.size());
    auto paragraph = status.substr(0, end);
    status.remove_prefix(std::min(end + 2, status.size()));
    Database one;
    one.merge(paragraph);
    if (!one.packages().contains(package.name + ":" + package.architecture)) continue;
    std::string control;
    bool kept = true;
    while (!paragraph.empty()) {
      const auto line_end = std::min(paragraph.find('\n'), paragraph.size());
      const auto line = paragraph.substr(0, line_end);
      paragraph.remove_prefix(std::min(line_end + 1, paragraph.size()));
      if (!line.starts_with(' '))
        kept = std::none_of(fields_of_the_host.begin(), fields_of_the_host.end(),
                            [&](std::string_view field) { return line.starts_with(field); });
      if (kept) control.append(line).push_back('\n');
    }
    return control;
  }
  return {};
}

Result<std::string> repack(const Package& package, const std::string& folder, const Context& context) {
  const std::string stage = folder + "/stage";
  if (auto removed = remove_tree(folder); !removed) return failure(removed.error());
  if (auto made = make_private_folders(stage + "/DEBIAN"); !made) return failure(made.error());
  for (const auto& path : {stage, stage + "/DEBIAN"})
    if (auto set = set_ownership(path, {0755, 0, 0}); !set) return failure(set.error());
  const auto status = read_file("/var/lib/dpkg/status", std::size_t{256} << 20U);
  if (!status) return failure(status.error());
  const std::string control = control_from(*status, package);
  if (auto written = replace_file(stage + "/DEBIAN/control", control, {0644, 0, 0}); !written)
    return failure(written.error());
  if (auto copied = copy_control(package, stage + "/DEBIAN"); !copied) return failure(copied.error());
  if (auto copied = copy_files(package, stage); !copied) return failure(copied.error());
  Command building;
  const std::string path = folder + "/made.deb";
  building.argv = {"/usr/bin/dpkg-deb", "--nocheck", "-Zgzip", "-z1", "--build", stage, path};
  building.timeout = std::chrono::minutes(10);
  const auto finished = run(building, context);
  if (!finished) return failure(finished.error());
  if (!finished->ok())
    return program_failure("package:" + package.name, "its installed version cannot be kept for a rollback", *finished,
                           "bring it up to date first: apt-get install --only-upgrade " + package.name);
  return path;
}

}  // namespace wright::agent::packages
