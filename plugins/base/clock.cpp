#include <wright/check.hpp>

#include "parts.hpp"

namespace base {
namespace {

constexpr std::string_view zones = "/usr/share/zoneinfo/";

bool is_zone(std::string_view text) {
  return !text.empty() && text[0] != '/' && text.back() != '/' && text.find("..") == std::string_view::npos &&
         text.find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_+-/") ==
             std::string_view::npos;
}

void check_zone(wright::Configure& on, const std::string& zone) {
  if (!is_zone(zone)) return on.error("timezone", "must be the name of a time zone, such as Europe/Berlin");
  const std::string path = std::string(zones) + zone;
  on.need({"path.exists:" + path, "path.exists:/etc/timezone", "dpkg.version:tzdata", "dpkg.version:cron"});
  if (!on.fact("dpkg.version:tzdata").absent() && !on.fact("path.exists:" + path).boolean_or(true))
    on.error("timezone", "the host knows no time zone of that name",
             "`timedatectl list-timezones` lists them; old names need the package tzdata-legacy");
}

/// Debian 13 has no file with the zone's name any more; one that is there must not tell another zone.
bool has_name_file(const wright::Phase& on) {
  return !is_debian_from(on, 13) || on.fact("path.exists:/etc/timezone").boolean_or(false);
}

void configure_zone(wright::Configure& on, const std::string& zone) {
  check_zone(on, zone);
  auto link = on.symlink("/etc/localtime").target(std::string(zones) + zone);
  if (has_name_file(on)) on.file("/etc/timezone").mode(0644).content(zone + "\n");
  // It reads the time zone only once. Others that do are components of their own.
  if (!on.fact("dpkg.version:cron").absent()) on.service("cron").restart_on(link);
  on.export_value("timezone", zone);
}

std::string unit_of(const Config& c) { return c.time_sync == "chrony" ? "chrony" : "systemd-timesyncd"; }

std::string timesyncd_conf(const Config& c) {
  std::string out(written_by);
  out += "[Time]\nNTP=";
  for (const auto& server : c.time_servers) out += (out.back() == '=' ? "" : " ") + server;
  return out + "\nFallbackNTP=\n";
}

std::string chrony_conf(const Config& c) {
  std::string out(written_by);
  for (const auto& server : c.time_servers) out += "server " + server + " iburst\n";
  return out +
         "driftfile /var/lib/chrony/chrony.drift\nntsdumpdir /var/lib/chrony\nlogdir /var/log/chrony\n"
         "maxupdateskew 100.0\nrtcsync\nmakestep 1 3\n";
}

/// A container has the clock of the machine that it runs on, so both daemons refuse to run in one.
bool may_set_the_clock(const wright::Phase& on) { return container_of(on).empty(); }

}  // namespace

void install_clock(wright::Install& on, const Config& c) {
  if (!c.timezone.empty()) on.package("tzdata");
  if (c.time_sync != "untouched") on.package(unit_of(c));
}

void configure_clock(wright::Configure& on, const Config& c) {
  if (!c.timezone.empty()) configure_zone(on, c.timezone);
  for (std::size_t i = 0; i < c.time_servers.size(); ++i)
    if (!wright::is_word(c.time_servers[i]) || c.time_servers[i].find_first_of("#;!%") != std::string::npos)
      on.error(wright::format("time_servers[{}]", i), "must be a host name or an address");
  if (c.time_sync == "untouched") {
    if (!c.time_servers.empty()) on.error("time_servers", "need time_sync = \"timesyncd\" or \"chrony\"");
    return;
  }
  auto daemon = on.service(unit_of(c)).enabled();
  if (may_set_the_clock(on))
    daemon.running();
  else
    on.warning("time_sync", unit_of(c) + " is set up but does not run, as this host is a container",
               "it has the clock of the machine that it runs on: set time_sync there");
  if (c.time_servers.empty()) return;
  if (c.time_sync == "chrony") {
    daemon.restart_on(on.file("/etc/chrony/chrony.conf").mode(0644).content(chrony_conf(c)));
    return;
  }
  auto folder = on.directory("/etc/systemd/timesyncd.conf.d").mode(0755);
  daemon.restart_on(
      on.file("/etc/systemd/timesyncd.conf.d/60-wright.conf").mode(0644).content(timesyncd_conf(c)).after(folder));
}

void verify_clock(wright::Verify& on, const Config& c) {
  if (is_zone(c.timezone)) {
    const std::string path = std::string(zones) + c.timezone;
    on.check_command({"/usr/bin/cmp", "/etc/localtime", path}).named("local time is that of " + c.timezone);
    on.check_command({"/usr/bin/readlink", "/etc/localtime"})
        .contains(path + "\n")
        .named("/etc/localtime is " + c.timezone);
    if (has_name_file(on))
      on.file_check("/etc/timezone").contains(c.timezone + "\n").named("/etc/timezone is " + c.timezone);
  }
  if (c.time_sync == "untouched") return;
  if (!may_set_the_clock(on)) {
    on.check_command({"/usr/bin/systemctl", "is-enabled", "--quiet", unit_of(c)}).named(unit_of(c) + " is enabled");
    return;
  }
  on.check_command({"/usr/bin/systemctl", "is-active", "--quiet", unit_of(c)}).named(unit_of(c) + " keeps the clock");
  // A daemon that has just begun must reach a server first.
  constexpr double patience = 60;
  if (c.time_sync == "chrony") {
    on.check_command({"/usr/bin/chronyc", "-n", "tracking"})
        .contains("Leap status     : Normal")
        .deadline(patience)
        .named("chrony follows a time server");
    return;
  }
  // This is shown only after a server has answered; the rest of what timedatectl shows is there without one.
  on.check_command({"/usr/bin/timedatectl", "show-timesync", "--property=NTPMessage"})
      .contains("NTPMessage={")
      .deadline(patience)
      .named("timesyncd follows a time server");
  on.check_command({"/usr/bin/timedatectl", "show", "--property=NTPSynchronized"})
      .contains("NTPSynchronized=yes")
      .deadline(patience)
      .named("the clock is synchronized");
}

}  // namespace base
