#pragma once

#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <span>
#include <sstream>
#include <string>
#include <vector>

#include "agent/journal/record.hpp"
#include "agent/resources/kind.hpp"

namespace wright::agent {

namespace fs = std::filesystem;

/// A folder with programs that stand for PostgreSQL's. psql answers every query with the line in "row" ("none" when it
/// is empty), and takes statements by writing them to "statements" and making "row" what is in "next".
class Server {
 public:
  Server() {
    std::string pattern = (fs::temp_directory_path() / "wright-sql-XXXXXX").string();
    folder = ::mkdtemp(pattern.data());
    program("psql",
            "input=$(cat)\ncase \"$input\" in\n*'encode(convert_to('*)\n  [ -e down ] && { echo 'no server' >&2; exit "
            "2; }\n"
            "  if [ -s row ]; then echo \"0 row $(cat row)\"; else echo '0 none'; fi ;;\n"
            "*)\n  printf '%s' \"$input\" >statements\n  cat statements >>log\n  [ -e refuse ] && { echo \"ERROR: "
            "$input\" >&2; exit 3; }\n"
            "  [ -e next ] && cp next row\n  exit 0 ;;\nesac\n");
    program("pg_dump", "[ -e no-dump ] && { echo 'no space' >&2; exit 1; }\nprintf dumped\n");
    context.state_folder = folder + "/state";
    context.transaction = "t1";
  }
  ~Server() { fs::remove_all(folder); }
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;

  void program(const std::string& name, const std::string& text) const {
    write(name, "#!/bin/sh\ncd \"$(dirname \"$0\")\"\n" + text);
    fs::permissions(folder + "/" + name, fs::perms::owner_all);
  }
  void write(const std::string& name, const std::string& text) const { std::ofstream(folder + "/" + name) << text; }
  [[nodiscard]] std::string read(const std::string& name) const {
    std::ostringstream text;
    text << std::ifstream(folder + "/" + name).rdbuf();
    return text.str();
  }
  /// Columns as psql is asked to give them.
  void row(const std::string& name, const std::vector<std::string>& columns) const {
    std::string line;
    for (const auto& column : columns) {
      line += line.empty() ? "" : " ";
      for (const unsigned char c : column) {
        line += "0123456789abcdef"[c >> 4U];
        line += "0123456789abcdef"[c & 15U];
      }
    }
    write(name, line);
  }

  [[nodiscard]] Resource resource(Value::Map more = {}) const {
    Resource out;
    out.id = {"sql", "role board"};
    out.attributes = {{"look", "SELECT 'x', 'y'"},  {"wanted", "LOGIN"},  {"change", "ALTER ROLE board LOGIN;"},
                      {"undo", "DROP ROLE board;"}, {"programs", folder}, {"user", "root"}};
    for (auto& [name, value] : more) out.attributes[name] = std::move(value);
    return out;
  }

  std::string folder;
  Context context;
  Kind& kind = *find_kind("sql");

  Item look(const Resource& resource) {
    const Resource* one = &resource;
    auto seen = kind.look(std::span(&one, 1), context);
    EXPECT_TRUE(seen);
    Item item{&resource, seen->front(), {}};
    item.difference = kind.compare(resource, item.observed);
    return item;
  }
};

}  // namespace wright::agent
