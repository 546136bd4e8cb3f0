#include "run/coordination.hpp"

#include <algorithm>

#include "run/catalogs.hpp"

namespace wright {

Coordination::Coordination(const Run& run, std::vector<Part> parts, Manner manner) : run_(run), manner_(manner) {
  for (auto& part : parts) {
    members_.emplace_back();
    members_.back().part = std::move(part);
  }
}

void Coordination::release(const std::set<std::string>& tokens) {
  released_ = tokens;
  for (auto& member : members_)
    for (const auto& token : member.part.waits_for)
      if (tokens.contains(token)) member.queued.push_back(token);
}

std::vector<Outcome> Coordination::carry_out(const std::function<Diagnostics()>& final_check) {
  std::vector<Outcome> outcomes;
  {
    const Interruption::Changing changing(run_.interruption, [this] { close_all(); });
    std::unique_lock lock(mutex_);
    std::set<std::size_t> stages;
    for (const auto& member : members_) stages.insert(member.part.stage);
    for (const std::size_t stage : stages) start_stage(lock, stage);

    Diagnostics found;
    if (!any_failed() && !run_.interruption.requested()) {
      lock.unlock();
      found = final_check();
      lock.lock();
    }
    if (must_undo() || (found.has_errors() && manner_ == Manner::apply))
      undo_all(lock);
    else
      commit_all();
    moved_.wait(lock, [this] { return !any(Phase::running) && !any(Phase::prepared); });
  }
  for (auto& member : members_)
    if (member.thread.joinable()) member.thread.join();
  for (auto& member : members_) outcomes.push_back(std::move(member.outcome));
  return outcomes;
}

/// Starts a stage and waits until each of its parts is prepared or has ended, or the others must be undone.
void Coordination::start_stage(std::unique_lock<std::mutex>& lock, std::size_t stage) {
  const bool stop = must_undo();
  for (auto& member : members_) {
    if (member.part.stage != stage) continue;
    if (stop) {
      member.outcome.host = member.part.session->host->name;
      member.outcome.state = "refused";
      member.phase = Phase::ended;
      continue;
    }
    member.phase = Phase::running;
    member.thread = std::thread([this, &member] { serve(member); });
  }
  moved_.wait(lock, [this] { return !any(Phase::running) || any_failed() || run_.interruption.requested(); });
  if (must_undo()) return;
  while (any(Phase::running) && !run_.interruption.requested()) {
    for (auto& member : members_)
      if (member.phase == Phase::running && waits_in_vain(member)) close(member);
    moved_.wait(lock);
  }
}

void Coordination::undo_all(std::unique_lock<std::mutex>& lock) {
  std::set<std::size_t, std::greater<>> levels;
  for (const auto& member : members_) levels.insert(member.part.level);
  for (const std::size_t level : levels) {
    for (auto& member : members_) {
      if (member.part.level != level) continue;
      if (member.phase == Phase::running) close(member);
      member.decision = Decision::roll_back;
    }
    moved_.notify_all();
    moved_.wait(lock, [&] {
      return std::all_of(members_.begin(), members_.end(),
                         [&](const Member& m) { return m.part.level != level || m.phase == Phase::ended; });
    });
  }
}

void Coordination::commit_all() {
  committing_ = true;
  for (auto& member : members_) member.decision = Decision::commit;
  moved_.notify_all();
}

bool Coordination::waits_in_vain(const Member& member) const {
  return std::any_of(member.part.waits_for.begin(), member.part.waits_for.end(), [&](const std::string& token) {
    if (released_.contains(token)) return false;
    return std::any_of(members_.begin(), members_.end(), [&](const Member& other) {
      return other.phase == Phase::ended && token.ends_with("@" + other.part.session->host->name);
    });
  });
}

bool Coordination::any(Phase phase) const {
  return std::any_of(members_.begin(), members_.end(), [&](const Member& m) { return m.phase == phase; });
}

bool Coordination::failed(const Member& member) const {
  if (member.phase != Phase::ended) return false;
  const std::string& state = member.outcome.state;
  if (state == "unchanged" || state == "committed") return false;
  return manner_ != Manner::roll_back || state != "rolled_back";
}

bool Coordination::any_failed() const {
  return std::any_of(members_.begin(), members_.end(), [this](const Member& m) { return failed(m); });
}

bool Coordination::must_undo() const {
  return run_.interruption.requested() || (manner_ == Manner::apply && any_failed());
}

Coordination::Decision Coordination::await_decision(Member& member, const Outcome& outcome) {
  std::unique_lock lock(mutex_);
  member.phase = Phase::prepared;
  member.outcome = outcome;
  moved_.notify_all();
  moved_.wait(lock, [&] { return member.decision != Decision::none || run_.interruption.requested(); });
  return member.decision == Decision::none ? Decision::roll_back : member.decision;
}

void Coordination::end(Member& member, Outcome outcome) {
  const std::lock_guard lock(mutex_);
  const std::string& host = member.part.session->host->name;
  outcome.host = host;
  outcome.diagnostics = at_host(outcome.diagnostics, host);
  member.outcome = std::move(outcome);
  member.phase = Phase::ended;
  moved_.notify_all();
}

void Coordination::lose(Member& member, const Diagnostics& why) {
  Outcome outcome;
  {
    const std::lock_guard lock(mutex_);
    outcome.transaction = member.outcome.transaction;
  }
  const bool gone = std::any_of(why.items().begin(), why.items().end(),
                                [](const Diagnostic& d) { return d.fault == Fault::unreachable; });
  outcome.state = gone ? "lost" : "refused";
  outcome.diagnostics = why;
  end(member, std::move(outcome));
}

Result<> Coordination::open(Member& member) {
  const std::lock_guard lock(member.sending);
  if (member.closed) return failure({Severity::note, Fault::failed, {}, "ended before anything was changed", {}, {}});
  Connection& connection = *member.part.session->connection;
  if (auto sent = connection.send(member.part.request); !sent) return sent;
  member.started = true;
  for (const auto& token : member.queued)
    if (auto sent = connection.send(release_message(token)); !sent) return sent;
  return {};
}

void Coordination::serve(Member& member) {
  if (auto opened = open(member); !opened) return lose(member, opened.error());
  Connection& connection = *member.part.session->connection;
  while (true) {
    auto message = connection.receive(changing_deadline);
    if (!message) return lose(member, message.error());
    const std::string type = message_type(*message);
    if (type == "event") {
      if (auto event = event_in(*message)) hear(member, *event);
      continue;
    }
    if (type == "error") {
      auto problems = error_in(*message);
      return lose(member, problems ? *problems : problems.error());
    }
    auto outcome =
        type == "outcome" ? outcome_in(*message) : failure({}, "the agent sent \"" + type + "\" instead of an outcome");
    if (!outcome) return lose(member, outcome.error());
    if (outcome->state != "prepared") return end(member, std::move(*outcome));
    const bool commit = await_decision(member, *outcome) == Decision::commit;
    if (auto told = finish(member, commit); !told) return lose(member, told.error());
  }
}

/// When the input is closed the agent rolls back without being told; its outcome may still come.
Result<> Coordination::finish(Member& member, bool commit) {
  const std::lock_guard lock(member.sending);
  if (member.closed) return {};
  return member.part.session->connection->send(finish_message(commit));
}

void Coordination::hear(Member& member, const Event& heard) {
  Event event = heard;
  event.host = member.part.session->host->name;
  run_.on_event(event);
  if (event.event != "ready" || event.state == "failed" || event.state == "started") return;
  const std::string token = release_token(event.subject.empty() ? event.component : event.subject, event.host);
  std::vector<Member*> waiting;
  {
    const std::lock_guard lock(mutex_);
    released_.insert(token);
    for (auto& other : members_)
      if (other.part.waits_for.contains(token)) waiting.push_back(&other);
  }
  for (auto* other : waiting) {
    const std::lock_guard lock(other->sending);
    if (!other->started)
      other->queued.push_back(token);
    else if (!other->closed)
      (void)other->part.session->connection->send(release_message(token));  // its own thread sees a lost connection
  }
}

void Coordination::close(Member& member) {
  const std::lock_guard lock(member.sending);
  if (member.closed) return;
  member.closed = true;
  member.part.session->connection->close();
}

/// From the thread that handles signals. Once the hosts are told to commit, all of them must be.
void Coordination::close_all() {
  if (committing_) return;
  for (auto& member : members_) close(member);
  const std::lock_guard lock(mutex_);
  moved_.notify_all();
}

}  // namespace wright
