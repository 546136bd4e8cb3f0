#include "agent/resources/sql_server.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <charconv>
#include <iterator>
#include <numeric>
#include <sstream>
#include <utility>

#include "agent/files/files.hpp"
#include "agent/files/place.hpp"
#include "agent/resources/program_output.hpp"

namespace wright::agent {
namespace {

constexpr std::chrono::seconds look_deadline{20};
constexpr std::chrono::minutes change_deadline{10};
constexpr std::chrono::hours dump_deadline{6};
/// A setting of a database or of a role must not keep wright from writing there.
constexpr const char* may_write = "-c default_transaction_read_only=off";

/// Of a connection string, which psql reads inside an argument of its own.
std::string quoted(std::string_view text) {
  std::string out = "'";
  for (const char c : text) {
    if (c == '\'' || c == '\\') out += '\\';
    out += c;
  }
  return out + "'";
}

std::string connect(const std::string& database) {
  std::string argument = "\"dbname=";
  for (const char c : quoted(database)) argument += c == '"' ? std::string("\"\"") : std::string(1, c);
  return "\\connect -reuse-previous=off " + argument + "\"\n";
}

/// One line for each query that is answered: its number, and "none" or columns in hexadecimal, as a state may hold
/// anything.
std::string numbered(std::size_t number, const SqlQuery& query) {
  auto column = [](std::string_view name) {
    return " || ' ' || encode(convert_to(coalesce(q." + std::string(name) + "::text, ''), 'UTF8'), 'hex')";
  };
  return "SELECT '" + std::to_string(number) + " ' || coalesce((SELECT 'row'" + column("state") + column("restore") +
         (query.with_verifier   ? column("verifier")
          : query.with_identity ? " || ' '"
                                : "") +
         (query.with_identity ? column("identity") : "") + " FROM (" + query.look + ") AS q(state, restore" +
         (query.with_verifier ? ", verifier" : "") + (query.with_identity ? ", identity" : "") +
         ") LIMIT 1), 'none');\n";
}

std::string from_hex(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i + 1 < text.size(); i += 2) {
    unsigned byte = 0;
    std::from_chars(text.data() + i, text.data() + i + 2, byte, 16);
    out += static_cast<char>(byte);
  }
  return out;
}

/// Behind the semicolon that ends the statement; npos when there is none. Quotes in quotes are doubled.
std::size_t end_of_statement(std::string_view text, std::size_t at) {
  char quote = 0;
  for (; at < text.size(); ++at) {
    if (quote != 0)
      quote = text[at] == quote ? '\0' : quote;
    else if (text[at] == '\'' || text[at] == '"')
      quote = text[at];
    else if (text[at] == ';')
      return at + 1;
  }
  return std::string_view::npos;
}

/// Behind the name that begins at `at`.
std::size_t end_of_identifier(std::string_view text, std::size_t at) {
  if (at >= text.size() || text[at] != '"') return text.find_first_of(" \n;", at);
  for (++at; at < text.size(); ++at) {
    if (text[at] != '"') continue;
    if (at + 1 == text.size() || text[at + 1] != '"') return at + 1;
    ++at;
  }
  return std::string_view::npos;
}

void take_answer(const std::string& line, std::vector<SqlSeen>& seen) {
  std::size_t number = 0;
  const auto [end, error] = std::from_chars(line.data(), line.data() + line.size(), number);
  if (error != std::errc() || number >= seen.size() || end == line.data() + line.size() || *end != ' ') return;
  std::vector<std::string> columns(1);
  for (const char* at = end + 1; at != line.data() + line.size(); ++at) {
    if (*at == ' ')
      columns.emplace_back();
    else
      columns.back() += *at;
  }
  columns.resize(std::max<std::size_t>(columns.size(), 5));
  auto& one = seen[number];
  one.known = columns[0] == "row" || columns[0] == "none";
  one.there = columns[0] == "row";
  one.state = from_hex(columns[1]);
  one.restore = from_hex(columns[2]);
  one.verifier = from_hex(columns[3]);
  one.identity = from_hex(columns[4]);
}

}  // namespace

std::string sql_literal(std::string_view text) {
  std::string out = "'";
  for (const char c : text) out += c == '\'' ? std::string("''") : std::string(1, c);
  return out + "'";
}

