#include "agent/journal/journal.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "agent/failpoint.hpp"
#include "base/sha256.hpp"
#include "model/encoding.hpp"

namespace wright::agent {
namespace {

constexpr std::string_view schema_version = "1";

constexpr const char* schema = R"(
CREATE TABLE meta(key TEXT PRIMARY KEY, value TEXT NOT NULL, seal TEXT NOT NULL) STRICT;
CREATE TABLE transactions(number INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL UNIQUE, record BLOB NOT NULL,
  steps INTEGER NOT NULL, seal TEXT NOT NULL) STRICT;
CREATE TABLE steps(tx TEXT NOT NULL, seq INTEGER NOT NULL, phase INTEGER NOT NULL, about BLOB NOT NULL,
  left_behind BLOB NOT NULL, undo BLOB NOT NULL, done BLOB NOT NULL, seal TEXT NOT NULL, undo_seal TEXT NOT NULL,
  done_seal TEXT NOT NULL, PRIMARY KEY(tx, seq)) STRICT;
CREATE TABLE restarts(unit TEXT PRIMARY KEY, action TEXT NOT NULL, tx TEXT NOT NULL, seal TEXT NOT NULL) STRICT;
CREATE TABLE components(name TEXT PRIMARY KEY, commands BLOB NOT NULL, seal TEXT NOT NULL) STRICT;
)";

Result<> sync_path(const std::string& path, int flags) {
  const int fd = ::open(path.c_str(), flags | O_CLOEXEC);
  if (fd < 0) return failure(path, "cannot be opened", std::strerror(errno));
  const bool synced = ::fsync(fd) == 0;
  const int error = errno;
  ::close(fd);
  if (!synced) return failure(path, "cannot be written to disk", std::strerror(error));
  return {};
}

}  // namespace

std::string seal_of(Value::List fields) { return sha256_hex(to_cbor(Value(std::move(fields)))); }

// Bytes go in as a Secret, the CBOR type that need not be UTF-8.
std::string seal_of_step(const Step& step, const std::string& about_bytes, const std::string& left_bytes) {
  return seal_of({step.at.transaction, step.at.sequence, static_cast<std::int64_t>(step.phase), Secret(about_bytes),
                  Secret(left_bytes)});
}

std::string seal_of_data(const StepId& at, std::string_view column, const std::string& bytes) {
  return seal_of({at.transaction, at.sequence, column, Secret(bytes)});
}

std::int64_t Journal::bytes() const {
  struct stat info {};
  return ::stat(path().c_str(), &info) == 0 ? info.st_size : 0;
}

Result<bool> Journal::open() {
  if (database_) return true;
  struct stat info {};
  if (::lstat(path().c_str(), &info) != 0) {
    if (errno == ENOENT || errno == ENOTDIR) return false;
    return failure(path(), "cannot be looked at", std::strerror(errno));
  }
  // SQLite takes an empty file for a new database. This one is made whole elsewhere and renamed, so it is never empty.
  if (!S_ISREG(info.st_mode) || info.st_size == 0) return damaged(path(), "it is no regular file or it is empty");
  if (info.st_uid != ::geteuid() || (info.st_mode & 077) != 0)
    return failure(path(), "belongs to somebody else or can be read by others", {}, "chown root and chmod 0600 it");
  auto database = Database::open(path(), false);
  if (!database) return failure(database.error());
  database_ = std::move(*database);
  if (auto good = check(); !good) {
    database_.reset();
    return failure(good.error());
  }
  return true;
}

Result<> Journal::check() {
  auto version = meta("schema");
  if (!version) return failure(version.error());
  if (*version != schema_version)
    return failure(path(), "was written by another version of wright (schema " + *version + ")", {},
                   "use that version on this host");
  auto expected = meta("rows");
  if (!expected) return failure(expected.error());
  auto counts = row_counts();
  if (!counts) return failure(counts.error());
  if (*counts != *expected) return damaged(path(), "it has " + *counts + " rows instead of " + *expected);
  return {};
}

