#include <algorithm>
#include <set>
#include <wright/check.hpp>

#include "parts.hpp"

namespace base {
namespace {

/// A file as an option names it.
struct Named {
  std::string option;  ///< of its path: "swap_files[0].path"
  SwapFile file;
};

/// swap_mb's first, then those of swap_files.
std::vector<Named> files_of(const Config& c) {
  std::vector<Named> all;
  if (c.swap_mb != 0) {
    all.push_back({"swap_path", {}});
    all.back().file.path = c.swap_path;
    all.back().file.size_mb = c.swap_mb;
  }
  for (std::size_t i = 0; i < c.swap_files.size(); ++i)
    all.push_back({wright::format("swap_files[{}].path", i), c.swap_files[i]});
  return all;
}

/// Another size is another file, so that the new one is there before the old one goes.
std::string path_of(const SwapFile& file) { return wright::format("{}.{}m", file.path, file.size_mb); }

/// As systemd wants the unit of a path to be named.
std::string unit_of(const std::string& path) {
  std::string name = path.substr(1);
  for (char& letter : name)
    if (letter == '/') letter = '-';
  return name + ".swap";
}

bool is_usable(std::string_view path) {
  return wright::is_absolute_path(path) && path.find("//") == std::string_view::npos && path[1] != '.' &&
         path.find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_./") ==
             std::string_view::npos;
}

/// Whether all can be made.
bool check(wright::Configure& on, const std::vector<Named>& files) {
  bool good = true;
  std::set<std::string> paths;
  for (const auto& [option, file] : files) {
    if (!is_usable(file.path))
      on.error(option, "must be an absolute path of letters, digits, \"_\", \".\" and \"/\"");
    else if (!paths.insert(file.path).second)
      on.error(option, "\"" + file.path + "\" is another swap file's, too");
    else
      continue;
    good = false;
  }
  if (const auto kind = container_of(on); !kind.empty()) {
    const bool single = files.front().option == "swap_path";
    on.error(single ? "swap_mb" : "swap_files",
             wright::format("must be {} here: this host is a container ({})", single ? "0" : "empty", kind),
             "only the machine that it runs on can have swap");
    good = false;
  }
  return good;
}

std::string unit_text(const SwapFile& file) {
  std::string text =
      std::string(written_by) + "[Unit]\nDescription=Swap file of wright\n\n[Swap]\nWhat=" + path_of(file) + "\n";
  if (file.priority) text += wright::format("Priority={}\n", *file.priority);
  return text + "\n[Install]\nWantedBy=swap.target\n";
}

/// Once one of them is there, the host's swap is its own.
bool has_other_swap(const wright::Phase& on, const Config& c, const std::vector<Named>& files) {
  constexpr std::int64_t least = 1 << 20;
  return c.swap_only_without && on.fact("swap.total_bytes").integer_or(0) >= least &&
         std::none_of(files.begin(), files.end(),
                      [&](const Named& one) { return on.fact("path.exists:" + path_of(one.file)).boolean_or(false); });
}

void configure(wright::Configure& on, const SwapFile& file) {
  const std::string path = path_of(file);
  const std::string bytes = wright::format("{}", std::uint64_t{file.size_mb} << 20U);
  // Where the file system cannot reserve space, --posix writes it.
  // Nobody else may read it at any time, so it is made empty and with its mode.
  auto made = on.command("swap file " + path)
                  .argv({"/usr/bin/install", "-m", "0600", "/dev/null", path})
                  .creates(path)
                  .undo({"/bin/rm", "-f", "--", path})
                  .makes({path});
  auto filled = on.command("space of " + path)
                    .argv({"/usr/bin/fallocate", "--posix", "-l", bytes, path})
                    .unless({"/usr/bin/test", "-s", path})
                    .undo({"/usr/bin/truncate", "-s", "0", path})
                    .makes({path})
                    .after(made);
  auto formatted = on.command("format of " + path)
                       .argv({"/sbin/mkswap", path})
                       .unless({"/sbin/swaplabel", path})
                       .undo({"/bin/true"})
                       .after(filled);
  auto unit = on.file("/etc/systemd/system/" + unit_of(path)).mode(0644).content(unit_text(file));
  on.service(unit_of(path)).enabled().running().restart_on(unit).after(formatted);
}

/// A line of /proc/swaps, as an extended regular expression.
std::string line_of(const SwapFile& file) {
  std::string out = "^";
  for (const char letter : path_of(file)) out += letter == '.' ? std::string("\\.") : std::string(1, letter);
  out += "[[:space:]]";
  if (file.priority) out += wright::format(".*[[:space:]]{}$", *file.priority);
  return out;
}

}  // namespace

void configure_swap(wright::Configure& on, const Config& c) {
  const auto files = files_of(c);
  if (files.empty() || !check(on, files) || has_other_swap(on, c, files)) return;
  for (const auto& one : files) configure(on, one.file);
}

void verify_swap(wright::Verify& on, const Config& c) {
  const auto files = files_of(c);
  if (files.empty() || !container_of(on).empty()) return;
  if (!std::all_of(files.begin(), files.end(), [](const Named& one) { return is_usable(one.file.path); })) return;
  if (has_other_swap(on, c, files)) return;
  for (const auto& [option, file] : files)
    on.check_command({"/bin/grep", "-E", "--", line_of(file), "/proc/swaps"})
        .named("the kernel swaps to " + path_of(file) +
               (file.priority ? wright::format(" with priority {}", *file.priority) : std::string()));
}

}  // namespace base
