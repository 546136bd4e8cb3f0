#include "agent/resources/sql_database.hpp"

#include <algorithm>

#include "agent/files/files.hpp"
#include "agent/files/relocate.hpp"
#include "agent/resources/program_output.hpp"
#include "base/sha256.hpp"

namespace wright::agent {
namespace {

constexpr const char* try_again = "put right what it says, then try again";

/// A row when a database has what template0 has not.
constexpr const char* anything_in_it =
    "SELECT '', '' WHERE EXISTS (SELECT FROM pg_catalog.pg_namespace n WHERE n.nspname !~ '^pg_' AND n.nspname <> "
    "'information_schema' AND (n.nspname <> 'public' OR EXISTS (SELECT FROM pg_catalog.pg_class c WHERE "
    "c.relnamespace = n.oid) OR EXISTS (SELECT FROM pg_catalog.pg_proc p WHERE p.pronamespace = n.oid) OR EXISTS "
    "(SELECT FROM pg_catalog.pg_type t WHERE t.typnamespace = n.oid))) OR EXISTS (SELECT FROM "
    "pg_catalog.pg_extension e WHERE e.extname <> 'plpgsql') OR EXISTS (SELECT FROM "
    "pg_catalog.pg_largeobject_metadata)";

}  // namespace

Result<> execute_for_undo(const ResourceId& id, const SqlServer& server, const std::string& database,
                          const std::string& statements, const Context& context) {
  const auto finished = server.execute(database, statements, context);
  if (!finished) return failure(finished.error());
  if (finished->ok()) return {};
  return failure(to_string(id), "the server refused to take it back", shown_output(*finished, {}), try_again);
}

Result<std::string> SqlDatabase::connection_limit(const Context& context) const {
  std::string name = "'";
  for (const char c : name_) name += c == '\'' ? std::string("''") : std::string(1, c);
  name += "'";
  std::string why;
  const auto seen =
      server_.ask({{"postgres", "SELECT datconnlimit, '' FROM pg_catalog.pg_database WHERE datname = " + name, false}},
                  why, context);
  if (!seen) return failure(seen.error());
  if (!seen->front().known) return failure("database " + name_, "the server did not say whether it is there", why);
  if (!seen->front().there) return std::string();
  return seen->front().state.empty() ? "-1" : seen->front().state;
}

Result<> SqlDatabase::close(const ResourceId& id, const Context& context) const {
  const auto closed = server_.close(name_, "0", context);
  if (!closed) return failure(closed.error());
  if (closed->empty()) return {};
  return failure(to_string(id), "the server refused to end the database's sessions", *closed, try_again);
}

Result<> SqlDatabase::open(const ResourceId& id, const std::string& limit, const Context& context) const {
  const auto opened = server_.close(name_, limit, context);
  if (!opened) return failure(opened.error());
  if (opened->empty()) return {};
  return failure(to_string(id), "the server refused to let sessions in again", *opened, try_again);
}

Result<bool> SqlDatabase::set_aside(const ResourceId& id, Context& context) const {
  const auto limit = connection_limit(context);
  if (!limit) return failure(limit.error());
  if (limit->empty()) return false;
  // What sessions wrote between the dump and the drop would be lost.
  if (auto closed = close(id, context); !closed) return failure(closed.error());
  if (auto kept = dump_to_quarantine(context); !kept) {
    // Also in a run that was cancelled: with nobody let in, it would stay so.
    Context last = context;
    last.cancellation = nullptr;
    (void)open(id, *limit, last);
    return failure(kept.error());
  }
  return true;
}

Result<bool> SqlDatabase::bring_back(const ResourceId& id, const std::string& transaction,
                                     const Context& context) const {
  const std::string place = place_in_quarantine(transaction, context);
  const auto kept = look_at(place);
  if (!kept) return failure(kept.error());
  if (kept->type == FileState::Type::absent) return false;
  const auto statements = server_.statements_of(name_, place, context);
  if (!statements) return failure(statements.error());
  const auto there = connection_limit(context);
  if (!there) return failure(there.error());
  if (there->empty())
    if (auto made = execute_for_undo(id, server_, "postgres", statements->create, context); !made)
      return failure(made.error());
  if (auto closed = close(id, context); !closed) return failure(closed.error());
  if (auto loaded = give_back_data(place, context); !loaded) return failure(loaded.error());
  if (auto set = execute_for_undo(id, server_, "postgres", statements->properties, context); !set)
    return failure(set.error());
  return true;
}

/// The dump goes in as a whole or not at all, so a database with nothing in it is one that still misses its data,
/// however often this begins anew.
Result<> SqlDatabase::give_back_data(const std::string& place, const Context& context) const {
  std::string why;
  const auto seen = server_.ask({{name_, anything_in_it, false}}, why, context);
  if (!seen) return failure(seen.error());
  if (!seen->front().known)
    return failure("database " + name_, "the server did not say what is in it", why,
                   "see that it runs, then wright rollback again");
  return seen->front().there ? Result<>() : server_.load(name_, place, context);
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
  const std::string folder = context.state_folder + "/dumps";
  const std::string path = dump_path(context);
  if (auto made = make_private_folders(folder); !made) return made;
  auto done = server_.dump(name_, path, context);
  if (done) done = context.quarantine(path);
  if (auto removed = remove_tree(folder); done && !removed) done = removed;
  return done;
}

}  // namespace wright::agent
