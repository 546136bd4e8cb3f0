#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "agent/resources/kind.hpp"
#include "agent/resources/sql_database.hpp"

namespace wright::agent {
namespace {

using ::testing::Contains;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;
namespace fs = std::filesystem;

/// Each line is a statement as wright makes them. "db" holds a folder for each database, with its limit, its identity
/// and what is in it; "refuse" has the server refuse drops, "stays" is a session that does not end.
constexpr const char* psql = R"sh(
input=$(cat)
hex() { printf %s "$1" | od -An -v -tx1 | tr -d ' \n'; }
make() { mkdir "db/$1" || exit 3; cat count >"db/$1/identity"; echo "$2" >"db/$1/limit"; : >"db/$1/content"
  echo $(($(cat count) + 1)) >count; }
case "$input" in
*'encode(convert_to('*datconnlimit*)
  name=$(printf '%s\n' "$input" | sed -n "s/.*datname = '\([^']*\)'.*/\1/p")
  if [ -d "db/$name" ]; then echo "0 row $(hex "$(cat "db/$name/limit")") $(hex "$(cat "db/$name/identity")")"
  else echo '0 none'; fi
  exit ;;
*'encode(convert_to('*)
  if [ -d db/board ]; then echo "0 row $(hex there) $(hex 'OWNER board')"; else echo '0 none'; fi
  exit ;;
esac
printf '%s\n' "$input" | while read -r line; do
  echo "$line" >>log
  case "$line" in
  *'CONNECTION LIMIT '*'FROM pg_catalog.pg_database'*)
    name=${line##*datname = \'}; name=${name%%\'*}
    limit=${line#*LIMIT }; limit=${limit%%\'*}
    [ ! -d "db/$name" ] || echo "$limit" >"db/$name/limit" ;;
  DO*) [ ! -e stays ] || { echo 'ERROR: sessions that do not end: 7' >&2; exit 3; } ;;
  'DROP DATABASE'*)
    [ ! -e refuse ] || { echo 'ERROR: a slot is in it' >&2; exit 3; }
    name=${line##* }; name=${name%;}; name=${name#\"}; rm -rf "db/${name%\"}" ;;
  'CREATE DATABASE '*)
    name=${line#CREATE DATABASE }; name=${name%% *}; name=${name#\"}; limit=-1
    case "$line" in *'CONNECTION LIMIT = 0;') limit=0 ;; esac
    make "${name%\"}" $limit ;;
  *'RENAME TO'*)
    from=${line#*\"}; to=${line%\";}
    [ ! -d "db/${to##*\"}" ] || exit 3
    mv "db/${from%%\"*}" "db/${to##*\"}" ;;
  'OWNER board') [ -d db/board ] || make board -1 ;;
  esac || exit
done
)sh";
constexpr const char* pg_restore = R"sh(
case "$*" in
*--create*) printf 'SET x;\n\nCREATE DATABASE board TEMPLATE = template0;\n\nPROPERTIES\n'; exit ;;
esac
[ ! -e no-load ] || { echo 'no such role' >&2; exit 1; }
for word; do name=$word; done
name=${name#--dbname=dbname=\'}
cat >"db/${name%\'}/content"
)sh";

class Databases {
 public:
  Databases() {
    std::string pattern = (fs::temp_directory_path() / "wright-sql-XXXXXX").string();
    folder = ::mkdtemp(pattern.data());
    program("psql", psql);
    program("pg_dump", "cat \"db/$PGDATABASE/content\"\n");
    program("pg_restore", pg_restore);
    fs::create_directory(folder / "db");
    write("count", "5");
    context.state_folder = folder / "state";
    context.transaction = "t1";
    context.emit = [this](const Event& event) { notes.push_back(event.text); };
    absent.id = {"sql", "database board"};
    absent.attributes = {{"look", "SELECT 'x', 'y'"},      {"change", "DROP DATABASE board;"},
                         {"undo", "DROP DATABASE board;"}, {"dump", "board"},
                         {"programs", folder.string()},    {"user", "root"}};
  }
  ~Databases() { fs::remove_all(folder); }
  Databases(const Databases&) = delete;
  Databases& operator=(const Databases&) = delete;

