#include "agent/resources/private_view.hpp"

#include <dirent.h>
#include <fcntl.h>
#include <sched.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <filesystem>
#include <memory>
#include <optional>
#include <system_error>
#include <thread>

#include "agent/files/place.hpp"
#include "agent/files/relocate.hpp"
#include "agent/resources/before.hpp"

namespace wright::agent {
namespace {

namespace fs = std::filesystem;

/// A folder with more entries costs more mounts than a namespace should have.
constexpr std::size_t entries_limit = 20000;
constexpr const char* memory_options = "mode=0700,size=512m";

/// The changes as a tree of folders.
struct Node {
  const Item* item = nullptr;
  std::map<std::string, std::unique_ptr<Node>> children;

  [[nodiscard]] bool is_directory() const {
    return item != nullptr && item->resource->id.kind == "directory" && !wanted_absent(*item->resource);
  }
  [[nodiscard]] bool changes_entries() const {
    for (const auto& [name, child] : children)
      if (child->item != nullptr) return true;
    return false;
  }
};

Result<std::vector<std::string>> names_in(int folder, const std::string& path) {
  const int copy = ::openat(folder, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (copy < 0) return system_failure(path, "list it", errno);
  const std::unique_ptr<DIR, int (*)(DIR*)> stream(::fdopendir(copy), ::closedir);
  if (stream == nullptr) return system_failure(path, "list it", errno);
  std::vector<std::string> names;
  while (const dirent* entry = ::readdir(stream.get())) {
    std::string name = entry->d_name;
    if (name != "." && name != "..") names.push_back(std::move(name));
    if (names.size() > entries_limit)
      return failure(path, "has more than " + std::to_string(entries_limit) + " entries");
  }
  return names;
}

class Building {
 public:
  Building(std::span<const Item> items, std::string state_folder) : state_folder_(std::move(state_folder)) {
    for (const auto& item : items) add(item);
  }

  Result<> build(std::span<const Item> items) {
    if (::unshare(CLONE_NEWNS) != 0)
      return failure("", "the new files cannot be tried out before they are put in place",
                     "no mount namespace: " + std::error_code(errno, std::generic_category()).message(),
                     "let the agent have CAP_SYS_ADMIN, as in systemd-nspawn or a virtual machine");
    if (::mount(nullptr, "/", nullptr, MS_REC | MS_PRIVATE, nullptr) != 0)
      return system_failure("/", "keep mounts to itself", errno);
    if (::mount("wright", state_folder_.c_str(), "tmpfs", MS_NOSUID | MS_NODEV, memory_options) != 0)
      return system_failure(state_folder_, "mount memory over it", errno);
    for (const auto& item : items)
      if (auto staged = stage(item); !staged) return staged;
    return process(root_, "/");
  }

  PrivateView view;

 private:
  /// By where it is after every link above it, as a folder is covered there.
  void add(const Item& item) {
    std::string name = item.resource->id.name;
    while (name.size() > 1 && name.back() == '/') name.pop_back();
    const fs::path path(name);
    std::error_code error;
    const fs::path folder = fs::weakly_canonical(path.parent_path(), error);
    Node* node = &root_;
    for (const auto& part : (error ? path : folder / path.filename()).relative_path()) {
      auto& child = node->children[part.string()];
      if (child == nullptr) child = std::make_unique<Node>();
      node = child.get();
    }
    node->item = &item;
  }

  std::string free_name() { return state_folder_ + "/" + std::to_string(++count_); }

  Result<> stage(const Item& item) {
    const Resource& resource = *item.resource;
    if (resource.id.kind != "file" || wanted_absent(resource) || !resource.attributes.contains("validate")) return {};
    const std::string folder = free_name();
    if (auto made = make_directory(folder, {0700, ::geteuid(), ::getegid()}); !made) return made;
    const std::string& path = resource.id.name;
    const std::string staged = folder + path.substr(path.rfind('/'));
    view.staged[path] = staged;
    return put(item, staged);
  }

  static Result<> put(const Item& item, const std::string& to) {
    const Resource& resource = *item.resource;
    if (resource.id.kind == "symlink") return replace_symlink(to, text_attribute(resource, "target"));
    const bool is_directory = resource.id.kind == "directory";
    const auto ownership = ownership_for(resource, is_directory ? 0755 : 0600);
    if (!ownership) return failure(ownership.error());
    if (is_directory) return make_directory(to, *ownership);
    return replace_file(to, text_attribute(resource, "content"), *ownership);
  }

  void leave_out(const Node& node, const std::string& path, const std::string& why) {
    if (node.item != nullptr) view.unseen.push_back(path + ": " + why);
    for (const auto& [name, child] : node.children) leave_out(*child, path + "/" + name, why);
  }

  /// From above to below: a covered folder shows the live folders below it, which are covered in turn.
  Result<> process(const Node& node, const std::string& path) {
    const std::string shown = path == "/" ? "" : path;
    const auto seen = look_at(path);
    if (!seen) return failure(seen.error());
    if (seen->type != FileState::Type::directory) {
      for (const auto& [name, child] : node.children) leave_out(*child, shown + "/" + name, path + " is no folder yet");
      return {};
    }
    if (node.changes_entries() || node.is_directory()) {
      if (path == "/") {
        for (const auto& [name, child] : node.children)
          if (child->item != nullptr) leave_out(*child, "/" + name, "the root folder cannot be covered");
      } else if (auto covered = cover(node, path, *seen); !covered) {
        return covered;
      }
    }
    for (const auto& [name, child] : node.children) {
      if (child->item != nullptr && !child->is_directory()) continue;
      if (child->item != nullptr && path == "/") continue;
      if (auto below = process(*child, shown + "/" + name); !below) return below;
    }
    return {};
  }

  Result<> cover(const Node& node, const std::string& path, const FileState& seen) {
    const Descriptor live(::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
    if (!live.valid()) return system_failure(path, "open it", errno);
    const auto names = names_in(live.get(), path);
    if (!names) return failure(names.error());
    const std::string covering = free_name();
    Ownership ownership{seen.mode, seen.uid, seen.gid};
    if (node.is_directory()) {
      const auto wanted = ownership_for(*node.item->resource, 0755);
      if (!wanted) return failure(wanted.error());
      ownership = *wanted;
    }
    if (auto made = make_directory(covering, ownership); !made) return made;
    std::vector<std::string> kept;
    for (const auto& name : *names) {
      const auto child = node.children.find(name);
      const Node* change = child == node.children.end() ? nullptr : child->second.get();
      if (change != nullptr && change->item != nullptr && !change->is_directory()) continue;
      if (stand_in(live.get(), name, covering + "/" + name)) kept.push_back(name);
    }
    for (const auto& [name, child] : node.children) {
      if (child->item == nullptr || wanted_absent(*child->item->resource)) continue;
      if (child->is_directory() && std::find(kept.begin(), kept.end(), name) != kept.end()) continue;
      if (auto made = put(*child->item, covering + "/" + name); !made) return made;
    }
    if (::mount(covering.c_str(), path.c_str(), nullptr, MS_BIND, nullptr) != 0)
      return system_failure(path, "show it in its new state", errno);
    // Now, as a mount below `covering` would not be seen at `path`. What is at STATE comes along.
    for (const auto& name : kept)
      if (const int error = show_live(live.get(), name, path + "/" + name); error != 0 && error != ENOENT)
        view.unseen.push_back(path + "/" + name + ": " + std::error_code(error, std::generic_category()).message());
    return {};
  }

  /// What the live entry is mounted over; for a link a link. True when there is something to mount.
  static bool stand_in(int folder, const std::string& name, const std::string& to) {
    struct stat seen {};
    if (::fstatat(folder, name.c_str(), &seen, AT_SYMLINK_NOFOLLOW) != 0) return errno != ENOENT;
    if (S_ISDIR(seen.st_mode)) return ::mkdir(to.c_str(), 0700) == 0;
    if (!S_ISLNK(seen.st_mode)) return Descriptor(::open(to.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0600)).valid();
    std::string target(4097, '\0');
    const ssize_t length = ::readlinkat(folder, name.c_str(), target.data(), target.size() - 1);
    if (length < 0) return false;
    target.resize(static_cast<std::size_t>(length));
    (void)!::symlink(target.c_str(), to.c_str());
    return false;
  }

  /// Through a descriptor of what the cover hides: whoever owns the folder could put a link in the entry's place.
  /// What cannot be shown (a user's own FUSE mount) is no reason to refuse a change of something else.
  static int show_live(int folder, const std::string& name, const std::string& path) {
    const Descriptor entry(::openat(folder, name.c_str(), O_PATH | O_NOFOLLOW | O_CLOEXEC));
    if (!entry.valid()) return errno;
    const std::string from = "/proc/self/fd/" + std::to_string(entry.get());
    return ::mount(from.c_str(), path.c_str(), nullptr, MS_BIND | MS_REC, nullptr) != 0 ? errno : 0;
  }

  Node root_;
  std::string state_folder_;
  int count_ = 0;
};

}  // namespace

Result<> in_private_view(std::span<const Item> items, const std::string& state_folder,
                         const std::function<Result<>(const PrivateView&)>& inside) {
  if (auto made = make_private_folders(state_folder); !made) return made;
  std::error_code error;
  const fs::path real = fs::canonical(state_folder, error);
  if (error) return system_failure(state_folder, "find it", error.value());
  Result<> result;
  auto work = [&] {
    Building building(items, real.string());
    result = building.build(items);
    if (result) result = inside(building.view);
  };
  // A thread can have a mount namespace of its own, and takes it along when it ends.
  try {
    std::thread(work).join();
  } catch (const std::system_error& problem) {
    return system_failure("", "start a thread", problem.code().value());
  }
  return result;
}

}  // namespace wright::agent
