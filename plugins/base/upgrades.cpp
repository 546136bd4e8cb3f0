#include <wright/check.hpp>

#include "parts.hpp"

namespace base {
namespace {

constexpr const char* conf_path = "/etc/apt/apt.conf.d/60wright-upgrades";
constexpr const char* timers[] = {"apt-daily.timer", "apt-daily-upgrade.timer"};

bool is_quotable(std::string_view text) {
  return !text.empty() && wright::is_line(text) && text.find_first_of("\"\\") == std::string_view::npos;
}

void check(wright::Configure& on, const Upgrades& u) {
  auto path = [](std::string_view name) { return "unattended_upgrades." + std::string(name); };
  auto quotable = [&](std::string_view name, const std::vector<std::string>& list) {
    for (std::size_t i = 0; i < list.size(); ++i)
      if (!is_quotable(list[i]))
        on.error(path(wright::format("{}[{}]", name, i)), "must be a text without quotes, backslashes and line breaks");
  };
  quotable("origins", u.origins);
  quotable("keep_back", u.keep_back);
  if (!u.mail.empty() && (!wright::is_word(u.mail) || !is_quotable(u.mail)))
    on.error(path("mail"), "must be a mail address");
  if (!is_time_of_day(u.reboot_time)) on.error(path("reboot_time"), "must be a time of day, such as 04:30");
  if (!u.time.empty() && !is_time_of_day(u.time)) on.error(path("time"), "must be a time of day, such as 03:15");
}

void set(std::string& out, std::string_view name, std::string_view value) {
  out += std::string(name) + " \"" + std::string(value) + "\";\n";
}

void list(std::string& out, std::string_view name, const std::vector<std::string>& values) {
  out += std::string(name) + " {\n";
  for (const auto& value : values) out += "  \"" + value + "\";\n";
  out += "};\n";
}

std::string conf(const Upgrades& u) {
  // Not with "#", which begins a directive of apt's.
  std::string out = "// Written by wright. Hand edits are reported by `wright plan` and replaced by the next apply.\n";
  set(out, "APT::Periodic::Enable", "1");
  set(out, "APT::Periodic::Update-Package-Lists", "1");
  set(out, "APT::Periodic::Unattended-Upgrade", "1");
  set(out, "APT::Periodic::AutocleanInterval", wright::format("{}", u.autoclean_days));
  if (!u.origins.empty()) {
    out += "#clear Unattended-Upgrade::Allowed-Origins;\n#clear Unattended-Upgrade::Origins-Pattern;\n";
    list(out, "Unattended-Upgrade::Origins-Pattern", u.origins);
  }
  if (!u.keep_back.empty()) list(out, "Unattended-Upgrade::Package-Blacklist", u.keep_back);
  if (!u.mail.empty()) {
    set(out, "Unattended-Upgrade::Mail", u.mail);
    set(out, "Unattended-Upgrade::MailReport", u.mail_report);
  }
  set(out, "Unattended-Upgrade::Remove-Unused-Dependencies", wright::format("{}", u.remove_unused));
  set(out, "Unattended-Upgrade::Automatic-Reboot", wright::format("{}", u.reboot));
  if (u.reboot) {
    set(out, "Unattended-Upgrade::Automatic-Reboot-Time", u.reboot_time);
    set(out, "Unattended-Upgrade::Automatic-Reboot-WithUsers", wright::format("{}", u.reboot_with_users));
  }
  return out;
}

}  // namespace

void install_upgrades(wright::Install& on, const Upgrades& u) {
  if (u.enabled) on.package("unattended-upgrades");
}

void configure_upgrades(wright::Configure& on, const Upgrades& u) {
  if (!u.enabled) return;
  check(on, u);
  on.file(conf_path).mode(0644).content(conf(u)).validate({"/usr/bin/apt-config", "-c", "{}", "dump"});
  on.service(timers[0]).enabled().running();
  auto upgrading = on.service(timers[1]).enabled().running();
  if (u.time.empty()) return;
  auto folder = on.directory("/etc/systemd/system/apt-daily-upgrade.timer.d").mode(0755);
  upgrading.restart_on(on.file("/etc/systemd/system/apt-daily-upgrade.timer.d/60-wright.conf")
                           .mode(0644)
                           .content(std::string(written_by) + "[Timer]\nOnCalendar=\nOnCalendar=*-*-* " + u.time +
                                    "\nRandomizedDelaySec=10min\n")
                           .after(folder));
}

void verify_upgrades(wright::Verify& on, const Upgrades& u) {
  if (!u.enabled) return;
  for (const char* timer : timers)
    for (const char* question : {"is-enabled", "is-active"})
      on.check_command({"/usr/bin/systemctl", question, "--quiet", timer})
          .named(wright::format("{} {}", timer, question));
  // Asks apt, so that a file which overrides ours is found.
  on.check_command({"/usr/bin/apt-config", "dump", "APT::Periodic::Unattended-Upgrade"})
      .contains("APT::Periodic::Unattended-Upgrade \"1\"")
      .named("apt installs upgrades by itself");
  auto has = [&](const std::string& name, const std::string& value, const char* meaning) {
    on.check_command({"/usr/bin/apt-config", "dump", "Unattended-Upgrade::" + name})
        .contains("Unattended-Upgrade::" + name + " \"" + value + "\";\n")
        .named(meaning);
  };
  has("Automatic-Reboot", wright::format("{}", u.reboot),
      u.reboot ? "upgrades reboot the host" : "upgrades do not reboot the host");
  if (!u.reboot) return;
  has("Automatic-Reboot-Time", u.reboot_time, "and when");
  has("Automatic-Reboot-WithUsers", wright::format("{}", u.reboot_with_users),
      u.reboot_with_users ? "whoever is logged in" : "unless somebody is logged in");
}

}  // namespace base
