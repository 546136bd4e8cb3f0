#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "model/event.hpp"
#include "model/plan.hpp"
#include "model/protocol.hpp"

namespace wright {

struct ReportSettings {
  bool json = false;
  bool quiet = false;
  bool verbose = false;
  std::string colour = "auto";
  std::string site;  ///< the site file that suggested commands must name; empty when they find it without
};

/// Says what a command found. Results go to standard output, messages and progress to standard error; with `json` every
/// line of standard output is one object. When nobody reads standard output any more, the rest is dropped without a
/// word.
class Reporter {
 public:
  virtual ~Reporter() = default;

  /// Thread-safe; the others are for one thread.
  virtual void event(const Event& event) = 0;
  virtual void plans(const std::vector<Plan>& plans) = 0;
  /// How an apply or rollback ended, with the problems that the outcomes hold.
  virtual void outcomes(const std::vector<Outcome>& outcomes) = 0;
  /// How a verify ended; `events` are its answered probes.
  virtual void verified(const std::vector<Outcome>& outcomes, const std::vector<Event>& events) = 0;
  virtual void history(const std::string& host, const std::vector<TransactionInfo>& transactions) = 0;
  virtual void status(const std::string& host, const StatusReport& report) = 0;
  virtual void facts(const std::string& host, const Value::Map& facts) = 0;
  /// Any other result: the fields for programs, the text for people.
  virtual void result(std::string_view type, const Value::Map& fields, const std::string& text) = 0;
  virtual void diagnostics(const Diagnostics& problems) = 0;
  /// For people only.
  virtual void message(const std::string& text) = 0;
  /// Takes down live lines before a question is asked.
  virtual void pause() = 0;
  /// The last line for programs.
  virtual void end(int exit_code) = 0;
};

std::unique_ptr<Reporter> make_reporter(const ReportSettings& settings);

/// Writes text to standard output. False when nobody reads it any more.
bool to_stdout(std::string_view text);

}  // namespace wright
