#pragma once

#include <chrono>
#include <string>

#include "agent/context.hpp"
#include "base/result.hpp"

namespace wright::agent {

/// The host's lock: flock on STATE/lock, which dies with its holder. The file says who holds it, for messages only.
class HostLock {
 public:
  HostLock() = default;
  HostLock(HostLock&& other) noexcept;
  HostLock& operator=(HostLock&& other) noexcept;
  HostLock(const HostLock&) = delete;
  HostLock& operator=(const HostLock&) = delete;
  ~HostLock();

  /// Waits at most `timeout`, or until the run is cancelled. When another holds it: Fault::locked, naming who and since
  /// when. Makes the state folder when it is not there.
  static Result<HostLock> take(const Context& context, const std::string& controller, const std::string& run,
                               std::chrono::milliseconds timeout);
  [[nodiscard]] bool held() const { return fd_ >= 0; }
  /// Who holds it now, of those whose lock this is not, as take() would name them; empty when nobody does. Takes
  /// nothing away from whoever asks for it meanwhile.
  static std::string holder(const Context& context);

 private:
  int fd_ = -1;
};

}  // namespace wright::agent
