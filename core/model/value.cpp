#include "model/value.hpp"

#include <algorithm>

namespace wright {

Value::Value(const std::vector<std::string>& strings) {
  List list;
  list.reserve(strings.size());
  for (const auto& s : strings) list.emplace_back(s);
  data_ = std::move(list);
}

const Value& Value::operator[](std::string_view key) const {
  static const Value none;
  const Map* map = as_map();
  if (map == nullptr) return none;
  const auto found = map->find(key);
  return found == map->end() ? none : found->second;
}

std::string Value::text_or(std::string_view otherwise) const {
  if (const auto* s = as_string()) return *s;
  if (const auto* s = as_secret()) return s->reveal();
  return std::string(otherwise);
}

std::int64_t Value::int_or(std::int64_t otherwise) const {
  const auto* i = as_int();
  return i == nullptr ? otherwise : *i;
}

bool Value::bool_or(bool otherwise) const {
  const auto* b = as_bool();
  return b == nullptr ? otherwise : *b;
}

std::vector<std::string> Value::strings() const {
  std::vector<std::string> out;
  if (const List* list = as_list())
    for (const auto& item : *list)
      if (const auto* s = item.as_string()) out.push_back(*s);
  return out;
}

std::string_view Value::type_name() const {
  static constexpr std::string_view names[] = {"null",   "boolean", "integer", "number",
                                               "string", "secret",  "list",    "table"};
  return names[data_.index()];
}

bool Value::has_secret() const {
  if (as_secret() != nullptr) return true;
  if (const List* list = as_list())
    return std::any_of(list->begin(), list->end(), [](const Value& v) { return v.has_secret(); });
  if (const Map* map = as_map())
    return std::any_of(map->begin(), map->end(), [](const auto& entry) { return entry.second.has_secret(); });
  return false;
}

}  // namespace wright
