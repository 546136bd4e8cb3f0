#include <algorithm>

#include "agent/journal/journal.hpp"
#include "model/encoding.hpp"
#include "model/lists.hpp"

namespace wright::agent {
namespace {

Result<Value> decode(const std::string& path, const std::string& bytes) {
  auto value = from_cbor(bytes);
  if (!value) return damaged(path, to_text(value.error()));
  return value;
}

std::string columns(bool whole) {
  return std::string("tx, seq, phase, about, left_behind, seal") + (whole ? ", undo, undo_seal, done, done_seal" : "");
}

bool is_unfinished(const Transaction& t) {
  return t.info.state == "open" || t.info.state == "prepared" || t.info.state == "incomplete";
}

}  // namespace

Result<Transaction> Journal::transaction_in(Statement& row) {
  const std::string id = row.bytes(1);
  const std::string record = row.bytes(2);
  if (row.bytes(4) != seal_of({row.integer(0), id, Secret(record), row.integer(3)}))
    return damaged(path(), "transaction " + std::to_string(row.integer(0)) + " was altered");
  auto value = decode(path(), record);
  if (!value) return failure(value.error());
  auto transaction = transaction_from(*value);
  if (!transaction) return damaged(path(), to_text(transaction.error()));
  transaction->steps = row.integer(3);
  return transaction;
}

Result<std::vector<Transaction>> Journal::transactions() {
  std::vector<Transaction> all;
  auto there = open();
  if (!there) return failure(there.error());
  if (!*there) return all;
  // NOT INDEXED: every row of the table itself, whatever state an index is in.
  auto statement =
      database_->prepare("SELECT number, id, record, steps, seal FROM transactions NOT INDEXED ORDER BY number");
  if (!statement) return failure(statement.error());
  while (true) {
    auto row = statement->step();
    if (!row) return failure(row.error());
    if (!*row) return all;
    auto one = transaction_in(*statement);
    if (!one) return failure(one.error());
    all.push_back(std::move(*one));
  }
}

Result<std::optional<Transaction>> Journal::unfinished() {
  auto all = transactions();
  if (!all) return failure(all.error());
  const auto found = std::find_if(all->rbegin(), all->rend(), is_unfinished);
  if (found == all->rend()) return std::optional<Transaction>();
  return std::optional<Transaction>(std::move(*found));
}

Result<Transaction> Journal::transaction(const std::string& id) {
  auto there = open();
  if (!there) return failure(there.error());
  if (*there) {
    auto statement = database_->prepare("SELECT number, id, record, steps, seal FROM transactions WHERE id = ?");
    if (!statement) return failure(statement.error());
    auto row = statement->bind(1, std::string_view(id)).step();
    if (!row) return failure(row.error());
    if (*row) return transaction_in(*statement);
  }
  return failure(path(), "there is no transaction \"" + id + "\"", {}, "wright history");
}

Result<std::vector<Step>> Journal::steps(const std::string& id) { return read_steps(id, true); }

Result<Step> Journal::step_in(Statement& row, bool whole) {
  Step step;
  const std::string where = "step " + std::to_string(row.integer(1)) + " of " + row.bytes(0);
  const std::string about_bytes = row.bytes(3);
  const std::string left = row.bytes(4);
  step.at = {row.bytes(0), row.integer(1)};
  if (row.integer(2) < 0 || row.integer(2) > 2) return damaged(path(), where + " was altered");
  step.phase = static_cast<StepPhase>(row.integer(2));
  if (row.bytes(5) != seal_of_step(step, about_bytes, left)) return damaged(path(), where + " was altered");
  auto value = decode(path(), about_bytes);
  if (!value) return failure(value.error());
  auto read = step_about(*value);
  if (!read) return damaged(path(), to_text(read.error()));
  read->at = step.at;
  read->phase = step.phase;
  auto left_value = decode(path(), left);
  if (!left_value) return failure(left_value.error());
  if (const auto* map = left_value->as_map()) read->left = *map;
  if (!whole) return read;
  const std::string undo = row.bytes(6);
  const std::string done = row.bytes(8);
  if (row.bytes(7) != seal_of_data(step.at, "undo", undo) || row.bytes(9) != seal_of_data(step.at, "done", done))
    return damaged(path(), "the undo of " + where + " was altered");
  auto undo_value = decode(path(), undo);
  if (!undo_value) return failure(undo_value.error());
  auto done_value = decode(path(), done);
  if (!done_value) return failure(done_value.error());
  read->undo = std::move(*undo_value);
  read->done = std::move(*done_value);
  return read;
}

Result<std::vector<Step>> Journal::read_steps(const std::string& id, bool whole) {
  auto owner = transaction(id);
  if (!owner) return failure(owner.error());
  std::vector<Step> steps;
  auto statement = database_->prepare("SELECT " + columns(whole) + " FROM steps WHERE tx = ? ORDER BY seq");
  if (!statement) return failure(statement.error());
  statement->bind(1, std::string_view(id));
  while (true) {
    auto row = statement->step();
    if (!row) return failure(row.error());
    if (!*row) break;
    auto step = step_in(*statement, whole);
    if (!step) return failure(step.error());
    if (step->at != StepId{id, static_cast<std::int64_t>(steps.size())})
      return damaged(path(), "a step of transaction " + id + " is missing");
    steps.push_back(std::move(*step));
  }
  if (static_cast<std::int64_t>(steps.size()) != owner->steps)
    return damaged(path(), "transaction " + id + " has " + std::to_string(steps.size()) + " steps instead of " +
                               std::to_string(owner->steps));
  return steps;
}

Result<Step> Journal::step(const StepId& at) { return read_step(at, true); }

Result<Step> Journal::read_step(const StepId& at, bool whole) {
  auto there = open();
  if (!there) return failure(there.error());
  if (!*there) return failure(path(), "is not there");
  auto statement = database_->prepare("SELECT " + columns(whole) + " FROM steps WHERE tx = ? AND seq = ?");
  if (!statement) return failure(statement.error());
  auto row = statement->bind(1, std::string_view(at.transaction)).bind(2, at.sequence).step();
  if (!row) return failure(row.error());
  if (!*row) return damaged(path(), "step " + std::to_string(at.sequence) + " of " + at.transaction + " is missing");
  auto step = step_in(*statement, whole);
  if (step && step->at != at) return damaged(path(), "a step is not where it should be");
  return step;
}

Result<std::vector<Step>> Journal::outline() {
  std::vector<Step> out;
  auto all = transactions();
  if (!all) return failure(all.error());
  for (const auto& one : *all) {
    if (one.info.state != "committed") continue;
    auto steps = read_steps(one.info.id, false);
    if (!steps) return failure(steps.error());
    for (auto& step : *steps) out.push_back(std::move(step));
  }
  return out;
}

Result<std::vector<PendingRestart>> Journal::pending_restarts() {
  std::vector<PendingRestart> all;
  auto there = open();
  if (!there) return failure(there.error());
  if (!*there) return all;
  auto statement = database_->prepare("SELECT unit, action, tx, seal FROM restarts NOT INDEXED ORDER BY unit");
  if (!statement) return failure(statement.error());
  while (true) {
    auto row = statement->step();
    if (!row) return failure(row.error());
    if (!*row) return all;
    PendingRestart one{statement->bytes(0), Action::restart, statement->bytes(2)};
    const std::string action = statement->bytes(1);
    if (statement->bytes(3) != seal_of({one.unit, action, one.transaction}))
      return damaged(path(), "a pending restart was altered");
    one.action = action == "reload" ? Action::reload : Action::restart;
    all.push_back(std::move(one));
  }
}

Result<std::map<std::string, std::vector<Resource>>> Journal::rollback_commands() {
  std::map<std::string, std::vector<Resource>> all;
  auto there = open();
  if (!there) return failure(there.error());
  if (!*there) return all;
  auto statement = database_->prepare("SELECT name, commands, seal FROM components NOT INDEXED");
  if (!statement) return failure(statement.error());
  while (true) {
    auto row = statement->step();
    if (!row) return failure(row.error());
    if (!*row) return all;
    const std::string name = statement->bytes(0);
    const std::string commands = statement->bytes(1);
    if (statement->bytes(2) != seal_of({name, Secret(commands)}))
      return damaged(path(), "the rollback commands of a component were altered");
    auto list = decode(path(), commands);
    if (!list) return failure(list.error());
    if (const auto* items = list->as_list())
      for (const auto& item : *items) {
        auto resource = resource_from(item);
        if (!resource) return damaged(path(), to_text(resource.error()));
        all[name].push_back(std::move(*resource));
      }
  }
}

}  // namespace wright::agent
