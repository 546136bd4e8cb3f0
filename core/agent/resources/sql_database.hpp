#pragma once

#include <string>

#include "agent/context.hpp"
#include "agent/resources/sql_server.hpp"
#include "model/resource.hpp"

namespace wright::agent {

/// A database of a server that a step drops, and that its undo may have to make anew. The dump in quarantine is all
/// that is left of it in between.
class SqlDatabase {
 public:
  SqlDatabase(const SqlServer& server, std::string name) : server_(server), name_(std::move(name)) {}

  /// Its connection limit, "-1" for none; empty when there is no such database.
  Result<std::string> connection_limit(const Context& context) const;
  /// Before it is dropped: ends its sessions, and dumps it to quarantine. False when there is none to be dropped.
  Result<bool> set_aside(const ResourceId& id, Context& context) const;
  /// What that transaction dropped, as it was and with its data. Until open() only superusers get into it. False when
  /// there is no dump of it.
  Result<bool> bring_back(const ResourceId& id, const std::string& transaction, const Context& context) const;
  /// Lets sessions in up to that connection limit.
  Result<> open(const ResourceId& id, const std::string& limit, const Context& context) const;
  /// Where its dump is, as far as nobody took it away.
  [[nodiscard]] std::string place_in_quarantine(const std::string& transaction, const Context& context) const;

 private:
  [[nodiscard]] std::string dump_path(const Context& context) const;
  Result<> close(const ResourceId& id, const Context& context) const;
  Result<> dump_to_quarantine(Context& context) const;
  Result<> give_back_data(const std::string& place, const Context& context) const;

  const SqlServer& server_;
  std::string name_;
};

/// Statements of an undo; what the server says against them is an error that names `id`.
Result<> execute_for_undo(const ResourceId& id, const SqlServer& server, const std::string& database,
                          const std::string& statements, const Context& context);

}  // namespace wright::agent
