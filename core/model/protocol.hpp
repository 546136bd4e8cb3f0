#pragma once

#include <string>
#include <vector>

#include "base/result.hpp"
#include "model/catalog.hpp"
#include "model/event.hpp"
#include "model/plan.hpp"

/// What controller and agent say to each other: one CBOR map a frame, its "type" first. The controller asks, the agent
/// answers in order; events may come before the answer to apply, finish, verify, rollback and recover.
///
///   hello          -> welcome            facts          -> facts
///   plan           -> plan               apply          -> event*, outcome (prepared waits for finish)
///   finish         -> event*, outcome    verify         -> event*, outcome
///   plan_rollback  -> plan               rollback       -> event*, outcome (prepared waits for finish)
///   recover        -> event*, outcome    history        -> history
///   status         -> status             release (no answer; lets a component that waits for another host go on)
///
/// Any request may be answered by "error". End of input at any time means that the controller is gone: an open
/// transaction is rolled back, then the agent ends. The agent locks the host (flock) from hello on with `lock` set.
namespace wright {

inline constexpr std::int64_t protocol_version = 1;

struct Hello {
  std::string site;
  std::vector<std::string> formerly;  ///< names that the site had before
  std::string run;                    ///< id of the run, the same on all its hosts
  std::string controller;             ///< "user@machine" for history and the lock's holder
  Secret site_key;                    ///< keys the digests that leave the host
  bool lock = false;                  ///< the run may change the host; refused with Fault::locked when another holds it
  std::int64_t lock_timeout_ms = 0;
  std::vector<std::string> facts;  ///< facts wanted beyond the usual ones, such as "apt.candidate:postgresql"
};

struct Welcome {
  std::int64_t protocol = protocol_version;
  std::string agent;  ///< version and build hash
  Value::Map
      facts;  ///< nested tables: os.id, os.version, arch, cpus, memory.total_bytes, addresses, hostname, container, ...
  std::vector<TransactionInfo> interrupted;  ///< zero or one
};

struct ApplyRequest {
  Catalog catalog;
  std::string digest;  ///< of the plan that was shown
  std::map<std::string, std::string, std::less<>> states;
  std::string on_failure = "rollback";  ///< or "stop"
};

/// What to roll back. Empty `to` and no components: the last committed transaction. `to`: every transaction after and
/// including that one. Components: just those, back to their origin.
struct RollbackRequest {
  std::string to;
  std::string run;  ///< when not empty: the transaction of that run
  std::vector<std::string> components;
  std::string digest;  ///< of the rollback plan that was shown; empty in plan_rollback
};

/// What to verify on a host.
struct VerifyRequest {
  std::vector<Probe> probes;
  /// Of each component the systemd units that must run, as their resources name them; each once.
  std::map<std::string, std::vector<std::string>, std::less<>> units;
};

/// One component as the host's journal knows it.
struct OwnedComponent {
  std::string name;
  std::string transaction;  ///< that last changed it
  std::vector<std::string> resources;
};

struct StatusReport {
  std::vector<OwnedComponent> components;
  std::vector<TransactionInfo> open;
  std::vector<std::string> pending_restarts;
  std::vector<std::string> quarantined;
  std::int64_t journal_bytes = 0;
};

/// The messages, each as a map with its "type".
Value to_message(const Hello& hello);
Value to_message(const Welcome& welcome);
Value to_message(const ApplyRequest& request);
Value to_message(const RollbackRequest& request, std::string_view type);  ///< "plan_rollback" or "rollback"
Value to_message(const VerifyRequest& request);
Value to_message(const StatusReport& report);
Value to_message(const Plan& plan);
Value to_message(const Event& event);
Value to_message(const Outcome& outcome);
Value to_message(const Diagnostics& error);
Value plan_message(const Catalog& catalog);
Value facts_request(const std::vector<std::string>& names);
Value facts_reply(const Value::Map& facts);
Value finish_message(bool commit);
Value release_message(const std::string& token);
Value history_request(std::int64_t limit);
Value history_reply(const std::vector<TransactionInfo>& transactions);
Value plain_message(std::string_view type);  ///< "recover", "status"

/// "type" of a message; empty when it has none.
std::string message_type(const Value& message);

Result<Hello> hello_from(const Value& message);
Result<Welcome> welcome_from(const Value& message);
Result<ApplyRequest> apply_request_from(const Value& message);
Result<RollbackRequest> rollback_request_from(const Value& message);
Result<VerifyRequest> verify_request_from(const Value& message);
Result<StatusReport> status_report_from(const Value& message);
Result<Catalog> catalog_in(const Value& message);
Result<Plan> plan_in(const Value& message);
Result<Event> event_in(const Value& message);
Result<Outcome> outcome_in(const Value& message);
Result<Diagnostics> error_in(const Value& message);
Result<std::vector<TransactionInfo>> history_in(const Value& message);

}  // namespace wright