Result<> Journal::create() {
  if (::mkdir(folder_.c_str(), 0700) != 0 && errno != EEXIST)
    return failure(folder_, "cannot be made", std::strerror(errno));
  const std::string fresh = path() + ".new";
  ::unlink(fresh.c_str());
  ::unlink((fresh + "-journal").c_str());
  const int made = ::open(fresh.c_str(), O_CREAT | O_EXCL | O_WRONLY | O_CLOEXEC, 0600);
  if (made < 0) return failure(fresh, "cannot be made", std::strerror(errno));
  ::close(made);
  auto database = Database::open(fresh, true);
  if (!database) return failure(database.error());
  database_ = std::move(*database);
  auto filled = database_->execute("BEGIN IMMEDIATE");
  if (filled) filled = database_->execute(schema);
  if (filled) filled = set_meta("schema", std::string(schema_version));
  if (filled) filled = set_meta("epoch", "0");
  if (filled) filled = set_meta("rows", "0/0/0");
  if (filled) filled = database_->execute("COMMIT");
  database_.reset();
  if (!filled) return filled;
  ::unlink((fresh + "-journal").c_str());
  if (auto synced = sync_path(fresh, O_RDONLY); !synced) return synced;
  if (::rename(fresh.c_str(), path().c_str()) != 0) return failure(path(), "cannot be made", std::strerror(errno));
  if (auto synced = sync_path(folder_, O_RDONLY | O_DIRECTORY); !synced) return synced;
  auto opened = open();
  if (!opened) return failure(opened.error());
  return {};
}

Result<> Journal::write(const std::function<Result<>()>& work) {
  if (auto opened = open(); !opened) return failure(opened.error());
  if (!database_) return failure(path(), "is not there");
  if (auto begun = database_->execute("BEGIN IMMEDIATE"); !begun) return begun;
  const std::int64_t epoch_before = epoch_;
  auto written = [&]() -> Result<> {
    if (epoch_ == 0) {
      if (auto taken = take_epoch(); !taken) return taken;
    } else {
      auto now = number_in_meta("epoch");
      if (!now) return failure(now.error());
      if (*now != epoch_)
        return failure({Severity::error,
                        Fault::locked,
                        path(),
                        "another agent took over this host meanwhile; nothing was written",
                        {},
                        {}});
    }
    if (auto worked = work(); !worked) return worked;
    auto counts = row_counts();
    if (!counts) return failure(counts.error());
    if (auto set = set_meta("rows", *counts); !set) return set;
    if (auto point = fail_point("in_journal"); !point) return point;
    return database_->execute("COMMIT");
  }();
  if (!written) {
    (void)database_->execute("ROLLBACK");  // SQLite may have done so itself
    epoch_ = epoch_before;                 // one that was taken here was not
    return written;
  }
  return {};
}

Result<> Journal::take_epoch() {
  auto last = number_in_meta("epoch");
  if (!last) return failure(last.error());
  epoch_ = *last + 1;
  return set_meta("epoch", std::to_string(epoch_));
}

Result<> Journal::claim() {
  epoch_ = 0;
  return write([] { return Result<>(); });
}

Result<std::string> Journal::meta(std::string_view key) {
  auto statement = database_->prepare("SELECT value, seal FROM meta WHERE key = ?");
  if (!statement) return failure(statement.error());
  auto row = statement->bind(1, key).step();
  if (!row) return failure(row.error());
  if (!*row) return damaged(path(), "meta." + std::string(key) + " is missing");
  std::string value = statement->bytes(0);
  if (statement->bytes(1) != seal_of({key, value})) return damaged(path(), "meta." + std::string(key) + " was altered");
  return value;
}

Result<std::int64_t> Journal::number_in_meta(std::string_view key) {
  auto text = meta(key);
  if (!text) return failure(text.error());
  return std::stoll(*text);
}

Result<> Journal::set_meta(std::string_view key, const std::string& value) {
  auto statement = database_->prepare("INSERT OR REPLACE INTO meta(key, value, seal) VALUES(?, ?, ?)");
  if (!statement) return failure(statement.error());
  return statement->bind(1, key).bind(2, value).bind(3, seal_of({key, value})).run();
}

Result<std::string> Journal::row_counts() {
  std::string counts;
  for (const char* table : {"transactions", "restarts", "components"}) {
    // Counted by reading the rows: count(*) would look into the index alone, where there is one.
    auto statement = database_->prepare(std::string("SELECT count(seal) FROM ") + table);
    if (!statement) return failure(statement.error());
    auto row = statement->step();
    if (!row) return failure(row.error());
    counts += (counts.empty() ? "" : "/") + std::to_string(statement->integer(0));
  }
  return counts;
}

}  // namespace wright::agent
