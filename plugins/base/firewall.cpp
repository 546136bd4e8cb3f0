#include <algorithm>
#include <set>
#include <wright/check.hpp>

#include "parts.hpp"

namespace base {
namespace {

constexpr const char* rules_path = "/etc/wright/firewall.nft";
constexpr const char* unit_name = "wright-firewall";

constexpr std::string_view unit_text = R"([Unit]
Description=Firewall of wright (table inet wright)
DefaultDependencies=no
Wants=network-pre.target
Before=network-pre.target
After=nftables.service
PartOf=nftables.service
ReloadPropagatedFrom=nftables.service

[Service]
Type=oneshot
RemainAfterExit=yes
ExecStart=/usr/sbin/nft -f /etc/wright/firewall.nft
ExecReload=/usr/sbin/nft -f /etc/wright/firewall.nft
ExecStop=-/usr/sbin/nft delete table inet wright

[Install]
WantedBy=sysinit.target
)";

/// FNV-1a: tells one ruleset from another, no more.
std::string digest_of(std::string_view text) {
  std::uint64_t hash = 0xcbf29ce484222325U;
  for (const char c : text) hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3U;
  std::string out;
  for (int shift = 60; shift >= 0; shift -= 4) out += "0123456789abcdef"[(hash >> static_cast<unsigned>(shift)) & 15U];
  return out;
}

bool is_network(std::string_view text) {
  const auto slash = text.find('/');
  const auto address = text.substr(0, slash);
  if (address.empty() || address.find_first_not_of("0123456789abcdefABCDEF.:") != std::string_view::npos ||
      address.find_first_of(".:") == std::string_view::npos)
    return false;
  if (slash == std::string_view::npos) return true;
  const auto bits = text.substr(slash + 1);
  return !bits.empty() && bits.size() <= 3 && bits.find_first_not_of("0123456789") == std::string_view::npos;
}

bool is_six(std::string_view network) { return network.find(':') != std::string_view::npos; }

bool is_range(std::string_view text) {
  const auto dash = text.find('-');
  auto port = [](std::string_view digits) {
    if (digits.empty() || digits.size() > 5 || digits.find_first_not_of("0123456789") != std::string_view::npos)
      return 0;
    const int number = std::stoi(std::string(digits));
    return number > 65535 ? 0 : number;
  };
  if (dash == std::string_view::npos) return false;
  const int first = port(text.substr(0, dash));
  return first != 0 && first <= port(text.substr(dash + 1));
}

bool is_interface(std::string_view text) {
  return wright::is_word(text) && text.size() < 16 && text.find_first_of("\"\\/") == std::string_view::npos;
}

/// One rule, that does not end the chain which it stands in.
bool is_rule(std::string_view text) {
  int depth = 0;
  bool in_text = false;
  for (const char c : text) {
    if (c == '"') in_text = !in_text;
    if (in_text) continue;
    if (c == '{') ++depth;
    if (c == '}' && --depth < 0) return false;
    if (c == ';' || c == '#') return false;
  }
  return !text.empty() && wright::is_line(text) && depth == 0 && !in_text && text.back() != '\\';
}

void check(wright::Configure& on, const Firewall& f) {
  for (std::size_t i = 0; i < f.allow.size(); ++i) {
    const auto& rule = f.allow[i];
    const std::string where = wright::format("firewall.allow[{}]", i);
    auto each = [&](std::string_view name, const std::vector<std::string>& list, bool (*good)(std::string_view),
                    std::string_view what) {
      for (std::size_t k = 0; k < list.size(); ++k)
        if (!good(list[k])) on.error(wright::format("{}.{}[{}]", where, name, k), "must be " + std::string(what));
    };
    each("from", rule.from, is_network, "an address or a network, such as 10.0.0.0/8");
    each("port_ranges", rule.port_ranges, is_range, "two ports with a dash, the lower one first");
    each("interfaces", rule.interfaces, is_interface, "the name of a network interface");
    if (rule.comment.size() > 100 || !wright::is_line(rule.comment) ||
        rule.comment.find_first_of("\"\\") != std::string::npos)
      on.error(where + ".comment", "must be a line of at most 100 bytes without quotes and backslashes");
    if (rule.ports.empty() && rule.port_ranges.empty() && rule.from.empty() && rule.interfaces.empty())
      on.error(where, "allows everything: name ports, from or interfaces",
               "without a firewall it would be the same; set enabled = false if that is what is meant");
  }
  for (std::size_t i = 0; i < f.extra.size(); ++i)
    if (!is_rule(f.extra[i]))
      on.error(wright::format("firewall.extra[{}]", i), "must be one whole rule of nftables, without \";\" and \"#\"");
}

template <class List>
std::string set_of(const List& items) {
  std::string out;
  for (const auto& item : items) out += (out.empty() ? "{ " : ", ") + wright::format("{}", item);
  return out + " }";
}

std::string names_of(const std::vector<std::string>& interfaces) {
  std::vector<std::string> quoted;
  for (const auto& name : interfaces) quoted.push_back("\"" + name + "\"");
  return set_of(quoted);
}

void allow(std::string& out, const Rule& rule) {
  std::vector<std::string> ports = rule.port_ranges;
  for (const auto port : rule.ports) ports.push_back(wright::format("{}", port));
  std::vector<std::string> sources[2];
  for (const auto& network : rule.from) sources[is_six(network) ? 1 : 0].push_back(network);
  auto line = [&](const std::string& source) {
    out += "    ";
    if (!rule.interfaces.empty()) out += "iifname " + names_of(rule.interfaces) + " ";
    out += source;
    if (!ports.empty()) out += rule.protocol + " dport " + set_of(ports) + " ";
    out += "accept";
    if (!rule.comment.empty()) out += " comment \"" + rule.comment + "\"";
    out += "\n";
  };
  if (rule.from.empty()) line("");
  if (!sources[0].empty()) line("ip saddr " + set_of(sources[0]) + " ");
  if (!sources[1].empty()) line("ip6 saddr " + set_of(sources[1]) + " ");
}

/// Never closed: what wright comes in by, and what the user says.
std::set<std::uint16_t> ssh_ports(const wright::Phase& on, const Firewall& f) {
  std::set<std::uint16_t> ports(f.ssh_ports.begin(), f.ssh_ports.end());
  // A router may have led wright to another one than the site file names.
  for (const char* ours : {"ssh.port", "ssh.server_port"})
    if (const auto port = on.fact(ours); !port.absent()) ports.insert(static_cast<std::uint16_t>(port.integer()));
  if (ports.empty()) ports.insert(22);
  return ports;
}

std::string chains(const Firewall& f, const std::set<std::uint16_t>& ssh) {
  std::string out =
      "  chain input {\n"
      "    type filter hook input priority 0; policy drop;\n"
      "    ct state established,related accept\n"
      "    iifname \"lo\" accept\n";
  // Before everything that a user writes, so that no rule can lock wright out.
  out += "    tcp dport " + set_of(ssh) + " accept comment \"ssh\"\n";
  out +=
      "    ct state invalid drop\n"
      "    icmp type { destination-unreachable, time-exceeded, parameter-problem } accept\n"
      "    icmpv6 type { destination-unreachable, packet-too-big, time-exceeded, parameter-problem, nd-router-advert, "
      "nd-neighbor-solicit, nd-neighbor-advert, mld-listener-query } accept\n"
      "    ip6 saddr fe80::/10 udp dport 546 accept comment \"dhcp\"\n";
  if (f.ping) out += "    icmp type echo-request accept\n    icmpv6 type echo-request accept\n";
  for (const auto& line : f.extra) out += "    " + line + "\n";
  for (const auto& rule : f.allow) allow(out, rule);
  if (f.log_dropped) out += "    limit rate 10/minute log prefix \"wright dropped: \"\n";
  out += "  }\n";
  if (f.forward == "drop")
    out +=
        "  chain forward {\n    type filter hook forward priority 0; policy drop;\n"
        "    ct state established,related accept\n  }\n";
  return out;
}

/// An empty chain, by whose name it is seen that this very ruleset is loaded.
std::string mark_of(const std::string& all_chains) { return "wright_" + digest_of(all_chains); }

}  // namespace

