#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>
#include <wright/plugin.hpp>

#include "fail2ban_options.hpp"
#include "logrotate_options.hpp"

namespace base {

struct Rule {
  std::vector<std::uint16_t> ports;
  std::vector<std::string> port_ranges;
  std::string protocol = "tcp";
  std::vector<std::string> from;
  std::vector<std::string> interfaces;
  std::string comment;

  static constexpr auto options = wright::options(
      wright::option("ports", &Rule::ports, "Ports that may be reached.").range(1, 65535),
      wright::option("port_ranges", &Rule::port_ranges, "And ranges of them, such as \"50000-51000\"."),
      wright::option("protocol", &Rule::protocol, "Of the ports.").choices("tcp", "udp"),
      wright::option("from", &Rule::from,
                     "Addresses and networks that may, such as 10.0.0.0/8 or 2001:db8::/32; all when empty. Without "
                     "ports, they may reach everything."),
      wright::option("interfaces", &Rule::interfaces, "Network interfaces that it holds for; all when empty."),
      wright::option("comment", &Rule::comment, "Shown by `nft list ruleset`."));
};

struct Firewall {
  bool enabled = false;
  std::vector<Rule> allow;
  std::vector<std::uint16_t> ssh_ports;
  bool ping = true;
  std::string forward = "untouched";
  bool log_dropped = false;
  std::vector<std::string> extra;

  static constexpr auto options = wright::options(
      wright::option("enabled", &Firewall::enabled,
                     "Drops what comes in and is not allowed. Answers, loopback, the ICMP that networks need, and the "
                     "SSH port that wright comes in by are always let through."),
      wright::option("allow", &Firewall::allow, "What may come in."),
      wright::option("ssh_ports", &Firewall::ssh_ports,
                     "More ports that are never closed. When the host is \"local\", name sshd's if it is not 22.")
          .range(1, 65535),
      wright::option("ping", &Firewall::ping, "Answers pings."),
      wright::option("forward", &Firewall::forward, "What is routed through the host: left alone, or dropped.")
          .choices("untouched", "drop"),
      wright::option("log_dropped", &Firewall::log_dropped, "Logs at most ten dropped packets a minute."),
      wright::option("extra", &Firewall::extra, "More rules of nftables, tried before those of allow."));
};

struct Upgrades {
  bool enabled = false;
  std::vector<std::string> origins;
  std::vector<std::string> keep_back;
  std::string mail;
  std::string mail_report = "on-change";
  bool reboot = false;
  bool reboot_with_users = true;
  std::string reboot_time = "04:30";
  std::string time;
  bool remove_unused = false;
  std::uint32_t autoclean_days = 7;

  static constexpr auto options = wright::options(
      wright::option("enabled", &Upgrades::enabled, "Installs upgrades by itself, each day."),
      wright::option("origins", &Upgrades::origins,
                     "Where from, in place of the distribution's choice (its security updates), such as "
                     "\"origin=Debian,codename=$${distro_codename},label=Debian-Security\"."),
      wright::option("keep_back", &Upgrades::keep_back, "Packages that are not upgraded; regular expressions."),
      wright::option("mail", &Upgrades::mail, "Address for reports; the host must be able to send mail."),
      wright::option("mail_report", &Upgrades::mail_report, "When.").choices("always", "only-on-error", "on-change"),
      wright::option("reboot", &Upgrades::reboot, "Reboots when an upgrade asks for it."),
      wright::option("reboot_time", &Upgrades::reboot_time, "When, such as 04:30."),
      wright::option("reboot_with_users", &Upgrades::reboot_with_users,
                     "Also while somebody is logged in; otherwise the next upgrade tries again."),
      wright::option("time", &Upgrades::time,
                     "Time of day of the upgrades, such as 03:15; the distribution's (06:00 and up to an hour later) "
                     "when empty."),
      wright::option("remove_unused", &Upgrades::remove_unused, "Removes dependencies that nothing needs any more."),
      wright::option("autoclean_days", &Upgrades::autoclean_days,
                     "Old packages leave apt's cache after so many days; 0: never."));
};

struct SwapFile {
  std::string path;
  std::uint32_t size_mb = 0;
  std::optional<std::int32_t> priority;

