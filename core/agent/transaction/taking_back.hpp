#pragma once

#include <set>
#include <string>
#include <vector>

#include "agent/journal/journal.hpp"
#include "agent/plan/means.hpp"
#include "agent/transaction/settling_order.hpp"

namespace wright::agent {

/// What a kind is given to take back a step, or those of its resources that are named. What somebody made of them since
/// is kept by then, unless undo() does that itself.
Result<UndoRecord> record_of(const Step& step, const std::vector<ResourceId>& ids, const Means& means,
                             Context& context);

/// Takes back what a transaction began. Doing it twice is doing it once, from any point it was killed at.
class TakingBack {
 public:
  TakingBack(Journal& journal, const Means& means, Context& context)
      : journal_(journal), means_(means), context_(context) {}

  /// Every step of an apply that was not undone, newest first. Goes on after a problem.
  void steps_of(const std::string& transaction);
  /// The steps of a rollback that were not made, in order. Goes on after a problem.
  void forward(const std::string& transaction);

  [[nodiscard]] const Diagnostics& problems() const { return problems_; }
  [[nodiscard]] std::int64_t count() const { return static_cast<std::int64_t>(taken_back_.size()); }

 private:
  bool take_back(const Step& step, const std::vector<ResourceId>& ids);
  /// Syncs when there is something to sync. When that fails, what was undone must not count as done: recovery would
  /// skip it.
  bool is_on_disk(bool unsynced);
  /// Kinds that left something to it come last: their services must run with their old configuration by then. False
  /// when there was a problem: what undo() left to it is still to be taken back.
  bool settle(std::vector<TakenBack> oldest_first);
  void note(const Diagnostics& problems, const Step& step);

  Journal& journal_;
  const Means& means_;
  Context& context_;
  Diagnostics problems_;
  std::set<ResourceId> taken_back_;
  std::set<std::string> postponing_;  ///< kinds that left something to settle()
};

}  // namespace wright::agent
