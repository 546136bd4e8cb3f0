#pragma once

#include <functional>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "run/plugin_set.hpp"
#include "run/selection.hpp"

namespace wright {

/// One component on one host.
struct Instance {
  const SiteComponent* component = nullptr;
  const SiteHost* host = nullptr;
};

/// What must be known to evaluate a selection.
struct Needs {
  std::vector<Instance> instances;     ///< in dependency order: what is chosen, and those whose exports it refers to
  std::vector<const SiteHost*> hosts;  ///< whose facts are needed, in the site's order; the chosen ones too
};
Result<Needs> needs_of(const Site& site, const Selection& selection);

struct Evaluated {
  Instance instance;
  Declared declared;
};

using FactsByHost = std::map<std::string, Value::Map, std::less<>>;
/// Asks hosts for more facts, one batch each, and adds the answers to `facts` under their full names.
using AskFacts =
    std::function<Result<>(const std::map<std::string, std::set<std::string>>& wanted, FactsByHost& facts)>;

/// Where values come from besides other components.
struct Sources {
  FactsByHost facts;  ///< of hosts that were reached
  AskFacts ask;
  FactsByHost early;  ///< answers that are here before anybody lacked them
  /// Told what an instance lacked, whenever it lacked something, also of what was here early. Optional.
  std::function<void(const Instance& instance, const std::vector<std::string>& names)> lacked;
  std::map<std::string, Secret> secrets;
};

/// The agent's facts with "address": what the site file says, or 127.0.0.1 for "local"; and "ssh.port" and "ssh.user",
/// which wright comes in by and as, unless it is that: then there is nothing below "ssh".
Value::Map facts_of(const SiteHost& host, const Value::Map& agent_facts);

/// Evaluates every instance whose host was reached: resolves references, completes the options, calls the plugin; when
/// plugins lack facts, asks for all of them at once and tries those again. Every problem of all components at once, at
/// its place in the site file.
Result<std::vector<Evaluated>> evaluate(const Site& site, const std::vector<Instance>& instances,
                                        const Descriptions& descriptions, Plugins& plugins, Sources& sources,
                                        Diagnostics& warnings);

}  // namespace wright
