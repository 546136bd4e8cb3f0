#pragma once

#include <atomic>
#include <future>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "model/protocol.hpp"
#include "run/ports.hpp"

namespace wright {

/// How long to wait for the next message of a host. Work on the host has deadlines of its own, which are shorter.
inline constexpr std::chrono::minutes looking_deadline{5};
inline constexpr std::chrono::minutes changing_deadline{60};

/// One host of a run, from the handshake to the end of the conversation.
struct Session {
  const SiteHost* host = nullptr;
  bool lock = false;               ///< the run may change this host
  std::vector<std::string> facts;  ///< asked for with the greeting
  Result<> state;                  ///< why there is no conversation
  std::unique_ptr<Connection> connection;
  Welcome welcome;

  [[nodiscard]] bool ready() const { return state.has_value() && connection != nullptr; }
};

/// Where a host of the site is, and how to log in.
Target target_of(const Site& site, const SiteHost& host);

/// Sends a request and waits for its answer, which must have the type `expected`; events on the way go to `on_event`.
/// Problems that the host reports are at "host/…".
Result<Value> ask(Session& session, const Value& request, std::string_view expected, std::chrono::milliseconds deadline,
                  const OnEvent& on_event);

/// The same diagnostics, each place beginning with the host's name.
Diagnostics at_host(const Diagnostics& problems, const std::string& host);

/// Calls `work` with 0 to count - 1, on at most `at_once` threads, and waits for all.
void in_parallel(std::size_t count, std::size_t at_once, const std::function<void(std::size_t)>& work);

/// The sessions of a run while they come up: connecting starts at once and in parallel; greeting waits for the word
/// that the site file is in order, so that what was found meanwhile can be said without waiting for a slow host.
class Fleet {
 public:
  struct Wanted {
    const SiteHost* host = nullptr;
    bool lock = false;
    std::vector<std::string> facts;  ///< that the welcome shall bring besides the usual ones
  };

  Fleet(const Run& run, const std::vector<Wanted>& hosts, std::string run_id);
  Fleet(Fleet&&) = default;
  Fleet& operator=(Fleet&&) = default;
  Fleet(const Fleet&) = delete;
  Fleet& operator=(const Fleet&) = delete;
  /// Leaves threads that still connect to themselves.
  ~Fleet();

  /// Greets with the site's key and waits for every host. Returns an error for each that has no conversation now; with
  /// `skip_unreachable` those that were not reached become warnings instead.
  [[nodiscard]] Diagnostics greet(const Secret& key, bool skip_unreachable, Diagnostics& warnings);

  /// In the order wanted; those without conversation too. Only after greet().
  [[nodiscard]] std::vector<Session*> all() const;
  [[nodiscard]] std::vector<Session*> ready() const;
  [[nodiscard]] Session* find(std::string_view host) const;

 private:
  struct Shared;
  std::shared_ptr<Shared> shared_;
  std::promise<bool> go_;
  std::future<void> done_;
  bool decided_ = false;
};

/// "20240131T120000Z-1f2e3d4c": sorts by time.
std::string new_run_id();
/// "user@machine", for the lock's holder and the history.
std::string controller_name();

}  // namespace wright
