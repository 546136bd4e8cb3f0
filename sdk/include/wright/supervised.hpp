#pragma once

#include <wright/format.hpp>
#include <wright/phases.hpp>

#include <algorithm>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace wright {

/// A program that Supervisor keeps running. Texts hold no control characters: the caller has checked that.
struct Supervised {
  std::string name;
  std::vector<std::string> command;  ///< the program by its absolute path, and its arguments; no secrets
  std::string directory = "/";
  std::string user = "root";
  std::map<std::string, Secret> environment;  ///< each passes why_no_supervised_variable()
  std::string umask = "022";
  std::uint32_t processes = 1;
  std::uint32_t priority = 999;
  bool autostart = true;
  std::string autorestart = "true";  ///< or "unexpected" or "false"
  std::vector<std::int64_t> exit_codes = {0};
  std::uint32_t start_s = 1;
  std::uint32_t start_retries = 3;
  std::string stop_signal = "TERM";
  std::uint32_t stop_s = 30;
  bool stop_as_group = false;
  bool kill_as_group = true;
  std::string reload_signal;              ///< it begins anew in the same process on this one; none when empty
  std::vector<std::string> reload_check;  ///< a command that must succeed before that, if there is one; run as root
  std::string log;                        ///< a path without "%"; one in log_folder when empty
  std::string stderr_log;                 ///< the same; in `log` when empty
  std::uint32_t log_max_mb = 50;
  std::uint32_t log_backups = 10;
  std::string log_folder = "/var/log/supervisor";  ///< a path without "%"

  /// Runs `words` as an account. Supervisor knows no group but the account's own: for another one, root starts it.
  void run_as(const std::string& account, const std::string& group, const std::vector<std::string>& words);
  /// Whether it is to run at all times.
  [[nodiscard]] bool stays_up() const { return autostart && autorestart != "false"; }
  /// The longest that a start or stop of it may take, in seconds.
  [[nodiscard]] std::uint32_t patience_s() const {
    // Between two tries supervisord waits one second longer each time.
    return stop_s + (start_s + 1) * (start_retries + 1) + start_retries * (start_retries + 1) / 2 + 20;
  }
};

/// Why Supervisor's files cannot hold a variable's value; empty when they can. They have no escapes: what stands behind
/// white space and "#" or ";" is a comment, even between quotes.
inline std::string_view why_no_supervised_variable(std::string_view value) {
  if (std::any_of(value.begin(), value.end(), [](unsigned char c) { return c < 0x20 || c == 0x7F; }))
    return "holds a control character, which Supervisor's files cannot";
  if (value.find('"') != std::string_view::npos && value.find('\'') != std::string_view::npos)
    return "holds both kinds of quotes, which Supervisor's files cannot";
  const auto is_quote = [](char c) { return c == '"' || c == '\''; };
  if (!value.empty() && (is_quote(value.front()) || is_quote(value.back())))
    return "begins or ends with a quote, which Supervisor takes away";
  for (std::size_t i = 1; i < value.size(); ++i)
    if ((value[i] == '#' || value[i] == ';') && value[i - 1] == ' ')
      return "holds a space before \"#\" or \";\", where Supervisor sees a comment begin";
  return {};
}

/// A command line, to be started by root, that runs `command` as an account with its other groups; the account's own
/// group when `group` is empty.
inline std::vector<std::string> as_account(const std::string& user, const std::string& group,
                                           const std::vector<std::string>& command) {
  std::vector<std::string> out = {"/usr/bin/setpriv", "--reuid=" + user, "--regid=" + (group.empty() ? user : group),
                                  "--init-groups", "--"};
  out.insert(out.end(), command.begin(), command.end());
  return out;
}

inline void Supervised::run_as(const std::string& account, const std::string& group,
                               const std::vector<std::string>& words) {
  const bool own_group = group.empty() || group == account;
  user = own_group ? account : "root";
  command = own_group ? words : as_account(account, group, words);
}

