#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/secret.hpp"

namespace wright {

/// The data that crosses borders: options from TOML, attributes of resources, facts, messages. A string is bytes; by
/// convention UTF-8 unless it is the content of a file. A Secret stays one from the site file to the wire.
class Value {
 public:
  using List = std::vector<Value>;
  using Map = std::map<std::string, Value, std::less<>>;

  Value() = default;
  Value(bool b) : data_(b) {}
  Value(int i) : data_(static_cast<std::int64_t>(i)) {}
  Value(unsigned i) : data_(static_cast<std::int64_t>(i)) {}
  Value(std::int64_t i) : data_(i) {}
  Value(std::uint64_t i) : data_(static_cast<std::int64_t>(i)) {}
  Value(double d) : data_(d) {}
  Value(const char* s) : data_(std::string(s)) {}
  Value(std::string_view s) : data_(std::string(s)) {}
  Value(std::string s) : data_(std::move(s)) {}
  Value(Secret s) : data_(std::move(s)) {}
  Value(List l) : data_(std::move(l)) {}
  Value(Map m) : data_(std::move(m)) {}
  /// A list of strings, the commonest list.
  Value(const std::vector<std::string>& strings);

  [[nodiscard]] bool is_null() const { return std::holds_alternative<std::monostate>(data_); }
  [[nodiscard]] const bool* as_bool() const { return std::get_if<bool>(&data_); }
  [[nodiscard]] const std::int64_t* as_int() const { return std::get_if<std::int64_t>(&data_); }
  [[nodiscard]] const double* as_double() const { return std::get_if<double>(&data_); }
  [[nodiscard]] const std::string* as_string() const { return std::get_if<std::string>(&data_); }
  [[nodiscard]] const Secret* as_secret() const { return std::get_if<Secret>(&data_); }
  [[nodiscard]] const List* as_list() const { return std::get_if<List>(&data_); }
  [[nodiscard]] const Map* as_map() const { return std::get_if<Map>(&data_); }
  [[nodiscard]] List* as_list() { return std::get_if<List>(&data_); }
  [[nodiscard]] Map* as_map() { return std::get_if<Map>(&data_); }

  /// The entry of a map; a null value when this is no map or has no such entry.
  [[nodiscard]] const Value& operator[](std::string_view key) const;
  /// The text of a string or a revealed secret; `otherwise` for any other type.
  [[nodiscard]] std::string text_or(std::string_view otherwise) const;
  [[nodiscard]] std::int64_t int_or(std::int64_t otherwise) const;
  [[nodiscard]] bool bool_or(bool otherwise) const;
  /// The strings of a list of strings; other elements are left out.
  [[nodiscard]] std::vector<std::string> strings() const;
  /// "null", "boolean", "integer", "number", "string", "secret", "list", "table".
  [[nodiscard]] std::string_view type_name() const;
  /// True when a Secret is anywhere inside.
  [[nodiscard]] bool has_secret() const;

  friend bool operator==(const Value&, const Value&) = default;

 private:
  std::variant<std::monostate, bool, std::int64_t, double, std::string, Secret, List, Map> data_;
};

}  // namespace wright
