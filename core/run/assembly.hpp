#pragma once

#include <optional>
#include <string>
#include <vector>

#include "run/catalogs.hpp"
#include "run/selection.hpp"
#include "run/session.hpp"

namespace wright {

/// How a command puts its run together.
struct Purpose {
  bool lock = false;          ///< takes the hosts' locks, and rolls back what an earlier run left open
  bool requirements = false;  ///< what the named components require comes along
  bool partial = false;       ///< goes on with the hosts that answer; the others are in Assembly::unreached
};

/// Everything up to the first question about the hosts' state: who takes part, and what must hold there.
struct Assembly {
  std::string run_id;
  Selection selection;
  std::optional<Fleet> fleet;
  std::vector<Session*> hosts;  ///< that take part and were reached, in the site's order
  Catalogs catalogs;
  Diagnostics unreached;           ///< why some hosts are not among them; only of a partial purpose
  std::vector<Outcome> recovered;  ///< of transactions that an earlier run left open
  Diagnostics warnings;
};

/// Connects, checks the options and evaluates the plugins at the same time as far as possible, asks for missing facts,
/// and builds the catalogs. Problems of the site file are told before any of the hosts'.
Result<Assembly> assemble(const Run& run, const Purpose& purpose);

/// Rolls back what interrupted runs left open on these hosts. An outcome each for those that had something open.
Result<std::vector<Outcome>> recover(const Run& run, const std::vector<Session*>& hosts);

}  // namespace wright
