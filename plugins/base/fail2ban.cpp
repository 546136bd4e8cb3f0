#include <algorithm>
#include <set>
#include <wright/check.hpp>

#include "fail2ban_text.hpp"
#include "network.hpp"
#include "parts.hpp"
#include "sshd_listening.hpp"
#include "sshd_login.hpp"

namespace base {
namespace {

constexpr std::string_view digits = "0123456789";
constexpr std::string_view letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-";

bool is_name(std::string_view text) {
  return !text.empty() && text[0] != '-' && text.find_first_not_of(letters) == std::string_view::npos;
}

/// "600", "10m", "1w".
bool is_duration(std::string_view text) {
  const auto end = std::min(text.find_first_not_of(digits), text.size());
  const auto unit = text.substr(end);
  static const std::set<std::string_view> units = {"", "s", "m", "h", "d", "w", "mo", "y"};
  return end > 0 && end < 10 && units.contains(unit);
}

bool is_number_of_port(std::string_view text) {
  return !text.empty() && text.size() <= 5 && text.find_first_not_of(digits) == std::string_view::npos &&
         std::stoi(std::string(text)) <= 65535;
}

/// A number, a range as in 8000:8010, or the name of a service.
bool is_port(std::string_view text) {
  const auto colon = text.find(':');
  if (colon != std::string_view::npos)
    return is_number_of_port(text.substr(0, colon)) && is_number_of_port(text.substr(colon + 1));
  return is_number_of_port(text) || (is_name(text) && digits.find(text[0]) == std::string_view::npos);
}

void check_settings(wright::Configure& on, const Jail& jail, const std::string& where) {
  static const std::set<std::string_view> own = {"enabled",  "filter",  "port",    "maxretry",
                                                 "findtime", "bantime", "backend", "logpath"};
  for (const auto& [name, value] : jail.settings) {
    const std::string option = where + ".settings." + name;
    if (name == "ignoreip")
      on.error(option, "belongs into fail2ban.ignore");
    else if (own.contains(name))
      on.error(option, "has an option of its own: " + std::string(name == "port" ? "ports" : name));
    else if (name.empty() || name.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789_.") != std::string::npos)
      on.error(option, "must be an option of jail.conf(5), such as mode");
    else if (value.empty() || !wright::is_line(value))
      on.error(option, "must be one line that is not empty");
  }
}

void check(wright::Configure& on, const Jail& jail, const std::string& where) {
  if (!is_name(jail.name) || jail.name == "DEFAULT" || jail.name == "INCLUDES")
    on.error(where + ".name", "must be the name of a jail, such as sshd");
  if (!jail.filter.empty() && !is_name(jail.filter))
    on.error(where + ".filter", "must be the name of a filter, such as sshd", "with settings.mode for its mode");
  for (std::size_t i = 0; i < jail.ports.size(); ++i)
    if (!is_port(jail.ports[i]))
      on.error(wright::format("{}.ports[{}]", where, i), "must be a port, a range such as 8000:8010, or a service");
  for (std::size_t i = 0; i < jail.logpath.size(); ++i)
    if (!wright::is_absolute_path(jail.logpath[i]) || jail.logpath[i].find_first_of("% ") != std::string::npos)
      on.error(wright::format("{}.logpath[{}]", where, i), "must be an absolute path without blanks and \"%\"");
  if (!jail.logpath.empty() && jail.backend == "systemd")
    on.error(where + ".logpath", "is not read with backend = \"systemd\"");
  if (!jail.findtime.empty() && !is_duration(jail.findtime))
    on.error(where + ".findtime", "must be a time, such as 10m");
  if (!jail.bantime.empty() && jail.bantime != "-1" && !is_duration(jail.bantime))
    on.error(where + ".bantime", "must be a time, such as 1h, or -1");
  check_settings(on, jail, where);
}

void check(wright::Configure& on, const Fail2ban& f) {
  std::set<std::string> names;
  for (std::size_t i = 0; i < f.jails.size(); ++i) {
    const std::string where = wright::format("fail2ban.jails[{}]", i);
    check(on, f.jails[i], where);
    if (!names.insert(f.jails[i].name).second)
      on.error(where + ".name", "\"" + f.jails[i].name + "\" is another jail's, too");
  }
  for (std::size_t i = 0; i < f.ignore.size(); ++i)
    if (!parse_network(f.ignore[i]))
      on.error(wright::format("fail2ban.ignore[{}]", i), "must be an address or a network, such as 10.0.0.0/8");
}

/// With where wright comes from, unless that is among what the user names.
std::vector<std::string> ignored(const wright::Phase& on, const Fail2ban& f) {
  std::vector<std::string> all = {"127.0.0.0/8", "::1"};
  all.insert(all.end(), f.ignore.begin(), f.ignore.end());
  const auto client = f.ignore_controller ? parse_network(incoming(on).client) : std::nullopt;
  const bool named = std::any_of(all.begin(), all.end(), [&](const std::string& text) {
    const auto network = parse_network(text);
    return network && client && is_within(*client, *network);
  });
  if (client && !named) all.push_back(incoming(on).client);
  return all;
}

/// Empty where it is the usual one, which fail2ban knows.
std::vector<std::string> ssh_ports(const wright::Phase& on, const Config& c) {
  auto ports = sshd_listening(c.sshd).ports;
  if (ports.empty() && incoming(on).port != 0) ports.push_back(incoming(on).port);
  std::vector<std::string> out;
  if (ports == std::vector<std::uint16_t>{22}) return out;
  for (const auto port : ports) out.push_back(wright::format("{}", port));
  return out;
}

/// As it does unless its settings say otherwise.
bool bans_by_nftables(const Jail& jail) {
  return jail.enabled && !jail.settings.contains("action") && !jail.settings.contains("banaction");
}

/// Shows what fail2ban put into the kernel.
const std::vector<std::string> rules = {"/usr/sbin/nft", "list", "chain", "inet", "f2b-table", "f2b-chain"};

}  // namespace

void install_fail2ban(wright::Install& on, const Fail2ban& f) {
  // Beside itself: what bans, the names of ports that its jails use, and what reads the journal.
  if (!f.jails.empty())
    for (const char* name : {"fail2ban", "nftables", "netbase", "python3-systemd"}) on.package(name);
}

void configure_fail2ban(wright::Configure& on, const Config& c) {
  const Fail2ban& f = c.fail2ban;
  if (f.jails.empty()) {
    if (!f.ignore.empty()) on.error("fail2ban.ignore", "has no meaning without jails");
    return;
  }
  check(on, f);
  auto file = on.file("/etc/fail2ban/jail.d/60-wright.local")
                  .mode(0644)
                  .content(fail2ban_text(f.jails, ignored(on, f), ssh_ports(on, c)))
                  .validate({"/usr/bin/fail2ban-client", "-t"})
                  .validate_tree("/etc/fail2ban");
  // It remembers who is banned, and bans them again.
  auto service = on.service("fail2ban").enabled().running().restart_on(file);
  if (std::none_of(f.jails.begin(), f.jails.end(), bans_by_nftables)) return;
  // A ruleset that somebody loads as a whole takes fail2ban's away, and it does not see that before the next ban.
  on.command("fail2ban's rules are loaded")
      .argv({"/usr/bin/systemctl", "restart", "fail2ban"})
      .unless(rules)
      .undo({"/bin/true"})
      .after(service);
}

void verify_fail2ban(wright::Verify& on, const Fail2ban& f) {
  for (const auto& jail : f.jails) {
    if (!jail.enabled) continue;
    on.check_command({"/usr/bin/fail2ban-client", "status", jail.name}).named("the jail " + jail.name + " runs");
    if (!bans_by_nftables(jail)) continue;
    on.check_command(rules).contains(banned_set(jail)).named("whom " + jail.name + " bans is rejected");
  }
}

}  // namespace base