  static constexpr auto options = wright::options(
      wright::option("path", &SwapFile::path,
                     "Where it is, in a folder that is there; its size is put behind it, as in /var/swap.512m.")
          .required(),
      wright::option("size_mb", &SwapFile::size_mb, "Its size in MiB.").range(1, 1048576).required(),
      wright::option("priority", &SwapFile::priority,
                     "Swap of a higher one is used first, that of the same side by side; when not given, the kernel "
                     "gives each file a lower one than the last.")
          .range(0, 32767));
};

struct Config {
  std::vector<std::string> packages;
  std::vector<std::string> latest;
  std::string timezone;
  std::vector<std::string> locales;
  std::string default_locale;
  std::map<std::string, std::string> locale_categories;
  std::string time_sync = "untouched";
  std::vector<std::string> time_servers;
  std::uint32_t swap_mb = 0;
  std::string swap_path = "/swapfile";
  std::vector<SwapFile> swap_files;
  bool swap_only_without = false;
  std::map<std::string, std::string> sysctl;
  std::map<std::string, std::string> sshd;
  std::vector<LogRotation> logrotate;
  Fail2ban fail2ban;
  Upgrades unattended_upgrades;
  Firewall firewall;
};

inline constexpr auto config_options = wright::options(
    wright::option("packages", &Config::packages, "Packages of the distribution, such as build-essential, git, htop."),
    wright::option(
        "latest", &Config::latest,
        "Packages of which an apply installs the newest version that apt would; lists of packages older than a day "
        "are refreshed first, beside the host's own."),
    wright::option("timezone", &Config::timezone, "Time zone, such as Europe/Berlin; untouched when empty."),
    wright::option("locales", &Config::locales, "Locales to make, such as de_DE.UTF-8."),
    wright::option("default_locale", &Config::default_locale, "LANG of logins, such as de_DE.UTF-8."),
    wright::option("locale_categories", &Config::locale_categories,
                   "Locales for some purposes of logins, such as LC_TIME = \"en_GB.UTF-8\"."),
    wright::option("time_sync", &Config::time_sync, "What keeps the clock right.")
        .choices("untouched", "timesyncd", "chrony"),
    wright::option("time_servers", &Config::time_servers, "NTP servers; the distribution's when empty."),
    wright::option("swap_mb", &Config::swap_mb, "Size of a swap file in MiB; 0 for none.").range(0, 1048576),
    wright::option("swap_path", &Config::swap_path, "Where it is; its size is put behind it, as in /swapfile.512m."),
    wright::option("swap_files", &Config::swap_files,
                   "More swap files, each with its priority; beside that of swap_mb when both are given."),
    wright::option("swap_only_without", &Config::swap_only_without,
                   "Swap files only on a host that has no other swap, or less than 1 MiB of it."),
    wright::option("sysctl", &Config::sysctl, "Settings of the kernel, such as \"net.core.somaxconn\" = \"4096\"."),
    wright::option(
        "sshd", &Config::sshd,
        "Settings of sshd by the keywords of sshd_config(5), such as PasswordAuthentication = \"no\"; several "
        "values with spaces between them, as in Port = \"22 2222\". What would lock wright out is refused."),
    wright::option("logrotate", &Config::logrotate, "Rules by which logs are rotated."),
    wright::option("fail2ban", &Config::fail2ban, "Bans addresses whose logins fail; nothing without jails."),
    wright::option("unattended_upgrades", &Config::unattended_upgrades, "Upgrades that install themselves."),
    wright::option("firewall", &Config::firewall, "A firewall of nftables."));

}  // namespace base