std::string sql_identifier(std::string_view name) {
  std::string out = "\"";
  for (const char c : name) out += c == '"' ? std::string("\"\"") : std::string(1, c);
  return out + "\"";
}

SqlServer::SqlServer(const Value& attributes)
    : programs_(attributes["programs"].text_or("/usr/bin")),
      user_(attributes["user"].text_or("postgres")),
      port_(attributes["port"].int_or(5432)) {}

bool SqlServer::is_installed() const {
  const auto seen = look_at(programs_ + "/psql");
  return seen && seen->type != FileState::Type::absent;
}

Command SqlServer::psql(const std::string& database) const {
  Command command;
  command.argv = {programs_ + "/psql", "--no-psqlrc", "--quiet", "--no-align", "--tuples-only", "--no-password"};
  command.user = user_;
  command.environment = {{"PGHOST", "/var/run/postgresql"}, {"PGPORT", std::to_string(port_)}, {"PGUSER", user_},
                         {"PGDATABASE", database},          {"PGCONNECT_TIMEOUT", "10"},       {"PGAPPNAME", "wright"},
                         {"PSQL_HISTORY", "/dev/null"}};
  return command;
}

Result<std::vector<SqlSeen>> SqlServer::ask(const std::vector<SqlQuery>& queries, std::string& why,
                                            const Context& context) const {
  std::vector<SqlSeen> seen(queries.size());
  std::vector<std::size_t> order(queries.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  // The server's own database first: a connection that fails ends the script.
  const std::string own = "postgres";
  auto rank = [&](std::size_t i) { return std::pair(queries[i].database != own, queries[i].database); };
  std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return rank(a) < rank(b); });
  if (order.empty() || !is_installed()) return seen;
  std::string current = own;
  Command command = psql(current);
  command.others_work_meanwhile = context.transaction.empty();
  for (const std::size_t i : order) {
    if (queries[i].database != current) {
      if (current != own) command.input += "\\endif\n";
      command.input += "SELECT EXISTS (SELECT FROM pg_catalog.pg_database WHERE datallowconn AND datname = " +
                       sql_literal(queries[i].database) + ") AS wright_there \\gset\n\\if :wright_there\n" +
                       connect(queries[i].database);
    }
    current = queries[i].database;
    command.input += numbered(i, queries[i]);
  }
  if (current != own) command.input += "\\endif\n";
  command.environment["PGOPTIONS"] = "-c default_transaction_read_only=on -c statement_timeout=15s";
  command.timeout = look_deadline;
  const auto finished = run(command, context);
  if (!finished) {
    if (context.cancelled()) return failure(finished.error());
    why = "psql cannot be started";  // its account is still to come
    return seen;
  }
  std::istringstream lines(finished->out);
  for (std::string line; std::getline(lines, line);) take_answer(line, seen);
  // What it printed are answers, with verifiers of passwords in them.
  Finished said = *finished;
  said.out.clear();
  why = said.err.empty() ? "" : shown_output(said, {});
  if (finished->timed_out) why = "psql " + how_it_ended(*finished, command.timeout);
  return seen;
}

Result<Finished> SqlServer::execute(const std::string& database, const std::string& statements,
                                    const Context& context) const {
  Command command = psql(database);
  command.argv.insert(command.argv.end(), {"--set=ON_ERROR_STOP=1", "--output=/dev/null"});
  // The server's log must not hold statements with what is made of passwords.
  command.environment["PGOPTIONS"] = std::string(may_write) +
                                     " -c client_min_messages=warning -c log_statement=none -c "
                                     "log_min_error_statement=panic -c log_min_duration_statement=-1";
  command.input = statements;
  command.timeout = change_deadline;
  return run(command, context);
}

Result<std::string> SqlServer::set_limit(const std::string& database, std::string_view limit,
                                         const Context& context) const {
  // The identifier is quoted by the server.
  const auto finished =
      execute("postgres",
              "SELECT format('ALTER DATABASE %I CONNECTION LIMIT " + std::string(limit) +
                  "', datname) FROM pg_catalog.pg_database WHERE datname = " + sql_literal(database) + "\n\\gexec\n",
              context);
  if (!finished) return failure(finished.error());
  return finished->ok() ? std::string() : shown_output(*finished, {});
}

