#pragma once

#include <chrono>
#include <optional>
#include <string>

#include "agent/context.hpp"

namespace wright::agent {

/// The controller while a transaction runs.
class Conversation {
 public:
  virtual ~Conversation() = default;
  /// Whether what is named "component@host" is ready.
  virtual bool released(const std::string& token) = 0;
  /// Waits until more is released; false when the deadline passed or the run was cancelled.
  virtual bool await_release(std::chrono::steady_clock::time_point deadline) = 0;
  /// Commit (true) or roll back (false); none when the controller is gone.
  virtual std::optional<bool> await_decision() = 0;
};

/// Tells a step's, probe's or phase's beginning when it is made and its end when told; measures the time between.
class Telling {
 public:
  Telling(const Context& context, Event event);
  void done(std::string state, std::string text = {});

 private:
  const Context& context_;
  Event event_;
  std::chrono::steady_clock::time_point start_ = std::chrono::steady_clock::now();
};

/// The first component of a list, for messages.
std::string first_of(const std::vector<std::string>& components);

/// A failure because the controller is gone or a signal came.
Diagnostic interruption(std::string what);

/// A transaction's id: time and 32 random bits.
std::string new_transaction_id();

}  // namespace wright::agent
