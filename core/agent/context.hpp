#pragma once

#include <any>
#include <atomic>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "model/event.hpp"

namespace wright::agent {

/// Set once when the run must stop: the controller is gone, or a signal came. `fd` becomes readable then, so that waits
/// with poll() wake up. Thread-safe.
class Cancellation {
 public:
  Cancellation();
  ~Cancellation();
  Cancellation(const Cancellation&) = delete;
  Cancellation& operator=(const Cancellation&) = delete;
  void cancel();
  [[nodiscard]] bool cancelled() const { return cancelled_.load(); }
  [[nodiscard]] int fd() const { return read_end_; }

 private:
  std::atomic<bool> cancelled_{false};
  int read_end_ = -1;
  int write_end_ = -1;
};

/// Before-images by their sha256 under STATE/blobs, 0600, fsynced with their folder before put() or take() returns.
class Blobs {
 public:
  explicit Blobs(std::string folder) : folder_(std::move(folder)) {}
  Result<std::string> put(std::string_view bytes);
  /// Moves a file of the same file system into the folder, however large it is: it is gone from `path`.
  Result<std::string> take(const std::string& path);
  Result<std::string> get(std::string_view sha256) const;
  /// Where a blob lies, once it was seen to be what was put there.
  Result<std::string> path_of(std::string_view sha256) const;

 private:
  std::string folder_;
};

class Baton;

/// What the agent's parts share while they serve one request. Not thread-safe except where a member says so.
struct Context {
  std::string state_folder = "/var/lib/wright";
  std::string transaction;         ///< id, empty while only looking
  std::string site_key;            ///< keys the digests that leave the host
  std::vector<std::string> sites;  ///< the name of the site that asks, then those it had before
  Blobs blobs{"/var/lib/wright/blobs"};
  Cancellation* cancellation = nullptr;  ///< never null in the agent; may be null in tests
  Baton* baton = nullptr;                ///< held by whoever uses this; null while nothing else runs
  std::function<void(const Event&)> emit = [](const Event&) {};
  std::vector<std::string> quarantined;                  ///< filled by quarantine()
  std::vector<std::string> kept;                         ///< filled by keep()
  std::map<std::string, std::any, std::less<>> request;  ///< what a kind read once for this request
  bool postponed = false;                                ///< set by Kind::undo(): part of the step waits for settle()

  /// Moves a data directory to STATE/quarantine/<transaction>/<path>, and lists it.
  Result<> quarantine(const std::string& path);
  /// Copies what is at `path` now (a hand edit) to STATE/kept/<transaction>/<path>, and lists it.
  Result<> keep(const std::string& path);
  /// Writes what somebody made of "kind:name" to STATE/kept/<transaction>/kind:name.json, and lists it.
  Result<> keep_state(const std::string& id, const Value& state);
  /// Digest of a state: HMAC with the site's key over its CBOR.
  [[nodiscard]] std::string digest_of(const Value& state) const;
  [[nodiscard]] bool cancelled() const { return cancellation != nullptr && cancellation->cancelled(); }
};

}  // namespace wright::agent