  void program(const std::string& name, const std::string& text) const {
    write(name, "#!/bin/sh\ncd \"$(dirname \"$0\")\"\n" + text);
    fs::permissions(folder / name, fs::perms::owner_all);
  }
  void write(const fs::path& name, const std::string& text) const { std::ofstream(folder / name) << text; }
  [[nodiscard]] std::string read(const fs::path& name) const {
    std::ostringstream text;
    text << std::ifstream(folder / name).rdbuf();
    return text.str();
  }
  void make(const std::string& identity, const std::string& content, const std::string& limit = "20") const {
    fs::create_directory(folder / "db/board");
    write("db/board/identity", identity);
    write("db/board/limit", limit);
    write("db/board/content", content);
  }
  /// Every database with its limit and what is in it.
  [[nodiscard]] std::string databases() const {
    std::string all;
    for (const auto& one : fs::directory_iterator(folder / "db")) {
      const fs::path path = one.path();
      const std::string limit = read(path / "limit");
      all += path.filename().string() + " " + limit.substr(0, limit.find('\n')) + " " + read(path / "content") + ";";
    }
    return all;
  }
  [[nodiscard]] std::vector<std::string> dumps() const {
    std::vector<std::string> all;
    if (!fs::exists(folder / "state/quarantine")) return all;
    for (const auto& one : fs::recursive_directory_iterator(folder / "state/quarantine"))
      if (one.is_regular_file()) all.push_back(read(one.path()));
    return all;
  }
  [[nodiscard]] bool has_unfinished_dumps() const { return fs::exists(folder / "state/dumps"); }

  Result<Value> prepare(Item& item) {
    const Resource* one = &absent;
    auto seen = kind.look(std::span(&one, 1), context);
    if (!seen) return failure(seen.error());
    item = {&absent, seen->front(), {}};
    item.difference = kind.compare(absent, item.observed);
    return kind.prepare(std::span(&item, 1), context);
  }
  /// Drops board as an apply does; what its undo is given.
  Value drop() {
    Item item;
    const auto before = prepare(item);
    EXPECT_TRUE(before);
    const auto changed = kind.change(std::span(&item, 1), *before, context);
    EXPECT_TRUE(changed) << to_text(changed.error());
    EXPECT_EQ(databases(), "");
    return *before;
  }
  Result<> undo(const Value& before) { return kind.undo({{absent.id}, before, Value(), {}}, context); }
  /// Does it in a process that is killed at that point.
  template <class Work>
  bool killed_at(const char* point, Work work) {
    const pid_t child = ::fork();
    if (child == 0) {
      ::setenv("WRIGHT_FAILPOINT", (std::string(point) + ":kill").c_str(), 1);
      work();
      ::_exit(0);
    }
    int status = 0;
    ::waitpid(child, &status, 0);
    return WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL;
  }

  fs::path folder;
  Context context;
  Resource absent;
  Kind& kind = *find_kind("sql");
  std::vector<std::string> notes;
};

TEST(SqlDatabase, KilledAnywhereInTheDropItComesBackAsItWas) {
  for (const char* point : {"sql_closed", "sql_dumping", "sql_dumped", "sql_dropped"}) {
    SCOPED_TRACE(point);
    Databases server;
    server.make("1", "data");
    Item item;
    const auto before = server.prepare(item);
    ASSERT_TRUE(before);
    ASSERT_TRUE(server.killed_at(point, [&] { (void)server.kind.change({&item, 1}, *before, server.context); }));
    const auto undone = server.undo(*before);
    ASSERT_TRUE(undone) << to_text(undone.error());
    EXPECT_EQ(server.databases(), "board 20 data;");
    EXPECT_FALSE(server.has_unfinished_dumps());
    EXPECT_THAT(server.notes, IsEmpty());
  }
}

