#include "fail2ban_text.hpp"

#include <algorithm>

#include "parts.hpp"

namespace base {
namespace {

std::string joined(const std::vector<std::string>& words, std::string_view between) {
  std::string out;
  for (const auto& word : words) out += (out.empty() ? std::string() : std::string(between)) + word;
  return out;
}

void set(std::string& out, std::string_view name, const std::string& value) {
  if (!value.empty()) out += std::string(name) + " = " + value + "\n";
}

}  // namespace

std::string fail2ban_text(const std::vector<Jail>& jails, const std::vector<std::string>& ignored,
                          const std::vector<std::string>& ssh_ports) {
  // Debian has no files of syslog since 12, so what would look there reads the journal: default_backend is for those.
  // Rules are there from the start, and not only after the first ban, so that one that nft refuses is found now.
  std::string out = std::string(written_by) +
                    "[DEFAULT]\n"
                    "default_backend = systemd\n"
                    "banaction = nftables[actionstart_on_demand=false]\n"
                    "banaction_allports = nftables[type=allports, actionstart_on_demand=false]\n";
  set(out, "ignoreip", joined(ignored, " "));
  // Debian enables it for every host.
  if (std::none_of(jails.begin(), jails.end(), [](const Jail& jail) { return jail.name == "sshd"; }))
    out += "\n[sshd]\nenabled = false\n";
  for (const auto& jail : jails) {
    out += "\n[" + jail.name + "]\n";
    set(out, "enabled", jail.enabled ? "true" : "false");
    set(out, "filter", jail.filter);
    set(out, "port", joined(jail.ports.empty() && jail.name == "sshd" ? ssh_ports : jail.ports, ","));
    if (jail.maxretry) set(out, "maxretry", wright::format("{}", *jail.maxretry));
    set(out, "findtime", jail.findtime);
    set(out, "bantime", jail.bantime);
    set(out, "backend", jail.backend.empty() && !jail.logpath.empty() ? "auto" : jail.backend);
    // Further lines of a value are indented.
    set(out, "logpath", joined(jail.logpath, "\n  "));
    for (const auto& [name, value] : jail.settings) set(out, name, value);
  }
  return out;
}

}  // namespace base
