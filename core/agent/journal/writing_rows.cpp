#include <algorithm>
#include <set>

#include "agent/failpoint.hpp"
#include "agent/journal/journal.hpp"
#include "model/encoding.hpp"
#include "model/lists.hpp"

namespace wright::agent {
namespace {

std::int64_t changes_in(const std::vector<Step>& steps) {
  std::int64_t changes = 0;
  for (const auto& step : steps)
    changes += std::count_if(step.touched.begin(), step.touched.end(),
                             [](const Touched& t) { return t.change.action != Action::none; });
  return changes;
}

}  // namespace

Result<> Journal::set_transaction(const Transaction& t) {
  auto known = database_->prepare("SELECT number FROM transactions WHERE id = ?");
  if (!known) return failure(known.error());
  auto row = known->bind(1, std::string_view(t.info.id)).step();
  if (!row) return failure(row.error());
  const std::string record = to_cbor(to_value(t));
  std::int64_t number = *row ? known->integer(0) : 0;
  if (!*row) {
    auto last = database_->prepare("SELECT coalesce(max(number), 0) FROM transactions");
    if (!last) return failure(last.error());
    if (auto read = last->step(); !read) return failure(read.error());
    number = last->integer(0) + 1;
  }
  auto set =
      database_->prepare("INSERT OR REPLACE INTO transactions(number, id, record, steps, seal) VALUES(?,?,?,?,?)");
  if (!set) return failure(set.error());
  return set->bind(1, number)
      .bind(2, std::string_view(t.info.id))
      .bind_blob(3, record)
      .bind(4, t.steps)
      .bind(5, seal_of({number, t.info.id, Secret(record), t.steps}))
      .run();
}

Result<> Journal::insert(const Step& s) {
  const std::string about_bytes = to_cbor(about(s));
  const std::string left = to_cbor(Value(s.left));
  const std::string undo = to_cbor(s.undo);
  const std::string done = to_cbor(s.done);
  auto statement = database_->prepare(
      "INSERT INTO steps(tx, seq, phase, about, left_behind, seal, undo, undo_seal, done, done_seal) "
      "VALUES(?,?,?,?,?,?,?,?,?,?)");
  if (!statement) return failure(statement.error());
  return statement->bind(1, std::string_view(s.at.transaction))
      .bind(2, s.at.sequence)
      .bind(3, static_cast<std::int64_t>(s.phase))
      .bind_blob(4, about_bytes)
      .bind_blob(5, left)
      .bind(6, seal_of_step(s, about_bytes, left))
      .bind_blob(7, undo)
      .bind(8, seal_of_data(s.at, "undo", undo))
      .bind_blob(9, done)
      .bind(10, seal_of_data(s.at, "done", done))
      .run();
}

Result<> Journal::begin(const Transaction& transaction, const std::vector<Step>& planned) {
  auto there = open();
  if (!there) return failure(there.error());
  if (!*there)
    if (auto made = create(); !made) return made;
  epoch_ = 0;
  return write([&]() -> Result<> {
    auto other = unfinished();
    if (!other) return failure(other.error());
    if (*other)
      return failure(path(), "transaction " + (*other)->info.id + " is not finished", {},
                     "wright rollback, or wright apply, which rolls it back first");
    Transaction begun = transaction;
    begun.steps = static_cast<std::int64_t>(planned.size());
    begun.info.changes = changes_in(planned);
    if (auto set = set_transaction(begun); !set) return set;
    for (const auto& step : planned)
      if (auto inserted = insert(step); !inserted) return inserted;
    return {};
  });
}

Result<> Journal::intend(const std::vector<Step>& steps, const std::vector<PendingRestart>& restarts) {
  if (steps.empty()) return {};
  return write([&]() -> Result<> {
    auto owner = transaction(steps.front().at.transaction);
    if (!owner) return failure(owner.error());
    for (const auto& step : steps)
      if (auto inserted = insert(step); !inserted) return inserted;
    owner->steps += static_cast<std::int64_t>(steps.size());
    owner->info.changes += changes_in(steps);
    if (auto set = set_transaction(*owner); !set) return set;
    for (const auto& restart : restarts) {
      const std::string action(name_of(restart.action));
      auto statement = database_->prepare("INSERT OR REPLACE INTO restarts(unit, action, tx, seal) VALUES(?,?,?,?)");
      if (!statement) return failure(statement.error());
      auto run = statement->bind(1, std::string_view(restart.unit))
                     .bind(2, std::string_view(action))
                     .bind(3, std::string_view(restart.transaction))
                     .bind(4, seal_of({restart.unit, action, restart.transaction}))
                     .run();
      if (!run) return run;
    }
    return {};
  });
}

Result<> Journal::set_phase(const Step& s) {
  const std::string about_bytes = to_cbor(about(s));
  const std::string left = to_cbor(Value(s.left));
  auto statement = database_->prepare("UPDATE steps SET phase=?, left_behind=?, seal=? WHERE tx=? AND seq=?");
  if (!statement) return failure(statement.error());
  return statement->bind(1, static_cast<std::int64_t>(s.phase))
      .bind_blob(2, left)
      .bind(3, seal_of_step(s, about_bytes, left))
      .bind(4, std::string_view(s.at.transaction))
      .bind(5, s.at.sequence)
      .run();
}

Result<> Journal::forget_restart(const std::string& unit) {
  auto statement = database_->prepare("DELETE FROM restarts WHERE unit = ?");
  if (!statement) return failure(statement.error());
  return statement->bind(1, std::string_view(unit)).run();
}

Result<> Journal::complete(const std::string& id, const std::vector<Completion>& completions,
                           const std::vector<std::string>& restarted) {
  return write([&]() -> Result<> {
    for (const auto& completion : completions) {
      const StepId at{id, completion.sequence};
      auto step = read_step(at, false);
      if (!step) return failure(step.error());
      step->phase = StepPhase::done;
      step->left = completion.left;
      if (auto set = set_phase(*step); !set) return set;
      if (!completion.done) continue;
      const std::string done = to_cbor(*completion.done);
      auto statement = database_->prepare("UPDATE steps SET done=?, done_seal=? WHERE tx=? AND seq=?");
      if (!statement) return failure(statement.error());
      auto run = statement->bind_blob(1, done)
                     .bind(2, seal_of_data(at, "done", done))
                     .bind(3, std::string_view(id))
                     .bind(4, at.sequence)
                     .run();
      if (!run) return run;
    }
    for (const auto& unit : restarted)
      if (auto forgotten = forget_restart(unit); !forgotten) return forgotten;
    return {};
  });
}

Result<> Journal::undone(const std::string& id, const std::vector<std::int64_t>& sequences) {
  return write([&]() -> Result<> {
    for (const auto sequence : sequences) {
      auto step = read_step({id, sequence}, false);
      if (!step) return failure(step.error());
      step->phase = StepPhase::undone;
      if (auto set = set_phase(*step); !set) return set;
    }
    return {};
  });
}

Result<> Journal::end(const Ending& ending) {
  return write([&]() -> Result<> {
    auto ended = transaction(ending.transaction);
    if (!ended) return failure(ended.error());
    ended->info.state = ending.state;
    ended->info.note = ending.note;
    if (ending.state != "open" && ending.state != "prepared") ended->info.finished = utc_now();
    if (auto set = set_transaction(*ended); !set) return set;
    if (ending.state == "committed") {
      for (const auto& id : ended->undoes) {
        auto target = transaction(id);
        if (!target) return failure(target.error());
        target->info.state = "rolled_back";
        target->info.note = "by " + ending.transaction;
        if (auto set = set_transaction(*target); !set) return set;
      }
    }
    if (ending.forget_restarts) {
      std::vector<std::string> askers = ended->undoes;
      askers.push_back(ending.transaction);
      for (const auto& id : askers) {
        auto statement = database_->prepare("DELETE FROM restarts WHERE tx = ?");
        if (!statement) return failure(statement.error());
        if (auto run = statement->bind(1, std::string_view(id)).run(); !run) return run;
      }
    }
    for (const auto& unit : ending.restarted)
      if (auto forgotten = forget_restart(unit); !forgotten) return forgotten;
    for (const auto& name : ending.forget_components) {
      auto statement = database_->prepare("DELETE FROM components WHERE name = ?");
      if (!statement) return failure(statement.error());
      if (auto run = statement->bind(1, std::string_view(name)).run(); !run) return run;
    }
    for (const auto& [name, commands] : ending.rollback_commands) {
      const std::string bytes = to_cbor(list_to_value(commands));
      auto statement = database_->prepare("INSERT OR REPLACE INTO components(name, commands, seal) VALUES(?,?,?)");
      if (!statement) return failure(statement.error());
      auto run =
          statement->bind(1, std::string_view(name)).bind_blob(2, bytes).bind(3, seal_of({name, Secret(bytes)})).run();
      if (!run) return run;
    }
    return {};
  });
}

}  // namespace wright::agent
