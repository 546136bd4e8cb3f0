#pragma once

#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "agent/journal/journal.hpp"
#include "agent/plan/planner.hpp"
#include "agent/plan/reversal_plan.hpp"
#include "agent/transaction/applying.hpp"

namespace wright::agent::testing {

/// A host made of small files in a folder of its own, so that it outlives a process that is killed. Its kinds are
/// called like real ones but each only keeps one text for a resource; a service keeps "running" or "stopped".
class World {
 public:
  World();
  ~World();
  World(const World&) = delete;
  World& operator=(const World&) = delete;

  /// What a resource is on the host; empty when it is not there.
  [[nodiscard]] std::string now(const std::string& id) const;
  void set(const std::string& id, const std::string& text) const;
  void remove(const std::string& id) const;
  /// Everything that is there, as one text to compare.
  [[nodiscard]] std::string everything() const;
  /// What was done, in order: "create file:/a", "restart service:web", "undo file:/a", "settle service:web", "probe p".
  [[nodiscard]] std::vector<std::string> log() const;
  void clear_log() const;
  void note(const std::string& line) const;

  [[nodiscard]] const std::string& folder() const { return folder_; }
  [[nodiscard]] std::string state_folder() const { return folder_ + "/state"; }

  std::set<std::string> failing_changes;  ///< ids whose change fails half way: it was made, and then an error
  std::set<std::string> failing_preparations;
  std::set<std::string> failing_undos;
  std::set<std::string> postponed_undos;  ///< ids that are only taken back when all else was
  std::set<std::string> failing_settles;
  std::map<std::string, std::string> obstacles;  ///< an id and the path that must change before it can
  std::map<std::string, std::string> unseen;     ///< an id and why it cannot be seen
  std::map<std::string, std::string> missing;    ///< an id and what of it cannot come back
  std::set<std::string> failing_notes;           ///< ids of which nobody knows what goes besides
  std::set<std::string> failing_probes;
  /// Changing the first brings the second to the text given, as a package brings its default site.
  std::map<std::string, std::pair<std::string, std::string>> side_effects;
  std::function<void(const std::string& name)> during_probe = [](const auto&) {};  ///< from several threads
  std::function<void(const std::string& id, const Context& context)> during_change = [](const auto&, const auto&) {};
  std::function<void(const std::string& line)> on_note = [](const std::string&) {};

  Cancellation cancellation;  ///< the controller is gone, or a signal came

  std::function<Result<>()> sync = [] { return Result<>(); };

  Means means();
  std::vector<std::string> sites{"test"};  ///< who asks: its name, then former ones
  Context context();

 private:
  std::mutex probing_;
  class FakeKind;
  std::string path_of(const std::string& id) const;

  std::string folder_;
  std::map<std::string, std::unique_ptr<FakeKind>, std::less<>> kinds_;
};

Resource file(const std::string& path, const std::string& content, const std::string& component = "web");
Resource directory(const std::string& path, const std::string& component = "web");
Resource package(const std::string& name, const std::string& component = "web");
Resource service(const std::string& name, std::vector<ResourceId> restart_on, const std::string& component = "web");
ResourceId id(const std::string& text);

/// A catalog of the components that its resources name, in that order of first mention.
Catalog catalog_of(std::vector<Resource> resources);

/// A controller that has decided already.
class Decided final : public Conversation {
 public:
  explicit Decided(std::optional<bool> decision) : decision_(decision) {}
  bool released(const std::string& token) override { return tokens.contains(token); }
  bool await_release(std::chrono::steady_clock::time_point) override {
    if (to_come.empty()) return false;
    tokens.insert(to_come.front());
    to_come.erase(to_come.begin());
    return true;
  }
  std::optional<bool> await_decision() override { return decision_; }

  std::set<std::string> tokens;
  std::vector<std::string> to_come;

 private:
  std::optional<bool> decision_;
};

/// Plans and applies; the decision none means that the controller is gone by then.
Outcome apply_now(World& world, const Catalog& catalog, std::optional<bool> decision = true,
                  const std::string& on_failure = "rollback");
/// Plans and makes a rollback.
Outcome roll_back_now(World& world, RollbackRequest request = {});
Outcome recover_now(World& world);
Plan plan_now(World& world, const Catalog& catalog);
/// "create file:/a" for each change.
std::vector<std::string> lines_of(const Plan& plan);
std::vector<TransactionInfo> history_of(World& world);

}  // namespace wright::agent::testing
