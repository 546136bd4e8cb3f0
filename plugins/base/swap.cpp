#include <wright/check.hpp>

#include "parts.hpp"

namespace base {
namespace {

/// Another size is another file, so that the new one is there before the old one goes.
std::string path_of(const Config& c) { return wright::format("{}.{}m", c.swap_path, c.swap_mb); }

/// As systemd wants the unit of a path to be named.
std::string unit_of(const Config& c) {
  std::string name = path_of(c).substr(1);
  for (char& letter : name)
    if (letter == '/') letter = '-';
  return name + ".swap";
}

bool is_usable(std::string_view path) {
  return wright::is_absolute_path(path) && path.find("//") == std::string_view::npos && path[1] != '.' &&
         path.find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_./") ==
             std::string_view::npos;
}

std::string unit_text(const Config& c) {
  return std::string(written_by) + "[Unit]\nDescription=Swap file of wright\n\n[Swap]\nWhat=" + path_of(c) +
         "\n\n[Install]\nWantedBy=swap.target\n";
}

/// Once it is there, the host's swap is its own.
bool has_other_swap(const wright::Phase& on, const Config& c) {
  constexpr std::int64_t least = 1 << 20;
  return c.swap_only_without && !on.fact("path.exists:" + path_of(c)).boolean_or(false) &&
         on.fact("swap.total_bytes").integer_or(0) >= least;
}

}  // namespace

void configure_swap(wright::Configure& on, const Config& c) {
  if (c.swap_mb == 0) return;
  if (!is_usable(c.swap_path))
    return on.error("swap_path", "must be an absolute path of letters, digits, \"_\", \".\" and \"/\"");
  if (const auto kind = container_of(on); !kind.empty())
    return on.error("swap_mb", "must be 0 here: this host is a container (" + kind + ")",
                    "only the machine that it runs on can have swap");
  if (has_other_swap(on, c)) return;
  const std::string path = path_of(c);
  const std::string bytes = wright::format("{}", std::uint64_t{c.swap_mb} << 20U);
  // Where the file system cannot reserve space, --posix writes it.
  // Nobody else may read it at any time, so it is made empty and with its mode.
  auto made = on.command("swap file " + path)
                  .argv({"/usr/bin/install", "-m", "0600", "/dev/null", path})
                  .creates(path)
                  .undo({"/bin/rm", "-f", "--", path});
  auto filled = on.command("space of " + path)
                    .argv({"/usr/bin/fallocate", "--posix", "-l", bytes, path})
                    .unless({"/usr/bin/test", "-s", path})
                    .undo({"/usr/bin/truncate", "-s", "0", path})
                    .after(made);
  auto formatted = on.command("format of " + path)
                       .argv({"/sbin/mkswap", path})
                       .unless({"/sbin/swaplabel", path})
                       .undo({"/bin/true"})
                       .after(filled);
  auto unit = on.file("/etc/systemd/system/" + unit_of(c)).mode(0644).content(unit_text(c));
  on.service(unit_of(c)).enabled().running().after(formatted, unit);
}

void verify_swap(wright::Verify& on, const Config& c) {
  if (c.swap_mb == 0 || !is_usable(c.swap_path) || !container_of(on).empty() || has_other_swap(on, c)) return;
  on.check_command({"/bin/grep", "-F", path_of(c) + " ", "/proc/swaps"}).named("the kernel swaps to " + path_of(c));
}

}  // namespace base
