#pragma once

#include <string>
#include <vector>

#include "site/problems.hpp"

namespace wright {

struct Entry;

/// One value of a TOML file and where it stands: at its key, or at the value itself in a list.
struct Node {
  enum class Kind { scalar, list, table };
  Kind kind = Kind::scalar;
  Position position;
  Value scalar;                ///< boolean, integer, number or string
  std::vector<Node> items;     ///< of a list
  std::vector<Entry> entries;  ///< of a table, in the order of the file

  [[nodiscard]] const Node* entry(std::string_view key) const;
  [[nodiscard]] const std::string* text() const { return scalar.as_string(); }
  /// Its type has no meaning in a site; that was told, and the scalar is null.
  [[nodiscard]] bool refused() const { return kind == Kind::scalar && scalar.is_null(); }
  /// "a table", "a list", "a string", "an integer", ...
  [[nodiscard]] std::string described() const;
};

struct Entry {
  std::string key;
  Node value;
};

inline constexpr std::size_t largest_site_file = 2U << 20U;

/// The top table of TOML text. At most 2 MiB, nested at most 64 levels. What has no meaning in a site (dates, nan,
/// inf) is a problem each, and so is a name that stands twice, of which the first is read; another syntax error is one,
/// and then the table is empty.
Node parse_document(const std::string& text, Problems& problems);

Value to_value(const Node& node);

}  // namespace wright
