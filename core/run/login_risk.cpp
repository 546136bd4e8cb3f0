#include "run/login_risk.hpp"

#include <algorithm>

namespace wright {
namespace {

constexpr std::string_view units[] = {
    "ssh",      "sshd", "ssh.socket", "sshd.socket",         "nftables", "wright-firewall",
    "fail2ban", "ufw",  "firewalld",  "netfilter-persistent"};

/// Each with all below it.
constexpr std::string_view paths[] = {"/etc/ssh",
                                      "/etc/pam.d",
                                      "/etc/security",
                                      "/etc/sudoers",
                                      "/etc/sudoers.d",
                                      "/etc/fail2ban",
                                      "/etc/wright/firewall.nft",
                                      "/etc/nftables.conf",
                                      "/etc/nologin"};

bool is_one_of_the_units(std::string_view name) {
  constexpr std::string_view suffix = ".service";
  if (name.ends_with(suffix)) name.remove_suffix(suffix.size());
  return std::find(std::begin(units), std::end(units), name) != std::end(units);
}

bool is_one_of_the_paths(std::string_view name) {
  return name.ends_with("/.ssh") || name.find("/.ssh/") != std::string_view::npos ||
         std::any_of(std::begin(paths), std::end(paths), [&](std::string_view path) {
           return name.starts_with(path) && (name.size() == path.size() || name[path.size()] == '/');
         });
}

bool is_risk(const Change& change, std::string_view user) {
  const auto& [kind, name] = change.id;
  if (change.action == Action::none) return false;
  if (kind == "service") return is_one_of_the_units(name);
  if (kind == "package") return name == "openssh-server";
  if (kind == "user") return name == user;
  return name.starts_with('/') && is_one_of_the_paths(name);
}

bool has_login(const std::vector<Probe>& probes) {
  return std::any_of(probes.begin(), probes.end(), [](const Probe& probe) { return probe.kind == "login"; });
}

}  // namespace

const Change* login_risk(const Plan& plan, std::string_view user) {
  const auto found = std::find_if(plan.changes.begin(), plan.changes.end(),
                                  [&](const Change& change) { return is_risk(change, user); });
  return found == plan.changes.end() ? nullptr : &*found;
}

std::map<std::string, std::vector<Probe>, std::less<>> with_logins_at_risk(
    std::map<std::string, std::vector<Probe>, std::less<>> probes, const std::vector<Session*>& hosts,
    const std::vector<Plan>& plans) {
  for (const auto* session : hosts) {
    const SiteHost& host = *session->host;
    if (host.address == "local" || has_login(probes[host.name])) continue;
    const auto plan = std::find_if(plans.begin(), plans.end(), [&](const Plan& p) { return p.host == host.name; });
    const Change* risk = plan == plans.end() ? nullptr : login_risk(*plan, host.user);
    if (risk == nullptr) continue;
    Probe login;
    login.kind = "login";
    login.name = "wright can log in anew";
    login.component = risk->components.empty() ? std::string() : risk->components.front();
    login.from = "controller";
    probes[host.name].push_back(std::move(login));
  }
  return probes;
}

}  // namespace wright