namespace detail {

/// One word of a command. "%" expands there; no blank may stand before what would begin a comment.
inline std::string supervised_word(std::string_view text) {
  if (text.empty()) return "\"\"";
  std::string out;
  for (const char c : text) {
    const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                       std::string_view("/._-+=:,@^").find(c) != std::string_view::npos ||
                       static_cast<unsigned char>(c) >= 0x80;
    if (c == ' ')
      out += "\" \"";
    else if (c == '%')
      out += "%%";
    else
      out += plain ? std::string(1, c) : std::string("\\") + c;
  }
  return out;
}

inline std::string supervised_environment(const std::map<std::string, Secret>& variables) {
  std::string out;
  for (const auto& [name, secret] : variables) {
    std::string value;
    for (const char c : secret.reveal()) value += c == '%' ? "%%" : std::string(1, c);
    const char quote = value.find('"') == std::string::npos ? '"' : '\'';
    out += (out.empty() ? "" : ",") + name + "=" + quote + value + quote;
  }
  return out;
}

inline std::string supervised_log(const Supervised& p) {
  if (!p.log.empty()) return p.log;
  return p.log_folder + "/" + p.name + (p.processes > 1 ? "-%(process_num)d" : "") + ".log";
}

inline std::string supervised_text(const Supervised& p) {
  std::string out = "; Written by wright. Hand edits are reported by `wright plan` and replaced by the next apply.\n";
  out += "[program:" + p.name + "]\ncommand=";
  for (std::size_t i = 0; i < p.command.size(); ++i) out += (i == 0 ? "" : " ") + supervised_word(p.command[i]);
  out += "\ndirectory=" + p.directory + "\nuser=" + p.user + "\numask=" + p.umask + "\n";
  if (!p.environment.empty()) out += "environment=" + supervised_environment(p.environment) + "\n";
  if (p.processes > 1)
    out += wright::format("numprocs={}\nprocess_name=%(program_name)s_%(process_num)d\n", p.processes);
  out += wright::format("priority={}\nautostart={}\nautorestart={}\n", p.priority, p.autostart, p.autorestart);
  out += "exitcodes=";
  for (std::size_t i = 0; i < p.exit_codes.size(); ++i)
    out += (i == 0 ? "" : ",") + wright::format("{}", p.exit_codes[i]);
  out += wright::format("\nstartsecs={}\nstartretries={}\nstopsignal={}\nstopwaitsecs={}\n", p.start_s, p.start_retries,
                        p.stop_signal, p.stop_s);
  out += wright::format("stopasgroup={}\nkillasgroup={}\n", p.stop_as_group, p.kill_as_group);
  const auto rotation = [&](std::string_view stream) {
    return wright::format("{}_logfile_maxbytes={}MB\n{}_logfile_backups={}\n", stream, p.log_max_mb, stream,
                          p.log_backups);
  };
  out += "stdout_logfile=" + supervised_log(p) + "\n" + rotation("stdout");
  if (p.stderr_log.empty()) return out + "redirect_stderr=true\n";
  return out + "stderr_logfile=" + p.stderr_log + "\n" + rotation("stderr");
}

}  // namespace detail

/// Declares the program's file in Supervisor's folder: 0600 and never shown when it has variables.
inline File supervised_file(Declaring& on, const Supervised& p) {
  auto file = on.file("/etc/supervisor/conf.d/" + p.name + ".conf").mode(0600);
  const std::string text = detail::supervised_text(p);
  return p.environment.empty() ? file.content(text) : file.content(Secret(text));
}

/// Declares the program, to be loaded anew when its file changes. `file` comes from supervised_file(); `socket` is that
/// of the supervisord, such as "${supervisor.socket}". More to restart on can be said of what is returned.
inline Program supervised_program(Declaring& on, const Supervised& p, const File& file, std::string_view socket) {
  auto program = on.program(p.name).socket(socket).timeout(p.patience_s()).restart_on(file);
  if (p.stays_up()) program.running();
  if (!p.reload_signal.empty()) program.reload_signal(p.reload_signal);
  if (!p.reload_check.empty()) program.reload_check(p.reload_check);
  for (const auto& [name, secret] : p.environment) program.hide(name, secret);
  return program;
}

/// What verify asks of it: that all its processes run, for some seconds already.
inline ProgramProbe supervised_probe(Verify& on, const Supervised& p, std::string_view socket) {
  const std::uint32_t up_s = std::max<std::uint32_t>(5, p.start_s);
  auto probe = on.program(p.name)
                   .socket(socket)
                   .processes(p.processes)
                   .up(up_s)
                   .deadline(up_s + 5.0)
                   .named(wright::format("{} runs for {} s", p.name, up_s));
  for (const auto& [name, secret] : p.environment) probe.hide(name, secret);
  return probe;
}

}  // namespace wright