void install_firewall(wright::Install& on, const Firewall& f) {
  if (f.enabled) on.package("nftables");
}

void configure_firewall(wright::Configure& on, const Firewall& f) {
  if (!f.enabled) return;
  check(on, f);
  const std::string rules = chains(f, ssh_ports(on, f));
  const std::string mark = mark_of(rules);
  // Its own table, replaced as a whole: what Docker, fail2ban or the user have in theirs stays as it is.
  const std::string text = std::string(written_by) +
                           "table inet wright\ndelete table inet wright\ntable inet wright {\n" + rules + "  chain " +
                           mark + " {\n  }\n}\n";
  auto folder = on.directory("/etc/wright").mode(0755);
  auto file = on.file(rules_path).mode(0644).content(text).validate({"/usr/sbin/nft", "-c", "-f", "{}"}).after(folder);
  auto unit = on.file(wright::format("/etc/systemd/system/{}.service", unit_name))
                  .mode(0644)
                  .content(std::string(written_by) + std::string(unit_text));
  auto service = on.service(unit_name).enabled().running().restart_on(unit).reload_on(file);
  on.command("firewall is loaded")
      .argv({"/usr/sbin/nft", "-f", rules_path})
      .unless({"/usr/sbin/nft", "list", "chain", "inet", "wright", mark})
      .undo({"/usr/sbin/nft", "add table inet wright; delete table inet wright"})
      .after(service);
}

void verify_firewall(wright::Verify& on, const Firewall& f) {
  if (!f.enabled) return;
  const auto ssh = ssh_ports(on, f);
  const std::string mark = mark_of(chains(f, ssh));
  on.check_command({"/usr/sbin/nft", "list", "chain", "inet", "wright", mark}).named("the wanted rules are loaded");
  on.check_command({"/usr/sbin/nft", "list", "chain", "inet", "wright", "input"})
      .contains("policy drop;")
      .named("what is not allowed is dropped");
  on.check_command({"/usr/bin/systemctl", "is-enabled", "--quiet", unit_name}).named("and will be after a reboot");
}

}  // namespace base
