#include <wright/check.hpp>

#include "parts.hpp"

namespace base {
namespace {

bool is_setting(std::string_view name) {
  return name.find_first_of("./") != std::string_view::npos && name.find("..") == std::string_view::npos &&
         name.front() != '.' && name.front() != '/' && name.back() != '.' && name.back() != '/' &&
         name.find("//") == std::string_view::npos && name.find("./") == std::string_view::npos &&
         name.find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-./:") ==
             std::string_view::npos;
}

/// Those of which each network namespace has its own.
bool is_of_a_container(std::string_view name) { return name.substr(0, 4) == "net." || name.substr(0, 4) == "net/"; }

/// As an extended regular expression, with any white space where there is some.
std::string expression_of(std::string_view value) {
  std::string out;
  for (const char c : value) {
    if (c == ' ' || c == '\t') {
      if (out.empty() || out.back() != '+') out += "[[:space:]]+";
      continue;
    }
    if (std::string_view("\\.[]*+?{}()|^$").find(c) != std::string_view::npos) out += '\\';
    out += c;
  }
  return out;
}

}  // namespace

void configure_kernel(wright::Configure& on, const Config& c) {
  if (c.sysctl.empty()) return;
  const std::string container = container_of(on);
  std::string text(written_by);
  for (const auto& [name, value] : c.sysctl) {
    const std::string option = "sysctl." + name;
    if (!is_setting(name)) {
      on.error(option, "must be a setting of the kernel, such as net.core.somaxconn");
      continue;
    }
    if (value.empty() || !wright::is_line(value)) on.error(option, "must be one line that is not empty");
    if (!container.empty() && !is_of_a_container(name)) {
      on.error(option, "cannot be set here: this host is a container (" + container + ")",
               "of all settings a container has only those of its network; set it on the machine that it runs on");
      continue;
    }
    text += name + " = " + value + "\n";
    on.sysctl(name).value(value);
  }
  auto folder = on.directory("/etc/sysctl.d").mode(0755);
  on.file("/etc/sysctl.d/60-wright.conf").mode(0644).content(text).after(folder);
}

void verify_kernel(wright::Verify& on, const Config& c) {
  for (const auto& [name, value] : c.sysctl) {
    if (!is_setting(name)) continue;
    std::string path = name;
    if (path[path.find_first_of("./")] == '.')
      for (char& letter : path) letter = letter == '.' ? '/' : letter == '/' ? '.' : letter;
    on.check_command({"/bin/grep", "-Exq", "--", expression_of(value), "/proc/sys/" + path})
        .named("the kernel has " + name + " = " + value);
  }
}

}  // namespace base
