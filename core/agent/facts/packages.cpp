#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cstring>
#include <functional>

#include "agent/facts/debian_version.hpp"
#include "agent/facts/sources.hpp"
#include "agent/files/folder_names.hpp"

namespace wright::agent {
namespace {

/// A file mapped for reading: package lists are tens of megabytes, of which one paragraph is wanted.
class Mapping {
 public:
  explicit Mapping(const std::string& path) {
    const int fd = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
    struct stat info {};
    if (fd >= 0 && ::fstat(fd, &info) == 0 && S_ISREG(info.st_mode) && info.st_size > 0) {
      size_ = static_cast<std::size_t>(info.st_size);
      void* at = ::mmap(nullptr, size_, PROT_READ, MAP_PRIVATE, fd, 0);
      data_ = at == MAP_FAILED ? nullptr : static_cast<const char*>(at);
    }
    if (fd >= 0) ::close(fd);
  }
  ~Mapping() {
    if (data_ != nullptr) ::munmap(const_cast<char*>(data_), size_);
  }
  Mapping(const Mapping&) = delete;
  Mapping& operator=(const Mapping&) = delete;
  [[nodiscard]] std::string_view text() const {
    return data_ == nullptr ? std::string_view() : std::string_view(data_, size_);
  }

 private:
  const char* data_ = nullptr;
  std::size_t size_ = 0;
};

std::string field(std::string_view paragraph, std::string_view name) {
  const std::string start = "\n" + std::string(name) + ": ";
  const auto at = paragraph.find(start);
  if (at == std::string_view::npos) return {};
  const auto value = paragraph.substr(at + start.size());
  return trimmed(value.substr(0, value.find('\n')));
}

/// Calls `use` with each paragraph about the package; a paragraph begins with its newline.
void for_each_paragraph(std::string_view text, std::string_view package,
                        const std::function<void(std::string_view)>& use) {
  const std::string start = "Package: " + std::string(package) + "\n";
  std::size_t from = 0;
  while (from < text.size()) {
    const void* at = ::memmem(text.data() + from, text.size() - from, start.data(), start.size());
    if (at == nullptr) return;
    const auto place = static_cast<std::size_t>(static_cast<const char*>(at) - text.data());
    from = place + start.size();
    if (place > 0 && text[place - 1] != '\n') continue;
    const auto end = text.find("\n\n", place);
    use(text.substr(from - 1, end == std::string_view::npos ? end : end - from + 2));
  }
}

/// What the lists of those sources begin with whose packages are installed only when somebody names the source.
std::vector<std::string> only_by_hand(const std::string& folder, const std::vector<std::string>& names) {
  constexpr std::size_t head = 2048;  // the field comes before the digests
  std::vector<std::string> out;
  for (const auto& name : names)
    for (const std::string_view ending : {"_InRelease", "_Release"})
      if (name.ends_with(ending) && text_of(folder + "/" + name, head).find("\nNotAutomatic: yes") != std::string::npos)
        out.push_back(name.substr(0, name.size() - ending.size() + 1));
  return out;
}

}  // namespace

std::string installed_version(std::string_view package) {
  const Mapping status("/var/lib/dpkg/status");
  std::string version;
  for_each_paragraph(status.text(), package, [&](std::string_view paragraph) {
    if (field(paragraph, "Status").ends_with(" installed")) version = field(paragraph, "Version");
  });
  return version;
}

std::string version_in_lists(const std::string& folder, std::string_view package) {
  std::string best = installed_version(package);
  const auto names = names_in(folder);
  const auto by_hand = only_by_hand(folder, names);
  for (const auto& name : names) {
    if (!name.ends_with("_Packages")) continue;
    if (std::any_of(by_hand.begin(), by_hand.end(), [&](const auto& source) { return name.starts_with(source); }))
      continue;
    const Mapping list(folder + "/" + name);
    for_each_paragraph(list.text(), package, [&](std::string_view paragraph) {
      const std::string version = field(paragraph, "Version");
      if (!version.empty() && (best.empty() || compare_debian_versions(version, best) > 0)) best = version;
    });
  }
  return best;
}

}  // namespace wright::agent