TEST(SqlDatabase, KilledAnywhereInTheReturnItIsCarriedOn) {
  for (const char* point : {"sql_created", "sql_loaded", "sql_returned", "sql_renamed"}) {
    SCOPED_TRACE(point);
    Databases server;
    server.make("1", "data");
    const Value before = server.drop();
    ASSERT_TRUE(server.killed_at(point, [&] { (void)server.undo(before); }));
    // Under its own name it is whole, and whatever there is lets nobody in.
    const std::string meanwhile = server.databases();
    EXPECT_THAT(meanwhile, HasSubstr(" 0 ")) << "somebody may write before its data is there";
    EXPECT_TRUE(!meanwhile.starts_with("board") || meanwhile == "board 0 data;") << meanwhile;
    for (int run = 0; run < 2; ++run) {
      const auto undone = server.undo(before);
      ASSERT_TRUE(undone) << to_text(undone.error());
      EXPECT_EQ(server.databases(), "board 20 data;");
    }
    EXPECT_THAT(server.dumps(), SizeIs(1));
  }
}

TEST(SqlDatabase, KilledInTheUndoOfItsMakingTheNextOneKnowsItsLimit) {
  for (const char* point : {"sql_closed", "sql_dumping", "sql_dumped"}) {
    SCOPED_TRACE(point);
    Databases server;
    Item item;
    const auto before = server.prepare(item);
    ASSERT_TRUE(before);
    server.make("7", "data");
    ASSERT_TRUE(server.killed_at(point, [&] { (void)server.undo(*before); }));
    EXPECT_EQ(server.databases(), "board 0 data;");
    server.write("refuse", "");
    EXPECT_FALSE(server.undo(*before));
    EXPECT_EQ(server.databases(), "board 20 data;");
    fs::remove(server.folder / "refuse");
    ASSERT_TRUE(server.undo(*before));
    EXPECT_EQ(server.databases(), "");
    EXPECT_THAT(server.dumps(), Contains("data"));
  }
}

TEST(SqlDatabase, ARefusedDropLeavesItOpenAndNoDumpBehind) {
  Databases server;
  server.make("1", "data");
  server.write("refuse", "");
  Item item;
  const auto before = server.prepare(item);
  ASSERT_TRUE(before);
  for (int run = 0; run < 2; ++run) {
    const auto changed = server.kind.change({&item, 1}, *before, server.context);
    ASSERT_FALSE(changed);
    EXPECT_THAT(to_text(changed.error()), HasSubstr("a slot is in it"));
    EXPECT_EQ(server.databases(), "board 20 data;");
    EXPECT_FALSE(fs::exists(server.folder / "state/quarantine/t1")) << "a full dump for each try";
    EXPECT_THAT(server.context.quarantined, IsEmpty());
  }
}

TEST(SqlDatabase, ADropThatMayHaveHappenedKeepsItsDump) {
  Databases server;
  server.make("1", "data");
  Item item;
  const auto before = server.prepare(item);
  ASSERT_TRUE(before);
  // The connection is lost: the server may still drop it.
  server.program("psql", "case \"$(tee input)\" in DROP*) exit 2 ;; esac\n(" + std::string(psql) + ") <input\n");
  EXPECT_FALSE(server.kind.change({&item, 1}, *before, server.context));
  EXPECT_EQ(server.databases(), "board 20 data;");
  EXPECT_THAT(server.dumps(), Contains("data"));
}

