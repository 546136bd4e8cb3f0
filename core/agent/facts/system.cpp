#include <sched.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/utsname.h>
#include <unistd.h>

#include <array>
#include <cstdlib>

#include "agent/facts/facts.hpp"
#include "agent/facts/sources.hpp"
#include "base/sha256.hpp"

namespace wright::agent {
namespace {

/// The value of KEY=value or KEY="value" in os-release.
std::string setting(const std::string& text, const std::string& key) {
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = std::min(text.find('\n', at), text.size());
    const std::string_view line(text.data() + at, end - at);
    at = end + 1;
    if (!line.starts_with(key + "=")) continue;
    std::string value = trimmed(line.substr(key.size() + 1));
    if (value.size() >= 2 && (value.front() == '"' || value.front() == '\'') && value.back() == value.front())
      value = value.substr(1, value.size() - 2);
    return value;
  }
  return {};
}

void put(Value::Map& table, const std::string& key, const std::string& value) {
  if (!value.empty()) table[key] = value;
}

Value::Map operating_system() {
  std::string text = text_of("/etc/os-release");
  if (text.empty()) text = text_of("/usr/lib/os-release");
  Value::Map os;
  put(os, "id", setting(text, "ID"));
  put(os, "version", setting(text, "VERSION_ID"));
  put(os, "codename", setting(text, "VERSION_CODENAME"));
  put(os, "name", setting(text, "PRETTY_NAME"));
  return os;
}

std::string debian_name(const std::string& machine) {
  constexpr std::array<std::pair<std::string_view, std::string_view>, 8> names{{{"x86_64", "amd64"},
                                                                                {"aarch64", "arm64"},
                                                                                {"armv7l", "armhf"},
                                                                                {"i686", "i386"},
                                                                                {"i586", "i386"},
                                                                                {"ppc64le", "ppc64el"},
                                                                                {"riscv64", "riscv64"},
                                                                                {"s390x", "s390x"}}};
  for (const auto& [kernel, debian] : names)
    if (machine == kernel) return std::string(debian);
  return machine;
}

/// A line of /proc/meminfo, in bytes.
Value memory(const std::string& text, const std::string& key) {
  const auto at = text.find(key + ":");
  if (at == std::string::npos) return {};
  return std::int64_t{std::strtoll(text.c_str() + at + key.size() + 1, nullptr, 10)} * 1024;
}

std::string link_target(const std::string& path) {
  char buffer[4096];
  const ssize_t count = ::readlink(path.c_str(), buffer, sizeof buffer);
  return count < 0 ? std::string() : std::string(buffer, static_cast<std::size_t>(count));
}

std::string container() {
  if (auto name = trimmed(text_of("/run/systemd/container")); !name.empty()) return name;
  const std::string environment = '\0' + text_of("/proc/1/environ");
  constexpr std::string_view key("\0container=", 11);
  if (const auto at = environment.find(key); at != std::string::npos)
    return std::string(environment.c_str() + at + key.size());
  struct stat info {};
  if (::stat("/.dockerenv", &info) == 0) return "docker";
  if (::stat("/run/.containerenv", &info) == 0) return "podman";
  return "none";
}

std::string timezone() {
  if (auto name = trimmed(text_of("/etc/timezone")); !name.empty()) return name;
  const std::string target = link_target("/etc/localtime");
  constexpr std::string_view zones = "/zoneinfo/";
  const auto at = target.find(zones);
  return at == std::string::npos ? "Etc/UTC" : target.substr(at + zones.size());
}

Value::Map filesystem(const char* path) {
  struct statvfs info {};
  Value::Map out;
  if (::statvfs(path, &info) != 0) return out;
  out["total_bytes"] = static_cast<std::int64_t>(info.f_blocks) * static_cast<std::int64_t>(info.f_frsize);
  out["free_bytes"] = static_cast<std::int64_t>(info.f_bavail) * static_cast<std::int64_t>(info.f_frsize);
  return out;
}

}  // namespace

Value::Map usual_facts() {
  Value::Map facts;
  utsname kernel{};
  ::uname(&kernel);
  facts["hostname"] = kernel.nodename;
  facts["machine"] = kernel.machine;
  facts["arch"] = debian_name(kernel.machine);
  facts["kernel"] = kernel.release;
  facts["os"] = operating_system();
  cpu_set_t cpus;
  facts["cpus"] = ::sched_getaffinity(0, sizeof cpus, &cpus) == 0 ? CPU_COUNT(&cpus) : 1;
  const std::string meminfo = text_of("/proc/meminfo");
  facts["memory"] = Value::Map{{"total_bytes", memory(meminfo, "MemTotal")}};
  facts["swap"] = Value::Map{{"total_bytes", memory(meminfo, "SwapTotal")}};
  facts["container"] = container();
  put(facts, "init", trimmed(text_of("/proc/1/comm")));
  if (const auto id = trimmed(text_of("/etc/machine-id")); !id.empty())
    facts["machine_id"] = sha256_hex("wright machine " + id);
  facts["timezone"] = timezone();
  facts["filesystems"] = Value::Map{{"root", filesystem("/")}, {"var", filesystem("/var")}};
  if (const auto version = installed_version("python3"); !version.empty())
    facts["python3"] = Value::Map{{"version", version}};
  if (auto ssh = ssh_of_process("/proc", ::getpid()); !ssh.empty()) facts["ssh"] = std::move(ssh);
  add_addresses(facts);
  return facts;
}

}  // namespace wright::agent
