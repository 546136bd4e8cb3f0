#include "agent/resources/sql_database.hpp"

#include <unistd.h>

#include <algorithm>

#include "agent/failpoint.hpp"
#include "agent/files/files.hpp"
#include "agent/files/relocate.hpp"
#include "agent/resources/program_output.hpp"
#include "agent/resources/stamps.hpp"
#include "base/sha256.hpp"

namespace wright::agent {
namespace {

constexpr const char* try_again = "put right what it says, then try again";
/// With which psql ends when the server refused a statement, so that it was surely not done.
constexpr int refused = 3;

/// What drop_by() notes before it closes a database.
std::string closing(const DatabaseSeen& seen) { return seen.identity + "\n" + seen.limit; }

/// What is noted of a database that came back. Without an identity, one that is being made.
std::string coming(const std::string& identity, const std::string& transaction) {
  return identity + "\n" + transaction;
}

/// What is not there would be quarantined without an error.
Result<> is_still_there(const std::string& path) {
  const auto seen = look_at(path);
  if (!seen) return failure(seen.error());
  if (seen->type == FileState::Type::regular) return {};
  return failure(path, "the dump is not there any more", "something else took it away", "wright apply again");
}

/// Takes a dump out of quarantine, whose database is still there. The rest of the quarantine stays as it is.
void withdraw(const std::string& listed, const Context& context) {
  const auto arrow = listed.find(" -> ");
  if (arrow == std::string::npos) return;
  std::string place = listed.substr(arrow + 4);
  const std::string top = context.state_folder + "/quarantine";
  if (!remove_path(place)) return;
  for (place.resize(place.rfind('/')); place.size() > top.size() && ::rmdir(place.c_str()) == 0;)
    place.resize(place.rfind('/'));
}

}  // namespace

Result<> execute_for_undo(const ResourceId& id, const SqlServer& server, const std::string& database,
                          const std::string& statements, const Context& context) {
  const auto finished = server.execute(database, statements, context);
  if (!finished) return failure(finished.error());
  if (finished->ok()) return {};
  return failure(to_string(id), "the server refused to take it back", shown_output(*finished, {}), try_again);
}

Result<> remove_unfinished_dumps(const Context& context) { return remove_tree(context.state_folder + "/dumps"); }

Result<std::optional<DatabaseSeen>> SqlDatabase::look(const Context& context) const {
  std::string why;
  const auto seen = server_.ask({{"postgres",
                                  "SELECT datconnlimit, (SELECT system_identifier FROM pg_catalog.pg_control_system()) "
                                  "|| '/' || oid FROM pg_catalog.pg_database WHERE datname = " +
                                      sql_literal(name_),
                                  false}},
                                why, context);
  if (!seen) return failure(seen.error());
  const SqlSeen& one = seen->front();
  if (!one.known) return failure("database " + name_, "the server did not say whether it is there", why);
  if (!one.there) return std::nullopt;
  return DatabaseSeen{one.state.empty() ? "-1" : one.state, one.restore};
}

Result<std::string> SqlDatabase::limit_of_before(const DatabaseSeen& seen, const Context& context) const {
  const auto closed = Stamps(context, id_).closed();
  if (!closed) return failure(closed.error());
  const std::string mine = closing({"", seen.identity});
  // Another limit was set by somebody since.
  if (seen.limit == "0" && *closed && (*closed)->starts_with(mine)) return (*closed)->substr(mine.size());
  return seen.limit;
}

Result<> SqlDatabase::close(const Context& context) const {
  auto said = server_.set_limit(name_, "0", context);
  if (said && said->empty()) said = server_.end_sessions(name_, context);
  if (!said) return failure(said.error());
  if (said->empty()) return {};
  return failure(to_string(id_), "the server refused to end the database's sessions", *said, try_again);
}

Result<> SqlDatabase::open(const std::string& limit, const Context& context) const {
  const auto opened = server_.set_limit(name_, limit, context);
  if (!opened) return failure(opened.error());
  if (opened->empty()) return Stamps(context, id_).set_closed(std::nullopt);
  return failure(to_string(id_), "the server refused to let sessions in again", *opened, try_again);
}

Result<Finished> SqlDatabase::drop_by(const std::string& from, const std::string& statements, Context& context) const {
  const auto seen = look(context);
  if (!seen) return failure(seen.error());
  if (!*seen) return server_.execute(from, statements, context);
  const auto limit = limit_of_before(**seen, context);
  if (!limit) return failure(limit.error());
  // Whoever comes after a kill reads a limit of 0 and must not take that for what was before.
  if (auto noted = Stamps(context, id_).set_closed(closing({*limit, (*seen)->identity})); !noted)
    return failure(noted.error());
  const std::size_t listed = context.quarantined.size();
  auto dropped = close_and_drop(from, statements, context);
  if (dropped && dropped->ok()) {
    if (auto forgotten = Stamps(context, id_).set_closed(std::nullopt); !forgotten) return failure(forgotten.error());
    return dropped;
  }
  // Also in a run that was cancelled: with nobody let in, it would stay so.
  Context last = context;
  last.cancellation = nullptr;
  if (auto opened = open(*limit, last); !opened) {
    Diagnostics both = dropped ? Diagnostics() : dropped.error();
    both.add(opened.error());
    return failure(both);
  }
  const auto still = look(last);
  const bool is_whole = still && *still && (*still)->identity == (*seen)->identity;
  if (dropped && dropped->exit_code == refused && is_whole && context.quarantined.size() > listed) {
    withdraw(context.quarantined.back(), context);
    context.quarantined.pop_back();
  }
  return dropped;
}

Result<Finished> SqlDatabase::close_and_drop(const std::string& from, const std::string& statements,
                                             Context& context) const {
  // What sessions wrote between the dump and the drop would be lost.
  auto done = close(context);
  if (done) done = fail_point("sql_closed");
  if (done) done = dump_to_quarantine(context);
  if (done) done = fail_point("sql_dumped");
  if (!done) return failure(done.error());
  auto dropped = server_.execute(from, statements, context);
  if (auto point = fail_point("sql_dropped"); !point) return failure(point.error());
  return dropped;
}

Result<bool> SqlDatabase::is_kept(const std::string& transaction, const Context& context) const {
  const auto kept = look_at(place_in_quarantine(transaction, context));
  if (!kept) return failure(kept.error());
  return kept->type != FileState::Type::absent;
}

Result<bool> SqlDatabase::came_back(const DatabaseSeen& seen, const std::string& transaction,
                                    const Context& context) const {
  const auto returned = Stamps(context, id_).returned();
  if (!returned) return failure(returned.error());
  if (!*returned) return false;
  if (**returned == coming(seen.identity, transaction)) return true;
  const auto has_data = is_kept(transaction, context);
  if (!has_data) return failure(has_data.error());
  return !*has_data && **returned == coming("", transaction);
}

Result<> SqlDatabase::comes_back_empty(const std::optional<DatabaseSeen>& seen, const std::string& transaction,
                                       const Context& context) const {
  return Stamps(context, id_).set_returned(coming(seen ? seen->identity : "", transaction));
}

/// It is made and filled under a name that is nobody else's, so what bears its own name is whole, however often this
/// begins anew.
Result<> SqlDatabase::bring_back(const std::string& transaction, const Context& context) const {
  const std::string place = place_in_quarantine(transaction, context);
  const std::string private_name = "wright-" + sha256_hex(name_).substr(0, 16);
  const auto statements = server_.statements_of(name_, place, private_name, context);
  if (!statements) return failure(statements.error());
  const auto seen = look(context);
  if (!seen) return failure(seen.error());
  if (!*seen)
    if (auto made = make_whole(private_name, *statements, place, transaction, context); !made) {
      Context last = context;
      last.cancellation = nullptr;
      (void)server_.execute("postgres", "DROP DATABASE IF EXISTS " + sql_identifier(private_name) + ";\n", last);
      return made;
    }
  if (auto point = fail_point("sql_renamed"); !point) return point;
  return execute_for_undo(id_, server_, "postgres", statements->properties, context);
}

Result<> SqlDatabase::make_whole(const std::string& private_name, const DatabaseStatements& statements,
                                 const std::string& place, const std::string& transaction,
                                 const Context& context) const {
  const std::string quoted = sql_identifier(private_name);
  auto done = execute_for_undo(id_, server_, "postgres", "DROP DATABASE IF EXISTS " + quoted + ";\n", context);
  if (done) done = execute_for_undo(id_, server_, "postgres", statements.create, context);
  if (done) done = fail_point("sql_created");
  if (done) done = server_.load(private_name, place, context);
  if (done) done = fail_point("sql_loaded");
  if (!done) return done;
  const auto made = SqlDatabase(server_, private_name, id_).look(context);
  if (!made) return failure(made.error());
  if (!*made) return failure("database " + name_, "what was made of its dump is not there any more", {}, try_again);
  // It keeps its identity when it gets its name.
  done = Stamps(context, id_).set_returned(coming((*made)->identity, transaction));
  if (done) done = fail_point("sql_returned");
  if (done)
    done = execute_for_undo(id_, server_, "postgres",
                            "ALTER DATABASE " + quoted + " RENAME TO " + sql_identifier(name_) + ";\n", context);
  return done;
}

std::string SqlDatabase::dump_path(const Context& context) const {
  std::string file = name_;
  std::replace(file.begin(), file.end(), '/', '_');
  return context.state_folder + "/dumps/" + sha256_hex(name_).substr(0, 16) + "-" + file + ".dump";
}

std::string SqlDatabase::place_in_quarantine(const std::string& transaction, const Context& context) const {
  return context.state_folder + "/quarantine/" + transaction + dump_path(context);
}

Result<> SqlDatabase::dump_to_quarantine(Context& context) const {
  const std::string path = dump_path(context);
  if (auto made = make_private_folders(context.state_folder + "/dumps"); !made) return made;
  auto done = server_.dump(name_, path, context);
  if (done) done = fail_point("sql_dumping");
  if (done) done = is_still_there(path);
  if (done) done = context.quarantine(path);
  if (auto removed = remove_unfinished_dumps(context); done && !removed) done = removed;
  return done;
}

}  // namespace wright::agent
