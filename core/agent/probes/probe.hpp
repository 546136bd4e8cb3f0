#pragma once

#include "agent/context.hpp"
#include "base/result.hpp"
#include "model/resource.hpp"

namespace wright::agent {

/// Asks again and again, with short growing pauses, until the probe passes or its deadline is over. The error is that
/// of the last answer: what was expected and what came instead. A probe that can never pass (a host that is no numeric
/// address) and a cancelled run end at once. Threads may run probes at the same time.
Result<> run_probe(const Probe& probe, const Context& context);
/// Asks once, within the deadline.
Result<> ask_probe(const Probe& probe, const Context& context);

}  // namespace wright::agent

namespace wright {

/// run_probe() as a visitor on the controller; only the kinds that need no host: tcp, tls and http.
Result<> ask_from_controller(const Probe& probe);

}  // namespace wright
