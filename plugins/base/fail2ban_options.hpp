#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>
#include <wright/plugin.hpp>

namespace base {

struct Jail {
  std::string name;
  bool enabled = true;
  std::string filter;
  std::vector<std::string> ports;
  std::optional<std::uint32_t> maxretry;
  std::string findtime;
  std::string bantime;
  std::string backend;
  std::vector<std::string> logpath;
  std::map<std::string, std::string> settings;

  static constexpr auto options = wright::options(
      wright::option("name", &Jail::name, "One of fail2ban's jails, such as sshd, or a new one with its filter.")
          .required(),
      wright::option("enabled", &Jail::enabled, "Whether it runs."),
      wright::option("filter", &Jail::filter, "A file of /etc/fail2ban/filter.d; that of the jail's name when empty."),
      wright::option(
          "ports", &Jail::ports,
          "What is closed to a banned address, such as \"443\", \"8000:8010\" or \"http\"; fail2ban's choice "
          "when empty, for sshd with the ports that it listens at."),
      wright::option("maxretry", &Jail::maxretry, "Failures that ban; fail2ban's own (5) when not given.")
          .range(1, 100000),
      wright::option("findtime", &Jail::findtime, "Within which time, such as 10m; fail2ban's own (10m) when empty."),
      wright::option("bantime", &Jail::bantime,
                     "For how long, such as 1h, or -1 for ever; fail2ban's own (10m) when empty."),
      wright::option(
          "backend", &Jail::backend,
          "Where it reads failures: systemd's journal, or files. When empty, files with logpath, the journal "
          "for what Debian's services log there, and fail2ban's choice for others.")
          .choices("", "auto", "systemd", "polling"),
      wright::option("logpath", &Jail::logpath, "Logs that it reads; they must be there."),
      wright::option("settings", &Jail::settings, "More of jail.conf(5) for it, such as mode = \"aggressive\"."));
};

struct Fail2ban {
  std::vector<Jail> jails;
  std::vector<std::string> ignore;
  bool ignore_controller = true;

  static constexpr auto options = wright::options(
      wright::option("jails", &Fail2ban::jails,
                     "The jails. That of sshd, which Debian enables, runs only when it is among them."),
      wright::option("ignore", &Fail2ban::ignore,
                     "Addresses and networks that are never banned, besides the host itself."),
      wright::option("ignore_controller", &Fail2ban::ignore_controller,
                     "Nor the address that wright comes from. When that is not in ignore, it is part of what is "
                     "written: name all that wright may come from there, or an apply from elsewhere replaces it."));
};

}  // namespace base
