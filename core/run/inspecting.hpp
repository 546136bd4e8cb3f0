#pragma once

#include <string>
#include <vector>

#include "run/assembly.hpp"

namespace wright {

/// The conversations of a command that needs no plugin.
struct Contact {
  std::optional<Fleet> fleet;
  std::vector<Session*> hosts;
  Diagnostics warnings;
  Diagnostics unreached;  ///< why some hosts are not there; only of a partial purpose
};
struct ContactPurpose {
  bool lock = false;
  bool partial = false;            ///< goes on with the hosts that answer, when there is any
  std::vector<std::string> facts;  ///< wanted beyond the usual ones
};
/// Connects to every host of --limit.
Result<Contact> contact_hosts(const Run& run, const ContactPurpose& purpose);

/// The newest transactions of each host, in the order of the hosts.
Result<std::vector<std::vector<TransactionInfo>>> histories_of(const std::vector<Session*>& hosts, std::int64_t limit);

template <class T>
struct OfHost {
  std::string host;
  T value;
};
template <class T>
struct Inspected {
  std::vector<OfHost<T>> hosts;
  Diagnostics warnings;
  Diagnostics missing;  ///< why some hosts are not there
};

/// The error of these means that no host answered.
Result<Inspected<StatusReport>> status(const Run& run);
Result<Inspected<std::vector<TransactionInfo>>> history(const Run& run, std::int64_t limit);
/// The usual facts of each host, and the asked ones. A name that no host knows is an error.
Result<Inspected<Value::Map>> facts(const Run& run, const std::vector<std::string>& asked);

}  // namespace wright