TEST(SqlDatabase, NobodyIsInItWhenItIsDumped) {
  Databases server;
  server.make("1", "data");
  server.write("stays", "");
  Item item;
  const auto before = server.prepare(item);
  ASSERT_TRUE(before);
  const auto changed = server.kind.change({&item, 1}, *before, server.context);
  ASSERT_FALSE(changed);
  EXPECT_THAT(to_text(changed.error()), HasSubstr("sessions that do not end: 7"));
  EXPECT_EQ(server.databases(), "board 20 data;");
  EXPECT_THAT(server.dumps(), IsEmpty());
  EXPECT_THAT(server.read("log"), HasSubstr("''autovacuum worker''")) << "which comes and goes by itself";
}

TEST(SqlDatabase, AnotherOneOfItsNameGoesToQuarantineFirst) {
  Databases server;
  server.make("1", "data");
  const Value before = server.drop();
  server.make("2", "somebody's");
  const auto undone = server.undo(before);
  ASSERT_TRUE(undone) << to_text(undone.error());
  EXPECT_EQ(server.databases(), "board 20 data;");
  EXPECT_THAT(server.dumps(), Contains("somebody's"));
  EXPECT_THAT(server.notes, Contains(HasSubstr("goes to quarantine")));
}

TEST(SqlDatabase, AnotherOneOfItsNameThatCannotGoIsAnError) {
  Databases server;
  server.make("1", "data");
  const Value before = server.drop();
  server.make("2", "somebody's");
  server.write("refuse", "");
  for (int run = 0; run < 2; ++run) {
    const auto undone = server.undo(before);
    ASSERT_FALSE(undone);
    EXPECT_THAT(to_text(undone.error()), HasSubstr("another database of that name"));
    EXPECT_EQ(server.databases(), "board 20 somebody's;");
  }
}

TEST(SqlDatabase, WithoutItsDumpItComesBackEmptyAndEachRunSaysSo) {
  Databases server;
  server.make("1", "data");
  const Value before = server.drop();
  fs::remove_all(server.folder / "state/quarantine");
  for (std::size_t run = 1; run <= 2; ++run) {
    const auto undone = server.undo(before);
    ASSERT_TRUE(undone) << to_text(undone.error());
    EXPECT_EQ(server.databases(), "board 20 ;");
    EXPECT_THAT(server.notes, SizeIs(run));
    EXPECT_THAT(server.notes.back(), HasSubstr("comes back empty"));
  }
}

TEST(SqlDatabase, WithoutItsDumpAnotherOneOfItsNameIsLeftAsItIs) {
  Databases server;
  server.make("1", "data");
  const Value before = server.drop();
  fs::remove_all(server.folder / "state/quarantine");
  server.make("2", "somebody's", "3");
  fs::remove(server.folder / "log");
  ASSERT_TRUE(server.undo(before));
  EXPECT_EQ(server.databases(), "board 3 somebody's;");
  EXPECT_EQ(server.read("log"), "");
  EXPECT_THAT(server.notes, Contains(HasSubstr("is left as it is")));
}

TEST(SqlDatabase, ALoadThatFailsLeavesNothingBehind) {
  Databases server;
  server.make("1", "data");
  const Value before = server.drop();
  server.write("no-load", "");
  const auto undone = server.undo(before);
  ASSERT_FALSE(undone);
  EXPECT_THAT(to_text(undone.error()), HasSubstr("no such role"));
  EXPECT_EQ(server.databases(), "");
  fs::remove(server.folder / "no-load");
  ASSERT_TRUE(server.undo(before));
  EXPECT_EQ(server.databases(), "board 20 data;");
}

TEST(SqlDatabase, ADumpThatIsTakenAwayIsNotTakenForKept) {
  Databases server;
  server.make("1", "data");
  Item item;
  const auto before = server.prepare(item);
  ASSERT_TRUE(before);
  server.program("pg_dump", "rm state/dumps/*\n");
  EXPECT_FALSE(server.kind.change({&item, 1}, *before, server.context));
  EXPECT_EQ(server.databases(), "board 20 data;");
}

}  // namespace
}  // namespace wright::agent