Result<std::string> SqlServer::end_sessions(const std::string& database, const Context& context) const {
  // Autovacuum changes nothing that a dump holds, and gives way to a drop.
  const std::string others = "FROM pg_catalog.pg_stat_activity WHERE datname = " + sql_literal(database) +
                             " AND pid <> pg_catalog.pg_backend_pid() AND backend_type <> 'autovacuum worker'";
  const std::string waiting =
      "BEGIN FOR i IN 1..100 LOOP PERFORM pg_catalog.pg_terminate_backend(pid) " + others +
      "; PERFORM pg_catalog.pg_stat_clear_snapshot(); IF NOT EXISTS (SELECT " + others +
      ") THEN RETURN; END IF; PERFORM pg_catalog.pg_sleep(0.1); END LOOP; RAISE EXCEPTION 'sessions that do not end: "
      "%', (SELECT string_agg(concat_ws(' ', pid, backend_type, usename, application_name), ', ') " +
      others + "); END";
  const auto finished = execute("postgres", "DO " + sql_literal(waiting) + ";\n", context);
  if (!finished) return failure(finished.error());
  return finished->ok() ? std::string() : shown_output(*finished, {});
}

Result<> SqlServer::dump(const std::string& database, const std::string& path, const Context& context) const {
  Command command = psql(database);
  command.argv = {programs_ + "/pg_dump", "--format=custom", "--no-password"};
  command.timeout = dump_deadline;
  if (auto gone = remove_path(path); !gone) return gone;
  const int file = ::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
  if (file < 0) return system_failure(path, "make the file", errno);
  command.in_child = [file] { ::dup2(file, STDOUT_FILENO); };
  const auto finished = run(command, context);
  const bool synced = ::fsync(file) == 0;
  const int error = errno;
  ::close(file);
  if (!finished) return failure(finished.error());
  if (!finished->ok())
    return failure("database " + database, "pg_dump " + how_it_ended(*finished, command.timeout),
                   shown_output(*finished, {}), "put right what it says, then try again");
  if (!synced) return system_failure(path, "write the dump", error);
  return {};
}

Result<Finished> SqlServer::restore(const std::string& database, const std::string& path,
                                    std::vector<std::string> arguments, const Context& context) const {
  Command command = psql("postgres");
  command.argv = {programs_ + "/pg_restore", "--exit-on-error", "--no-password"};
  std::move(arguments.begin(), arguments.end(), std::back_inserter(command.argv));
  command.environment["PGOPTIONS"] = may_write;
  command.timeout = dump_deadline;
  command.output_limit = 16U << 20U;
  const int file = ::open(path.c_str(), O_RDONLY | O_NOFOLLOW | O_CLOEXEC);
  if (file < 0) return system_failure(path, "read the file", errno);
  command.in_child = [file] { ::dup2(file, STDIN_FILENO); };
  auto finished = run(command, context);
  ::close(file);
  if (!finished || finished->ok()) return finished;
  return failure("database " + database, "pg_restore " + how_it_ended(*finished, command.timeout),
                 shown_output(*finished, {}),
                 "put right what it says, then wright rollback again: its data is in " + path);
}

Result<DatabaseStatements> SqlServer::statements_of(const std::string& database, const std::string& path,
                                                    const std::string& made_as, const Context& context) const {
  // What is said of the database itself is not chosen by schema, and nobody can make one of such a name.
  const auto told = restore(database, path, {"--create", "--schema=pg_none", "--file=-"}, context);
  if (!told) return failure(told.error());
  constexpr std::string_view making = "\nCREATE DATABASE ";
  const auto start = told->out.find(making);
  const auto name = start == std::string::npos ? start : start + making.size();
  const auto end = name == std::string::npos ? name : end_of_statement(told->out, name);
  const auto rest = end == std::string::npos ? end : end_of_identifier(told->out, name);
  if (rest == std::string::npos || rest >= end)
    return failure("database " + database, "its dump does not say how it is made", {}, path);
  // What comes before sets the encoding of all that is said.
  return DatabaseStatements{told->out.substr(0, name) + sql_identifier(made_as) +
                                told->out.substr(rest, end - 1 - rest) + " CONNECTION LIMIT = 0;\n",
                            told->out.substr(0, start) + told->out.substr(end)};
}

Result<> SqlServer::load(const std::string& database, const std::string& path, const Context& context) const {
  const auto loaded = restore(database, path, {"--single-transaction", "--dbname=dbname=" + quoted(database)}, context);
  return loaded ? Result<>() : failure(loaded.error());
}

}  // namespace wright::agent
