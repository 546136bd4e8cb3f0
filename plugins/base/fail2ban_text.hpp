#pragma once

#include <string>
#include <vector>

#include "fail2ban_options.hpp"

namespace base {

/// Of fail2ban's own table of nftables, the rule that rejects what a jail has banned names this set.
inline std::string banned_set(const Jail& jail) { return "@addr-set-" + jail.name + " "; }

/// The file that makes the jails. `ignored` are addresses and networks, `ssh_ports` those of the jail sshd where they
/// are not the usual one.
std::string fail2ban_text(const std::vector<Jail>& jails, const std::vector<std::string>& ignored,
                          const std::vector<std::string>& ssh_ports);

}  // namespace base
