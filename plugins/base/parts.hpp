#pragma once

#include <charconv>

#include "options.hpp"

// The parts of the base system. Each has what it installs, configures and verifies in a file of its own, and declares
// nothing unless its option is given.
namespace base {

inline constexpr std::string_view written_by =
    "# Written by wright. Hand edits are reported by `wright plan` and replaced by the next apply.\n";

void install_packages(wright::Install& on, const Config& c);
void verify_packages(wright::Verify& on, const Config& c);

void install_clock(wright::Install& on, const Config& c);
void configure_clock(wright::Configure& on, const Config& c);
void verify_clock(wright::Verify& on, const Config& c);

void install_locales(wright::Install& on, const Config& c);
void configure_locales(wright::Configure& on, const Config& c);
void verify_locales(wright::Verify& on, const Config& c);

void configure_swap(wright::Configure& on, const Config& c);
void verify_swap(wright::Verify& on, const Config& c);

void configure_kernel(wright::Configure& on, const Config& c);
void verify_kernel(wright::Verify& on, const Config& c);

void configure_sshd(wright::Configure& on, const std::map<std::string, std::string>& sshd);
void verify_sshd(wright::Verify& on, const std::map<std::string, std::string>& sshd);

void install_logrotate(wright::Install& on, const std::vector<LogRotation>& rotations);
void configure_logrotate(wright::Configure& on, const std::vector<LogRotation>& rotations);
void verify_logrotate(wright::Verify& on, const std::vector<LogRotation>& rotations);

void install_fail2ban(wright::Install& on, const Fail2ban& f);
void configure_fail2ban(wright::Configure& on, const Config& c);
void verify_fail2ban(wright::Verify& on, const Fail2ban& f);

void install_upgrades(wright::Install& on, const Upgrades& u);
void configure_upgrades(wright::Configure& on, const Upgrades& u);
void verify_upgrades(wright::Verify& on, const Upgrades& u);

void install_firewall(wright::Install& on, const Firewall& f);
void configure_firewall(wright::Configure& on, const Firewall& f);
void verify_firewall(wright::Verify& on, const Firewall& f);

/// What the host is a container of; empty when it is none.
inline std::string container_of(const wright::Phase& on) {
  const std::string kind = on.fact("container").text_or("none");
  return kind == "none" ? std::string() : kind;
}

/// Debian of that release or a later one.
inline bool is_debian_from(const wright::Phase& on, int release) {
  const std::string version = on.fact("os.version").text_or("");
  int found = 0;
  std::from_chars(version.data(), version.data() + version.size(), found);
  return on.fact("os.id").text_or("") == "debian" && found >= release;
}

/// "HH:MM".
inline bool is_time_of_day(std::string_view text) {
  auto digit = [&](std::size_t at) { return text[at] >= '0' && text[at] <= '9'; };
  return text.size() == 5 && text[2] == ':' && digit(0) && digit(1) && digit(3) && digit(4) &&
         text.substr(0, 2) < "24" && text.substr(3) < "60";
}

}  // namespace base
