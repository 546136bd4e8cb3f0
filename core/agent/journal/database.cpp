#include "agent/journal/database.hpp"

#include <sqlite3.h>

namespace wright::agent {
namespace {

tl::unexpected<Diagnostics> problem(sqlite3* handle) {
  const char* file = handle == nullptr ? nullptr : sqlite3_db_filename(handle, "main");
  const std::string path = file == nullptr ? "state.db" : file;
  const int code = handle == nullptr ? SQLITE_NOMEM : (sqlite3_errcode(handle) & 0xff);
  const std::string why = handle == nullptr ? "out of memory" : sqlite3_errmsg(handle);
  if (code == SQLITE_FULL)
    return failure(path, "there is no space left for the journal", why, "free some space, then run the command again");
  // SQLITE_ERROR is "no such table": the first page was damaged so that the schema looks empty.
  if (code == SQLITE_CORRUPT || code == SQLITE_NOTADB || code == SQLITE_ERROR) return damaged(path, why);
  return failure(path, "the journal could not be read or written", why);
}

}  // namespace

tl::unexpected<Diagnostics> damaged(const std::string& path, std::string why) {
  return failure(path, "the journal is damaged; nothing was done on its word", std::move(why),
                 "put back a copy of the file, or move it away: wright then knows nothing of what it did on this host");
}

void Statement::Finalize::operator()(sqlite3_stmt* statement) const { sqlite3_finalize(statement); }

Statement::Statement(sqlite3_stmt* statement) : statement_(statement) {}

Statement& Statement::bind(int parameter, std::int64_t value) {
  sqlite3_bind_int64(statement_.get(), parameter, value);
  return *this;
}

Statement& Statement::bind(int parameter, std::string_view text) {
  sqlite3_bind_text64(statement_.get(), parameter, text.data(), text.size(), SQLITE_TRANSIENT, SQLITE_UTF8);
  return *this;
}

Statement& Statement::bind_blob(int parameter, std::string_view bytes) {
  sqlite3_bind_blob64(statement_.get(), parameter, bytes.data(), bytes.size(), SQLITE_TRANSIENT);
  return *this;
}

Result<bool> Statement::step() {
  const int code = sqlite3_step(statement_.get());
  if (code == SQLITE_ROW) return true;
  if (code == SQLITE_DONE) return false;
  return problem(sqlite3_db_handle(statement_.get()));
}

Result<> Statement::run() {
  auto row = step();
  if (!row) return failure(row.error());
  return {};
}

std::int64_t Statement::integer(int column) const { return sqlite3_column_int64(statement_.get(), column); }

std::string Statement::bytes(int column) const {
  const auto* data = static_cast<const char*>(sqlite3_column_blob(statement_.get(), column));
  const int size = sqlite3_column_bytes(statement_.get(), column);
  return data == nullptr ? std::string() : std::string(data, static_cast<std::size_t>(size));
}

void Database::Close::operator()(sqlite3* handle) const { sqlite3_close_v2(handle); }

Result<Database> Database::open(const std::string& path, bool create) {
  // Never read-only: what a killed writer left beside the file must be taken back before it can be read.
  const int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_NOFOLLOW;
  sqlite3* handle = nullptr;
  const int code = sqlite3_open_v2(path.c_str(), &handle, flags | (create ? SQLITE_OPEN_CREATE : 0), nullptr);
  Database database;
  database.handle_.reset(handle);
  if (code != SQLITE_OK) return problem(handle);
  sqlite3_busy_timeout(handle, 10000);
  for (const char* pragma : {"PRAGMA synchronous=FULL", "PRAGMA cell_size_check=ON", "PRAGMA trusted_schema=OFF",
                             "PRAGMA journal_mode=TRUNCATE", "PRAGMA temp_store=MEMORY"})
    if (auto set = database.execute(pragma); !set) return failure(set.error());
  return database;
}

Result<Statement> Database::prepare(std::string_view sql) {
  sqlite3_stmt* statement = nullptr;
  const int code = sqlite3_prepare_v2(handle_.get(), sql.data(), static_cast<int>(sql.size()), &statement, nullptr);
  if (code != SQLITE_OK) return problem(handle_.get());
  return Statement(statement);
}

Result<> Database::execute(const std::string& sql) {
  if (sqlite3_exec(handle_.get(), sql.c_str(), nullptr, nullptr, nullptr) != SQLITE_OK) return problem(handle_.get());
  return {};
}

}  // namespace wright::agent
