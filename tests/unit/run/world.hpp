#pragma once

#include <condition_variable>
#include <deque>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "base/sha256.hpp"
#include "model/protocol.hpp"
#include "run/exit_code.hpp"
#include "run/ports.hpp"

namespace wright::testing {

/// A host as a test wants it. The conversation with it follows the protocol; nothing else is real.
struct FakeHost {
  bool unreachable = false;
  std::string locked_by;  ///< not empty: hello with lock is refused
  std::vector<TransactionInfo> interrupted;
  Value::Map facts{{"hostname", "fake"}};
  Value::Map more_facts;  ///< answers to asked ones
  std::vector<Change> changes;
  std::string digest = "digest";  ///< of the state there is when apply comes
  std::string planned_digest = "digest";
  std::string moves_after_plan;  ///< what differs from the first plan on, when a plan is asked for again
  bool fails = false;            ///< apply rolls back by itself
  bool incomplete = false;       ///< and that rollback is not complete
  bool vanishes = false;         ///< the connection ends in the middle of apply
  bool never_ends = false;       ///< apply goes on until the input is closed
  bool lets_in_once = false;     ///< every later connection is refused
  int logins = 0;
  std::string failing_probe;
  std::vector<TransactionInfo> history;
  std::vector<Value> received;
};

/// The hosts of a test, what they were told in which order, and the ports that lead to them.
class World {
 public:
  World();
  ~World();

  FakeHost& host(const std::string& name) { return hosts_[name]; }
  /// "web:apply", "db:release memcached@web", "web:finish commit", "web:closed", in the order they came.
  std::vector<std::string> log();
  [[nodiscard]] bool was_told(const std::string& what);
  /// Place of an entry in the log; the size of the log when it is not there.
  std::size_t place(const std::string& what);

  /// Reads a site file of this text; fails the test when it is wrong.
  const Site& site(const std::string& text);
  Run run(std::vector<std::string> words = {});

  std::map<std::string, PluginDescription> plugins;
  std::function<Result<Declared>(const Evaluation&)> evaluate;
  std::function<Result<>(const Probe&)> probe = [](const Probe&) { return Result<>(); };
  std::function<void(const Event&)> on_event = [](const Event&) {};
  Interruption interruption;
  std::filesystem::path folder;
  std::vector<Event> events;

 private:
  friend class FakeConnection;
  void note(const std::string& what);

  std::mutex mutex_;
  std::vector<std::string> log_;
  std::map<std::string, FakeHost> hosts_;
  std::unique_ptr<Site> site_;
};

/// A change that creates a file.
Change creates(const std::string& path);

}  // namespace wright::testing
