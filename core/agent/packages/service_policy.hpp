#pragma once

#include <string>
#include <vector>

#include "agent/context.hpp"
#include "base/result.hpp"
#include "model/value.hpp"

namespace wright::agent::packages {

/// What stands at /usr/sbin/policy-rc.d, for the undo record; a file of ours that a killed agent left counts as absent.
Result<Value> policy_before();
/// The units that run now, by name without ".service". One `systemctl`; empty where systemd does not run.
Result<std::vector<std::string>> running_units(const Context& context);
/// Holds back the start of every service but those that already run, until let_services_start().
Result<> hold_services(const Value& before, const std::vector<std::string>& running, const Context& context);
/// Puts back what policy_before() saw. What somebody else put there meanwhile stays.
Result<> let_services_start(const Value& before, const Context& context);

/// The script that hold_services() writes.
std::string policy_script(const std::vector<std::string>& running, const std::string& original);

}  // namespace wright::agent::packages
