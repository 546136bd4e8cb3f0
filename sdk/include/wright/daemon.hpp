#pragma once

#include <wright/format.hpp>
#include <wright/phases.hpp>
#include <wright/shell.hpp>

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace wright {

/// A program that systemd keeps running. Texts hold no control characters: the caller has checked that.
struct Daemon {
  std::string name;  ///< of the unit, without ".service"
  std::string description;
  std::vector<std::string> command;  ///< the program by its absolute path, and its arguments; no secrets
  std::string directory = "/";
  std::string user = "root";
  std::string group;                      ///< the user's own when empty
  bool notifies = false;                  ///< tells systemd by itself when it is ready
  bool reloads = false;                   ///< begins anew on SIGHUP
  std::vector<std::string> reload_check;  ///< a command that must succeed before that, if there is one
  std::uint32_t stable_s = 1;             ///< up for so long after a start, it counts as running
  std::uint32_t stop_s = 30;              ///< from SIGTERM to its main process to SIGKILL to all of them
  std::uint32_t start_s = 60;             ///< for a start, when it notifies
  std::string restart = "always";         ///< when it ends by itself; or "on-failure", and as systemd knows them
  std::uint32_t restart_s = 2;            ///< so long after its end
};

namespace detail {

/// One word of a systemd command line. What expands there (%, $) stands for itself.
inline std::string systemd_word(std::string_view text) {
  std::string out = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') out += '\\';
    if (c == '%' || c == '$') out += c;
    out += c;
  }
  return out + "\"";
}

inline std::string systemd_command(const std::vector<std::string>& words) {
  std::string out;
  for (const auto& word : words) out += (out.empty() ? "" : " ") + systemd_word(word);
  return out;
}

inline std::string doubled_percent(std::string_view text) {
  std::string out;
  for (const char c : text) out += c == '%' ? "%%" : std::string(1, c);
  return out;
}

inline std::string systemd_unit(const Daemon& d) {
  std::string out = "# Written by wright. Hand edits are reported by `wright plan` and replaced by the next apply.\n";
  out += "[Unit]\nDescription=" + doubled_percent(d.description) + "\nAfter=network-online.target\n";
  out += "Wants=network-online.target\n\n[Service]\n";
  out += wright::format("Type={}\nUser={}\n", d.notifies ? "notify" : "exec", d.user);
  if (!d.group.empty()) out += "Group=" + d.group + "\n";
  out += "WorkingDirectory=" + doubled_percent(d.directory) + "\nExecStart=" + systemd_command(d.command) + "\n";
  out += "SyslogIdentifier=" + d.name + "\n";
  if (!d.reload_check.empty()) out += "ExecReload=" + systemd_command(d.reload_check) + "\n";
  if (d.reloads) out += "ExecReload=/bin/kill -HUP $MAINPID\n";
  out += wright::format("KillMode=mixed\nTimeoutStartSec={}\nTimeoutStopSec={}\n", d.start_s, d.stop_s);
  out += wright::format("Restart={}\nRestartSec={}\n", d.restart, d.restart_s);
  return out + "\n[Install]\nWantedBy=multi-user.target\n";
}

}  // namespace detail

/// A script that runs a program as a component's programs run: run PROGRAM [ARGUMENT...]. In the directory, with the
/// variables, and through `through` unless that is empty: a program that is called with the other's command line.
inline Secret run_script(std::string_view directory, const std::map<std::string, Secret>& variables,
                         std::string_view through) {
  std::string text = "#!/bin/sh\n# run PROGRAM [ARGUMENT...]. Written by wright; the next apply replaces hand edits.\n";
  text += "set -eu\ncd " + shell_quoted(directory) + "\n";
  for (const auto& [name, value] : variables) text += "export " + name + "=" + shell_quoted(value.reveal()) + "\n";
  return Secret(text + "exec " + (through.empty() ? "" : shell_quoted(through) + " ") + "\"$@\"\n");
}

/// Declares the unit file and the service, which restarts when the file changes. More to restart or reload on can be
/// said of what is returned.
inline Service systemd_daemon(Declaring& on, const Daemon& d) {
  auto unit = on.file("/etc/systemd/system/" + d.name + ".service").mode(0644).content(detail::systemd_unit(d));
  return on.service(d.name).enabled().running().stable(d.stable_s).timeout(d.start_s + d.stop_s + 10).restart_on(unit);
}

}  // namespace wright
