#include "plugin/inspect.hpp"

#include <elf.h>
#include <fcntl.h>
#include <link.h>
#include <sys/stat.h>
#include <unistd.h>
#include <wright/plugin.h>

#include <cerrno>
#include <cstring>
#include <optional>
#include <string_view>
#include <vector>

// boost::dll::library_info would read the symbols too, but from .symtab, which a stripped (that is, every packaged)
// plugin does not have, and without checking offsets.
namespace wright {
namespace {

constexpr std::string_view entry_prefix = "wright_plugin_entry_";
constexpr std::size_t largest_plugin = 512U << 20U;

tl::unexpected<Diagnostics> refused(const std::string& path, std::string what, std::string why = {},
                                    std::string next = {}) {
  return failure({Severity::error, Fault::bad_plugin, path, std::move(what), std::move(why), std::move(next)});
}

Result<std::string> read_whole(const std::string& path) {
  // O_NONBLOCK: opening must not wait for the other end if the path became a pipe meanwhile.
  const int fd = open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
  if (fd < 0) return refused(path, "cannot be opened", std::strerror(errno));
  struct stat found {};
  std::string bytes;
  Result<std::string> out = bytes;
  if (fstat(fd, &found) != 0 || !S_ISREG(found.st_mode)) {
    out = refused(path, "is not a regular file");
  } else if (static_cast<std::size_t>(found.st_size) > largest_plugin) {
    out = refused(path, "is larger than 512 MiB");
  } else {
    bytes.resize(static_cast<std::size_t>(found.st_size));
    std::size_t have = 0;
    ssize_t got = 1;
    while (have < bytes.size() && (got = read(fd, bytes.data() + have, bytes.size() - have)) > 0)
      have += static_cast<std::size_t>(got);
    if (got < 0) out = refused(path, "cannot be read", std::strerror(errno));
    bytes.resize(have);
    if (out) out = std::move(bytes);
  }
  close(fd);
  return out;
}

/// The struct at that offset, if all of it is inside.
template <class T>
std::optional<T> at(std::string_view bytes, std::uint64_t offset) {
  if (offset > bytes.size() || bytes.size() - offset < sizeof(T)) return std::nullopt;
  T out;
  std::memcpy(&out, bytes.data() + offset, sizeof(T));
  return out;
}

std::optional<std::string_view> part(std::string_view bytes, std::uint64_t offset, std::uint64_t size) {
  if (offset > bytes.size() || bytes.size() - offset < size) return std::nullopt;
  return bytes.substr(offset, size);
}

/// The running program's own header: what a plugin for this machine looks like.
ElfW(Ehdr) own_header() {
  ElfW(Ehdr) out{};
  const int fd = open("/proc/self/exe", O_RDONLY | O_CLOEXEC);
  if (fd >= 0) {
    if (read(fd, &out, sizeof(out)) != sizeof(out)) out = {};
    close(fd);
  }
  return out;
}

Result<ElfW(Ehdr)> check_header(const std::string& path, std::string_view bytes) {
  if (bytes.empty()) return refused(path, "is empty");
  if (bytes.substr(0, SELFMAG) != std::string_view(ELFMAG, SELFMAG))
    return refused(path, "is no shared object", "it does not begin as an ELF file does");
  const auto header = at<ElfW(Ehdr)>(bytes, 0);
  if (!header) return refused(path, "is cut off", "it ends inside the ELF header");
  const ElfW(Ehdr) own = own_header();
  if (header->e_ident[EI_CLASS] != own.e_ident[EI_CLASS] || header->e_ident[EI_DATA] != own.e_ident[EI_DATA] ||
      header->e_machine != own.e_machine)
    return refused(path, "is built for another machine",
                   "ELF machine " + std::to_string(header->e_machine) + "; this is " + std::to_string(own.e_machine));
  if (header->e_type != ET_DYN) return refused(path, "is no shared object", "it is another type of ELF file");
  return *header;
}

/// What the loader would map must be in the file: touching a page beyond its end is a SIGBUS.
Result<> check_segments(const std::string& path, std::string_view bytes, const ElfW(Ehdr) & header) {
  for (std::size_t i = 0; i < header.e_phnum; ++i) {
    const auto segment = at<ElfW(Phdr)>(bytes, header.e_phoff + i * sizeof(ElfW(Phdr)));
    if (!segment || (segment->p_type == PT_LOAD && !part(bytes, segment->p_offset, segment->p_filesz)))
      return refused(path, "is cut off",
                     "it has " + std::to_string(bytes.size()) + " bytes, and its header speaks of more",
                     "build or install the plugin again");
  }
  return {};
}

/// The majors N of the symbols wright_plugin_entry_N that the file defines for others.
Result<std::vector<std::string>> entry_majors(const std::string& path, std::string_view bytes,
                                              const ElfW(Ehdr) & header) {
  std::vector<std::string> out;
  for (std::size_t i = 0; i < header.e_shnum; ++i) {
    const auto section = at<ElfW(Shdr)>(bytes, header.e_shoff + i * sizeof(ElfW(Shdr)));
    if (!section) return refused(path, "is cut off", "its section table is not complete");
    if (section->sh_type != SHT_DYNSYM) continue;
    const auto names_section = at<ElfW(Shdr)>(bytes, header.e_shoff + section->sh_link * sizeof(ElfW(Shdr)));
    const auto symbols = part(bytes, section->sh_offset, section->sh_size);
    const auto names = names_section ? part(bytes, names_section->sh_offset, names_section->sh_size) : std::nullopt;
    if (!symbols || !names) return refused(path, "is damaged", "its table of symbols lies outside of the file");
    for (std::uint64_t offset = 0; offset + sizeof(ElfW(Sym)) <= symbols->size(); offset += sizeof(ElfW(Sym))) {
      const auto symbol = at<ElfW(Sym)>(*symbols, offset);
      if (!symbol || symbol->st_shndx == SHN_UNDEF || symbol->st_name >= names->size()) continue;
      std::string_view name = names->substr(symbol->st_name);
      name = name.substr(0, name.find('\0'));
      if (name.starts_with(entry_prefix)) out.emplace_back(name.substr(entry_prefix.size()));
    }
  }
  return out;
}

}  // namespace

Result<> inspect_plugin(const std::string& path) {
  const auto bytes = read_whole(path);
  if (!bytes) return failure(bytes.error());
  const auto header = check_header(path, *bytes);
  if (!header) return failure(header.error());
  if (auto segments = check_segments(path, *bytes, *header); !segments) return segments;
  const auto majors = entry_majors(path, *bytes, *header);
  if (!majors) return failure(majors.error());
  const std::string wanted = std::to_string(WRIGHT_ABI_MAJOR);
  for (const auto& major : *majors)
    if (major == wanted) return {};
  if (majors->empty())
    return refused(path, "is no plugin of wright", "it does not export " + std::string(entry_prefix) + wanted,
                   "a plugin in C++ needs WRIGHT_PLUGIN(Type) in one of its source files");
  return refused(path, "is built for SDK major " + majors->front() + "; this wright has SDK major " + wanted, {},
                 "build the plugin against the SDK of this wright, or get a newer one of the two");
}

}  // namespace wright
