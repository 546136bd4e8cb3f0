#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "agent/journal/database.hpp"
#include "agent/journal/record.hpp"

namespace wright::agent {

/// What a finished change() is journaled as.
struct Completion {
  std::int64_t sequence = 0;
  std::optional<Value> done;  ///< what is journaled already stays when it is not given
  Value::Map left;            ///< "kind:name" to digest
};

/// How a transaction ends.
struct Ending {
  std::string transaction;
  std::string state;  ///< as in TransactionInfo
  std::string note;
  bool forget_restarts = false;        ///< those that this transaction asked for, or one that it undoes
  std::vector<std::string> restarted;  ///< units that need none any more
  std::map<std::string, std::vector<Resource>> rollback_commands;  ///< by component; replaces what is known of each
  std::vector<std::string> forget_components;
};

/// The write-ahead record of transactions in FOLDER/state.db. What is written is on disk when a call returns. Each row
/// carries a SHA-256 of its content and the number of rows is kept too, so that a damaged journal is told and never
/// taken for another truth. Reading makes no file. For one thread; writers hold the host's lock.
class Journal {
 public:
  explicit Journal(std::string folder) : folder_(std::move(folder)) {}

  /// All of them, oldest first.
  Result<std::vector<Transaction>> transactions();
  /// The one that is open, prepared or incomplete. There is never more than one.
  Result<std::optional<Transaction>> unfinished();
  /// The steps of a transaction in order, with undo and done.
  Result<std::vector<Step>> steps(const std::string& transaction);
  Result<Step> step(const StepId& at);
  /// The steps of all committed transactions, oldest first, without undo and done.
  Result<std::vector<Step>> outline();
  Result<std::vector<PendingRestart>> pending_restarts();
  /// Each component's commands to run before it is undone.
  Result<std::map<std::string, std::vector<Resource>>> rollback_commands();
  [[nodiscard]] std::int64_t bytes() const;

  /// Makes the state folder and file when they are not there. `planned` are a rollback's steps. Refused when another
  /// transaction is unfinished.
  Result<> begin(const Transaction& transaction, const std::vector<Step>& planned);
  /// Takes over an unfinished transaction: from here on an agent that held the host before is refused.
  Result<> claim();
  /// Steps with phase intent, and what they ask to be restarted, before any of them is made.
  Result<> intend(const std::vector<Step>& steps, const std::vector<PendingRestart>& restarts);
  Result<> complete(const std::string& transaction, const std::vector<Completion>& completions,
                    const std::vector<std::string>& restarted);
  Result<> undone(const std::string& transaction, const std::vector<std::int64_t>& sequences);
  /// Changes the state of a transaction; a committed rollback's targets become rolled back at the same moment.
  Result<> end(const Ending& ending);

 private:
  Result<bool> open();
  Result<> create();
  Result<> check();
  Result<> write(const std::function<Result<>()>& work);
  Result<> take_epoch();
  Result<std::int64_t> number_in_meta(std::string_view key);
  Result<> set_meta(std::string_view key, const std::string& value);
  Result<std::string> meta(std::string_view key);
  Result<std::string> row_counts();
  Result<> insert(const Step& step);
  Result<> set_transaction(const Transaction& transaction);
  Result<Transaction> transaction(const std::string& id);
  Result<Transaction> transaction_in(Statement& row);
  Result<std::vector<Step>> read_steps(const std::string& transaction, bool whole);
  Result<Step> step_in(Statement& row, bool whole);
  Result<Step> read_step(const StepId& at, bool whole);
  Result<> forget_restart(const std::string& unit);
  Result<> set_phase(const Step& step);
  [[nodiscard]] std::string path() const { return folder_ + "/state.db"; }

  std::string folder_;
  std::optional<Database> database_;
  std::int64_t epoch_ = 0;
};

/// Digests of a row's fields.
std::string seal_of(Value::List fields);
std::string seal_of_step(const Step& step, const std::string& about_bytes, const std::string& left_bytes);
std::string seal_of_data(const StepId& at, std::string_view column, const std::string& bytes);

}  // namespace wright::agent
