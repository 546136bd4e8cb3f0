#pragma once

#include <atomic>
#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "run/session.hpp"

namespace wright {

/// One host's part of a change over several hosts.
struct Part {
  Session* session = nullptr;
  Value request;                    ///< "apply" or "rollback"
  std::set<std::string> waits_for;  ///< tokens it needs from other hosts
  std::size_t level = 0;            ///< a rollback undoes higher levels first
  std::size_t stage = 0;            ///< starts when every part of a lower stage is prepared or has ended
};

/// What is carried out, and what becomes of the other parts when one fails: `apply` undoes them; `apply_and_stop` and
/// `roll_back` let them come to their end and commit them.
enum class Manner { apply, apply_and_stop, roll_back };

/// Carries out the parts of a change so that all are committed or none: relays who is ready to those that wait, decides
/// when every part is prepared, and on a failure, or an interruption, undoes the others in reverse order of their
/// levels. Besides the outcomes of model/event.hpp a part may end as "lost": the connection ended, and the agent rolls
/// back what it began without being told.
class Coordination {
 public:
  Coordination(const Run& run, std::vector<Part> parts, Manner manner);

  /// What is ready already on hosts that have no part. Call it before carry_out().
  void release(const std::set<std::string>& tokens);

  /// `final_check` is called when every part is prepared and before any is committed; problems mean failure. Returns
  /// one outcome a part, in the order given.
  std::vector<Outcome> carry_out(const std::function<Diagnostics()>& final_check);

 private:
  enum class Phase { waiting, running, prepared, ended };
  enum class Decision { none, commit, roll_back };

  struct Member {
    Part part;
    std::thread thread;
    std::mutex sending;
    bool started = false;             ///< guarded by sending
    bool closed = false;              ///< guarded by sending
    std::vector<std::string> queued;  ///< guarded by sending: tokens that came before the request was sent
    Phase phase = Phase::waiting;     ///< this and the following guarded by mutex_
    Decision decision = Decision::none;
    Outcome outcome;
  };

  void serve(Member& member);
  Result<> open(Member& member);
  Result<> finish(Member& member, bool commit);
  void hear(Member& member, const Event& event);
  Decision await_decision(Member& member, const Outcome& outcome);
  void end(Member& member, Outcome outcome);
  void lose(Member& member, const Diagnostics& why);
  void close(Member& member);
  void close_all();
  void start_stage(std::unique_lock<std::mutex>& lock, std::size_t stage);
  void undo_all(std::unique_lock<std::mutex>& lock);
  void commit_all();
  [[nodiscard]] bool failed(const Member& member) const;
  [[nodiscard]] bool any_failed() const;
  [[nodiscard]] bool must_undo() const;
  [[nodiscard]] bool any(Phase phase) const;
  [[nodiscard]] bool waits_in_vain(const Member& member) const;

  const Run& run_;
  Manner manner_;
  std::deque<Member> members_;
  std::set<std::string> released_;  ///< guarded by mutex_
  std::atomic<bool> committing_{false};
  std::mutex mutex_;
  std::condition_variable moved_;
};

}  // namespace wright
