#include "model/reading.hpp"

namespace wright {

Reading::Reading(const Value& value, std::string what) : value_(value), what_(std::move(what)) {
  if (value.as_map() == nullptr) problem("", "is a " + std::string(value.type_name()) + ", not a table");
}

const Value& Reading::any(std::string_view key) const { return value_[key]; }

std::string Reading::text(std::string_view key) {
  if (const auto* s = any(key).as_string()) return *s;
  problem(key, "is no string");
  return {};
}

bool Reading::boolean(std::string_view key) {
  if (const auto* b = any(key).as_bool()) return *b;
  problem(key, "is no boolean");
  return false;
}

std::int64_t Reading::integer(std::string_view key) {
  if (const auto* i = any(key).as_int()) return *i;
  problem(key, "is no integer");
  return 0;
}

std::vector<std::string> Reading::strings(std::string_view key) {
  const auto* list = any(key).as_list();
  if (list == nullptr) {
    problem(key, "is no list of strings");
    return {};
  }
  for (const auto& item : *list)
    if (item.as_string() == nullptr) problem(key, "has an element that is no string");
  return any(key).strings();
}

Value::Map Reading::map(std::string_view key) {
  if (const auto* m = any(key).as_map()) return *m;
  problem(key, "is no table");
  return {};
}

void Reading::problem(std::string_view key, std::string_view what) {
  problems_.add(
      {Severity::error, Fault::failed, what_, "field \"" + std::string(key) + "\" " + std::string(what), {}, {}});
}

}  // namespace wright
