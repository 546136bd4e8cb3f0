#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "agent/process/process.hpp"
#include "base/result.hpp"
#include "model/value.hpp"

namespace wright::agent {

/// What a query of `look` answered.
struct SqlSeen {
  bool known = false;  ///< the query was answered at all
  bool there = false;  ///< with a row
  std::string state;
  std::string restore;   ///< statements that bring back what the row describes
  std::string verifier;  ///< of a password; empty unless asked for
  std::string identity;  ///< tells it from another of the same name; empty unless asked for
};

struct SqlQuery {
  std::string database;
  std::string look;
  bool with_verifier = false;
  bool with_identity = false;
};

/// Statements that make a database as it was when it was dumped, without what was in it. For psql, in the database
/// postgres.
struct DatabaseStatements {
  std::string create;      ///< with its encoding, locale and tablespace
  std::string properties;  ///< owner, settings, rights and comment; doing them twice is doing them once
};

/// A text and a name as SQL has them.
std::string sql_literal(std::string_view text);
std::string sql_identifier(std::string_view name);

/// A PostgreSQL server on this host, asked through its socket by the programs of its own version, as an account that
/// may do all in it.
class SqlServer {
 public:
  /// `attributes`: programs, user and port, as of a resource of kind sql.
  explicit SqlServer(const Value& attributes);

  friend bool operator==(const SqlServer&, const SqlServer&) = default;

  [[nodiscard]] bool is_installed() const;
  /// Asks all in one process and read-only. A query that fails, or whose database is not there, is not `known`; `why`
  /// is what the server said then. An error only for an interrupted run.
  Result<std::vector<SqlSeen>> ask(const std::vector<SqlQuery>& queries, std::string& why,
                                   const Context& context) const;
  /// Runs statements up to the first that fails; what they print is ignored.
  Result<Finished> execute(const std::string& database, const std::string& statements, const Context& context) const;
  /// Sets a database's connection limit ("-1": none, "0": only superusers get in). Returns what the server said against
  /// it, empty when it is done or there is no such database.
  Result<std::string> set_limit(const std::string& database, std::string_view limit, const Context& context) const;
  /// Ends a database's sessions and waits until they are gone, for 10 s at the most: a session that is told to end may
  /// still write. Returns what the server said against it, and who stays.
  Result<std::string> end_sessions(const std::string& database, const Context& context) const;
  /// Writes a database to a file of root's alone, in pg_dump's custom format, and fsyncs it.
  Result<> dump(const std::string& database, const std::string& path, const Context& context) const;
  /// What dump() wrote says of the database itself; `create` makes it under the name `made_as`, and lets only
  /// superusers into it. The connection limit in `properties` is the one of the moment of the dump.
  Result<DatabaseStatements> statements_of(const std::string& database, const std::string& path,
                                           const std::string& made_as, const Context& context) const;
  /// Puts what dump() wrote into a database, all of it or nothing.
  Result<> load(const std::string& database, const std::string& path, const Context& context) const;

 private:
  /// Runs pg_restore with these arguments on what dump() wrote.
  Result<Finished> restore(const std::string& database, const std::string& path, std::vector<std::string> arguments,
                           const Context& context) const;
  [[nodiscard]] Command psql(const std::string& database) const;

  std::string programs_;
  std::string user_;
  std::int64_t port_ = 5432;
};

}  // namespace wright::agent
