#include <algorithm>
#include <set>
#include <wright/check.hpp>

#include "parts.hpp"

namespace base {
namespace {

std::string file_of(const LogRotation& rotation) { return "/etc/logrotate.d/" + rotation.name; }

/// Of all that it says, only what is wrong.
constexpr const char* trying =
    R"(said=$(/usr/sbin/logrotate --debug "$1" 2>&1) || { printf '%s\n' "$said" | grep '^error: ' >&2; exit 1; })";

/// logrotate passes over files with some endings, such as .disabled, so there are no dots.
bool is_file_name(std::string_view text) {
  return !text.empty() && text[0] != '-' &&
         text.find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-") ==
             std::string_view::npos;
}

bool is_log(std::string_view text) {
  return wright::is_absolute_path(text) && text.find_first_of("\"\\{}") == std::string_view::npos;
}

bool is_account(std::string_view text) {
  return wright::is_word(text) && text.find_first_of("\"'\\{}#:") == std::string_view::npos;
}

bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

/// One that does not end the script that it stands in. logrotate reads a line's first word up to the first character
/// that is no letter, so "endscript;" ends it too.
bool is_shell_line(std::string_view text) {
  const auto first = text.find_first_not_of(' ');
  if (!wright::is_line(text) || first == std::string_view::npos) return false;
  constexpr std::string_view end = "endscript";
  const std::string_view rest = text.substr(first);
  return !rest.starts_with(end) || (rest.size() > end.size() && is_letter(rest[end.size()]));
}

void check(wright::Configure& on, const LogRotation& r, const std::string& where) {
  if (!is_file_name(r.name)) on.error(where + ".name", "must be of letters, digits, \"_\" and \"-\"");
  if (r.paths.empty()) on.error(where + ".paths", "must name a log");
  for (std::size_t i = 0; i < r.paths.size(); ++i)
    if (!is_log(r.paths[i]))
      on.error(wright::format("{}.paths[{}]", where, i),
               "must be an absolute path without quotes, backslashes and braces, such as /var/log/shop/*.log");
  if (!r.create_mode.empty() && !wright::mode_of(r.create_mode))
    on.error(where + ".create_mode", "must be permissions in octal, such as \"0640\"");
  for (const auto& [name, value] : {std::pair{"owner", r.owner}, std::pair{"group", r.group}}) {
    const std::string option = wright::format("{}.{}", where, name);
    if (value.empty() != r.owner.empty())
      on.error(option, "must be given when the other of owner and group is");
    else if (!value.empty() && !is_account(value))
      on.error(option, "must be the name of an account or a group");
    else if (!value.empty() && r.create_mode.empty())
      on.error(option, "needs create_mode");
  }
  const auto colon = r.run_as.find(':');
  if (!r.run_as.empty() &&
      (colon == std::string::npos || !is_account(r.run_as.substr(0, colon)) || !is_account(r.run_as.substr(colon + 1))))
    on.error(where + ".run_as", "must be USER:GROUP, such as shop:shop");
  if (r.copy_truncate && !r.create_mode.empty())
    on.error(where + ".create_mode", "has no meaning with copy_truncate, which keeps the file");
  for (std::size_t i = 0; i < r.after.size(); ++i)
    if (!is_shell_line(r.after[i]))
      on.error(wright::format("{}.after[{}]", where, i), "must be one line of shell, not \"endscript\"");
}

/// The line that begins the rule, as logrotate also says it of a rule that it has read.
std::string logs_of(const LogRotation& rotation) {
  std::string out;
  for (const auto& path : rotation.paths) out += (out.empty() ? "\"" : " \"") + path + "\"";
  return out;
}

std::string text_of(const LogRotation& r) {
  std::string out = std::string(written_by) + logs_of(r) + " {\n";
  auto line = [&](const std::string& directive) { out += "  " + directive + "\n"; };
  line(r.frequency);
  line(wright::format("rotate {}", r.keep));
  if (r.size_mb != 0) line(wright::format("maxsize {}M", r.size_mb));
  if (r.max_age_days != 0) line(wright::format("maxage {}", r.max_age_days));
  line(r.compress ? "compress" : "nocompress");
  if (r.compress) line(r.delay_compress ? "delaycompress" : "nodelaycompress");
  if (r.copy_truncate) line("copytruncate");
  line(r.date_suffix ? "dateext" : "nodateext");
  line(r.missing_ok ? "missingok" : "nomissingok");
  line(r.skip_empty ? "notifempty" : "ifempty");
  if (!r.create_mode.empty()) line("create " + r.create_mode + (r.owner.empty() ? "" : " " + r.owner + " " + r.group));
  if (!r.run_as.empty()) {
    const auto colon = r.run_as.find(':');
    line("su " + r.run_as.substr(0, colon) + " " + r.run_as.substr(colon + 1));
  }
  if (!r.after.empty()) {
    line("sharedscripts");
    line("postrotate");
    for (const auto& command : r.after) line("  " + command);
    line("endscript");
  }
  return out + "}\n";
}

}  // namespace

void install_logrotate(wright::Install& on, const std::vector<LogRotation>& rotations) {
  if (!rotations.empty()) on.package("logrotate");
}

void configure_logrotate(wright::Configure& on, const std::vector<LogRotation>& rotations) {
  if (rotations.empty()) return;
  std::set<std::string> names;
  for (std::size_t i = 0; i < rotations.size(); ++i) {
    const std::string where = wright::format("logrotate[{}]", i);
    check(on, rotations[i], where);
    if (!names.insert(rotations[i].name).second)
      on.error(where + ".name", "\"" + rotations[i].name + "\" is another rule's, too");
    else if (is_file_name(rotations[i].name))
      on.file(file_of(rotations[i]))
          .mode(0644)
          .content(text_of(rotations[i]))
          .validate({"/bin/sh", "-c", trying, "sh", "{}"});
  }
  on.service("logrotate.timer").enabled().running();
}

void verify_logrotate(wright::Verify& on, const std::vector<LogRotation>& rotations) {
  if (rotations.empty()) return;
  for (const auto& rotation : rotations) {
    // Among all files, as logrotate passes over a whole file that names a log of another one; then by itself, where it
    // fails for a folder that it does not dare to rotate in.
    on.check_command({"/bin/sh", "-c",
                      "/usr/sbin/logrotate --debug /etc/logrotate.conf 2>&1 | grep -F -- \"rotating pattern: $1 \" && "
                      "exec /usr/sbin/logrotate --debug \"$2\"",
                      "sh", logs_of(rotation), file_of(rotation)})
        .named("logrotate rotates by " + rotation.name);
  }
  on.check_command({"/usr/bin/systemctl", "is-active", "--quiet", "logrotate.timer"}).named("and does so each day");
}

}  // namespace base
