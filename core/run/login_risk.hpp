#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "run/assembly.hpp"

namespace wright {

/// The first change of a plan after which a login as `user` may not be possible any more: of sshd, of what it asks, of
/// a firewall, or of the account. Null when there is none.
const Change* login_risk(const Plan& plan, std::string_view user);

/// `probes` and, on each host where a plan may lock wright out, the login, whatever the plugins declare: what left the
/// site file has none that could. One is enough for a host, and a "local" host has none.
std::map<std::string, std::vector<Probe>, std::less<>> with_logins_at_risk(
    std::map<std::string, std::vector<Probe>, std::less<>> probes, const std::vector<Session*>& hosts,
    const std::vector<Plan>& plans);

}  // namespace wright
