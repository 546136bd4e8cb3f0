#pragma once

#include <atomic>
#include <functional>
#include <mutex>

namespace wright {

/// How a signal reaches a run. While hosts are being changed, `stop` ends the agents' input so that they roll back; at
/// any other time nothing is open and the process may simply end. Thread-safe.
class Interruption {
 public:
  /// Called for a signal. False when nothing is being changed: the caller ends the process.
  bool request();
  [[nodiscard]] bool requested() const { return requested_.load(); }

  /// Says how to stop, for as long as the object lives.
  class Changing {
   public:
    Changing(Interruption& owner, std::function<void()> stop);
    ~Changing();
    Changing(const Changing&) = delete;
    Changing& operator=(const Changing&) = delete;

   private:
    Interruption& owner_;
  };

 private:
  std::atomic<bool> requested_{false};
  std::mutex mutex_;
  std::function<void()> stop_;
};

}  // namespace wright
