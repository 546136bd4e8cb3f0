#pragma once

#include <condition_variable>
#include <mutex>

#include "agent/context.hpp"

namespace wright::agent {

/// Passed among the components that are brought about at once. Whoever holds it is the only one that works, so that all
/// else in the agent is for one thread; it is put down only where `Aside` says so. Thread-safe.
class Baton {
 public:
  void take() { mutex_.lock(); }
  void put_down() { mutex_.unlock(); }
  /// Puts it down until told() is called or some time has passed, and takes it again.
  void wait_until_told();
  void tell() { told_.notify_all(); }

 private:
  std::mutex mutex_;
  std::condition_variable told_;
};

/// Holds the baton as long as it lives.
class Turn {
 public:
  explicit Turn(Baton& baton) : baton_(baton) { baton_.take(); }
  ~Turn() { baton_.put_down(); }
  Turn(const Turn&) = delete;
  Turn& operator=(const Turn&) = delete;

 private:
  Baton& baton_;
};

/// While it lives others may work: for waits only, in which nothing that others use is read or written. Does nothing
/// where no baton is passed.
class Aside {
 public:
  explicit Aside(const Context& context) : baton_(context.baton) {
    if (baton_ != nullptr) baton_->put_down();
  }
  ~Aside() {
    if (baton_ != nullptr) baton_->take();
  }
  Aside(const Aside&) = delete;
  Aside& operator=(const Aside&) = delete;

 private:
  Baton* baton_;
};

}  // namespace wright::agent
