#pragma once

#include <sys/types.h>

#include <chrono>

#include "agent/files/place.hpp"
#include "agent/process/process.hpp"

namespace wright::agent {

/// Carries a running program's input and output until it ends.
class Pump {
 public:
  /// Why it stopped: both outputs are closed; the program exited while something it started holds them open; the
  /// deadline passed; the run was cancelled.
  enum class Ended { closed, exited, late, cancelled };

  Pump(const Command& command, const Context& context, pid_t child, std::chrono::steady_clock::time_point deadline)
      : command_(command), context_(context), child_(child), deadline_(deadline) {}
  Ended carry(Descriptor in, Descriptor out, Descriptor err, Finished& finished);

 private:
  bool take(int fd, std::string& into);
  void shorten(std::string& text, std::size_t limit) const;

  const Command& command_;
  const Context& context_;
  pid_t child_;
  std::chrono::steady_clock::time_point deadline_;
};

}  // namespace wright::agent
