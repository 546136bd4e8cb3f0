#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>

#include "base/result.hpp"
#include "model/value.hpp"

namespace wright {

/// A conversation with one agent. Used by one thread at a time; send and receive may be on two threads.
class Connection {
 public:
  virtual ~Connection() = default;
  virtual Result<> send(const Value& message) = 0;
  /// The next message. An error with Fault::unreachable when the peer is gone or the deadline passed; `why` holds what
  /// the agent wrote to its standard error, if anything.
  virtual Result<Value> receive(std::chrono::milliseconds deadline) = 0;
  /// Ends the agent's input; it rolls back what is open, and ends.
  virtual void close() = 0;
};

struct Target {
  std::string name;     ///< the host's name in the site file, for messages
  std::string address;  ///< "local" runs the agent as a child process
  std::uint16_t port = 22;
  std::string user = "root";
  std::string key;          ///< private key file; empty: ssh agent, then the usual files of ~/.ssh
  std::string known_hosts;  ///< path of the pins
  std::chrono::milliseconds connect_timeout{10000};
};

/// The agent's binary on the controller, hashed once.
struct AgentBinary {
  std::string path;
  std::string sha256;
};
Result<AgentBinary> find_agent();  ///< beside the running program: ../lib/wright/wright-agent

/// Connects, checks the host key against the pins, logs in, sees that the agent with this hash is on the host (pushes
/// it when it is not; its hash is verified there before it runs) and starts it. Faults: unreachable (no route, refused,
/// time-out, name not found, each said), trust (unknown or changed key: both fingerprints and what to do), failed
/// (login refused, sudo refused, push failed).
Result<std::unique_ptr<Connection>> connect(const Target& target, const AgentBinary& agent);

/// A host's key as `wright trust` shows and pins it.
struct HostKey {
  std::string type;         ///< "ssh-ed25519"
  std::string fingerprint;  ///< "SHA256:..."
  std::string line;         ///< a known_hosts line
  enum class Pin { none, same, different } pin = Pin::none;
};
Result<HostKey> fetch_host_key(const Target& target);
/// Adds or replaces the host's line in the pins, atomically, mode 0644.
Result<> pin_host_key(const Target& target, const HostKey& key);

}  // namespace wright
