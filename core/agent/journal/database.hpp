#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "base/result.hpp"

struct sqlite3;
struct sqlite3_stmt;

namespace wright::agent {

/// A prepared statement. Parameters count from 1, columns from 0.
class Statement {
 public:
  explicit Statement(sqlite3_stmt* statement);
  Statement& bind(int parameter, std::int64_t value);
  Statement& bind(int parameter, std::string_view text);
  Statement& bind_blob(int parameter, std::string_view bytes);
  /// True when there is a row.
  Result<bool> step();
  /// Runs it to its end, for statements without rows.
  Result<> run();
  [[nodiscard]] std::int64_t integer(int column) const;
  /// The bytes of a text or blob.
  [[nodiscard]] std::string bytes(int column) const;

 private:
  struct Finalize {
    void operator()(sqlite3_stmt* statement) const;
  };
  std::unique_ptr<sqlite3_stmt, Finalize> statement_;
};

/// One SQLite file. A problem is told as one with the journal: damaged, full, or not to be read.
class Database {
 public:
  /// The file must be there unless `create`.
  static Result<Database> open(const std::string& path, bool create);
  Result<Statement> prepare(std::string_view sql);
  Result<> execute(const std::string& sql);

 private:
  struct Close {
    void operator()(sqlite3* handle) const;
  };
  std::unique_ptr<sqlite3, Close> handle_;
};

/// How every sign of a damaged journal is told.
tl::unexpected<Diagnostics> damaged(const std::string& path, std::string why);

}  // namespace wright::agent
