#pragma once

#include <optional>
#include <string>

#include "agent/context.hpp"
#include "agent/resources/sql_server.hpp"
#include "model/resource.hpp"

namespace wright::agent {

/// What a server has under a database's name.
struct DatabaseSeen {
  std::string limit;     ///< of connections; "-1" is none
  std::string identity;  ///< of the server and in it: tells it from another of that name, and stays when it is renamed
};

/// A database of a server that the resource `id` drops, and that its undo may have to make anew. The dump in quarantine
/// is all that is left of it in between.
class SqlDatabase {
 public:
  SqlDatabase(const SqlServer& server, std::string name, ResourceId id)
      : server_(server), name_(std::move(name)), id_(std::move(id)) {}

  /// Empty when there is no such database.
  Result<std::optional<DatabaseSeen>> look(const Context& context) const;
  /// The limit that it had before a drop_by() that was cut short closed it; else the one that it has.
  Result<std::string> limit_of_before(const DatabaseSeen& seen, const Context& context) const;
  /// Lets only superusers in, waits until nobody is in it, dumps it to quarantine, and runs `statements`, which drop
  /// it, in the database `from`. What is not dropped in the end is open as before, also when the run is cancelled; when
  /// the server refused the drop, its dump goes again. When there is no such database, runs the statements only.
  Result<Finished> drop_by(const std::string& from, const std::string& statements, Context& context) const;
  /// Whether the dump that this transaction made of it is still in quarantine.
  Result<bool> is_kept(const std::string& transaction, const Context& context) const;
  /// Makes what that transaction dropped and dumped, with its data, as a whole or not at all; then owner, settings and
  /// rights. Until open() only superusers get into it. What undoes `transaction` and was killed goes on here.
  Result<> bring_back(const std::string& transaction, const Context& context) const;
  /// Whether what was seen is what the undo of that transaction made, or makes now.
  Result<bool> came_back(const DatabaseSeen& seen, const std::string& transaction, const Context& context) const;
  /// Its undo makes an empty one, as there is no dump; called before, and after with what came of it.
  Result<> comes_back_empty(const std::optional<DatabaseSeen>& seen, const std::string& transaction,
                            const Context& context) const;
  /// Lets sessions in up to that connection limit.
  Result<> open(const std::string& limit, const Context& context) const;
  /// Where its dump is, as far as nobody took it away.
  [[nodiscard]] std::string place_in_quarantine(const std::string& transaction, const Context& context) const;

 private:
  [[nodiscard]] std::string dump_path(const Context& context) const;
  Result<> close(const Context& context) const;
  Result<> dump_to_quarantine(Context& context) const;
  Result<Finished> close_and_drop(const std::string& from, const std::string& statements, Context& context) const;
  Result<> make_whole(const std::string& private_name, const DatabaseStatements& statements, const std::string& place,
                      const std::string& transaction, const Context& context) const;

  const SqlServer& server_;
  std::string name_;
  ResourceId id_;
};

/// Takes away what a dump that was cut short left of itself.
Result<> remove_unfinished_dumps(const Context& context);

/// Statements of an undo; what the server says against them is an error that names `id`.
Result<> execute_for_undo(const ResourceId& id, const SqlServer& server, const std::string& database,
                          const std::string& statements, const Context& context);

}  // namespace wright::agent
