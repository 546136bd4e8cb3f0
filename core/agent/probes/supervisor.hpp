#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "agent/probes/stream.hpp"
#include "model/value.hpp"

namespace wright::agent {

inline constexpr const char* usual_supervisor_socket = "/run/supervisor.sock";

/// One process of a supervisord. Texts are the host's, and untrusted.
struct SupervisedProcess {
  std::string group, name;
  std::string state;        ///< "RUNNING", "STARTING", "BACKOFF", "STOPPING", "STOPPED", "EXITED", "FATAL", "UNKNOWN"
  std::string spawn_error;  ///< why it could not be started
  std::string description;  ///< a line for people
  std::string log;          ///< of its standard output; empty when there is none
  std::int64_t pid = 0;     ///< 0 when it does not run
  std::int64_t start = 0, now = 0;  ///< Unix seconds

  [[nodiscard]] bool runs() const { return state == "RUNNING"; }
  [[nodiscard]] bool is_down() const { return state == "STOPPED" || state == "EXITED" || state == "FATAL"; }
  /// "GROUP:NAME", as supervisord takes it.
  [[nodiscard]] std::string full_name() const { return group + ":" + name; }
};

/// What supervisord says about its configuration after it read it again.
struct SupervisorChanges {
  std::vector<std::string> added, changed, removed;
};

/// A supervisord behind its unix socket, asked by XML-RPC; each question is a connection, with the user and password
/// that supervisorctl has. A fault of its is a Trouble::Kind::wrong. What it may refuse without harm (starting what
/// runs) succeeds.
class Supervisor {
 public:
  explicit Supervisor(std::string socket) : socket_(std::move(socket)) {}

  [[nodiscard]] Talk<std::vector<SupervisedProcess>> processes(const Patience& patience) const;
  /// Reads the configuration files. What runs stays as it is.
  [[nodiscard]] Talk<SupervisorChanges> read_again(const Patience& patience) const;
  /// Takes the group from the configuration that was read last; what starts by itself begins to.
  [[nodiscard]] Talk<> add(const std::string& group, const Patience& patience) const;
  /// Forgets a group of which nothing runs.
  [[nodiscard]] Talk<> remove(const std::string& group, const Patience& patience) const;
  /// Both return before it is done. The text names processes that could not be started; empty when there are none.
  [[nodiscard]] Talk<std::string> start(const std::string& group, const Patience& patience) const;
  [[nodiscard]] Talk<> stop(const std::string& group, const Patience& patience) const;
  /// Sends a signal, such as "HUP", to the processes that run.
  [[nodiscard]] Talk<> signal(const std::string& group, const std::string& name, const Patience& patience) const;
  /// The last bytes of a process's log; empty when it has none.
  [[nodiscard]] std::string end_of_log(const SupervisedProcess& process, const Patience& patience) const;

 private:
  [[nodiscard]] Talk<Value> call(std::string_view method, const std::vector<Value>& parameters,
                                 const Patience& patience, std::int64_t harmless = 0) const;

  std::string socket_;
};

/// "web is FATAL (Exited too quickly); the end of /var/log/supervisor/web.log: ...", as a message may show it.
std::string told(const Supervisor& supervisor, const SupervisedProcess& process, const Patience& patience);

}  // namespace wright::agent
