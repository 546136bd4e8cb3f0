#include <iterator>

#include "plugin/call.hpp"
#include "plugin/host_functions.hpp"

namespace wright {
namespace {

// A handle is the address of the Value itself, which lives in the Evaluation.
const Value* from(const wright_value* handle) { return reinterpret_cast<const Value*>(handle); }
const wright_value* handle_of(const Value* value) { return reinterpret_cast<const wright_value*>(value); }

int32_t type(const wright_value* handle) {
  const Value* v = from(handle);
  if (v == nullptr || v->is_null()) return WRIGHT_TYPE_NULL;
  if (v->as_string() != nullptr) return WRIGHT_TYPE_TEXT;
  if (v->as_secret() != nullptr) return WRIGHT_TYPE_SECRET;
  if (v->as_int() != nullptr) return WRIGHT_TYPE_INTEGER;
  if (v->as_double() != nullptr) return WRIGHT_TYPE_NUMBER;
  if (v->as_bool() != nullptr) return WRIGHT_TYPE_BOOLEAN;
  return v->as_list() != nullptr ? WRIGHT_TYPE_LIST : WRIGHT_TYPE_TABLE;
}

int32_t as_bool(const wright_value* handle, int32_t* out) {
  const bool* b = handle == nullptr ? nullptr : from(handle)->as_bool();
  if (b == nullptr || out == nullptr) return WRIGHT_FAILED;
  *out = *b ? 1 : 0;
  return WRIGHT_OK;
}

int32_t as_int(const wright_value* handle, int64_t* out) {
  const std::int64_t* i = handle == nullptr ? nullptr : from(handle)->as_int();
  if (i == nullptr || out == nullptr) return WRIGHT_FAILED;
  *out = *i;
  return WRIGHT_OK;
}

int32_t as_number(const wright_value* handle, double* out) {
  if (handle == nullptr || out == nullptr) return WRIGHT_FAILED;
  if (const double* d = from(handle)->as_double()) {
    *out = *d;
    return WRIGHT_OK;
  }
  if (const std::int64_t* i = from(handle)->as_int()) {
    *out = static_cast<double>(*i);
    return WRIGHT_OK;
  }
  return WRIGHT_FAILED;
}

int32_t as_str(const wright_value* handle, wright_str* out) {
  const std::string* s = handle == nullptr ? nullptr : from(handle)->as_string();
  if (s == nullptr || out == nullptr) return WRIGHT_FAILED;
  *out = borrow(*s);
  return WRIGHT_OK;
}

int32_t as_secret(const wright_value* handle, wright_str* out) {
  const Secret* s = handle == nullptr ? nullptr : from(handle)->as_secret();
  if (s == nullptr || out == nullptr) return as_str(handle, out);
  *out = borrow(s->reveal());
  return WRIGHT_OK;
}

uint64_t size(const wright_value* handle) {
  if (handle == nullptr) return 0;
  if (const auto* list = from(handle)->as_list()) return list->size();
  const auto* map = from(handle)->as_map();
  return map == nullptr ? 0 : map->size();
}

const wright_value* at(const wright_value* handle, uint64_t index) {
  if (index >= size(handle)) return nullptr;
  if (const auto* list = from(handle)->as_list()) return handle_of(&(*list)[index]);
  return handle_of(&std::next(from(handle)->as_map()->begin(), static_cast<std::ptrdiff_t>(index))->second);
}

wright_str key(const wright_value* handle, uint64_t index) {
  const auto* map = handle == nullptr ? nullptr : from(handle)->as_map();
  if (map == nullptr || index >= map->size()) return {nullptr, 0};
  return borrow(std::next(map->begin(), static_cast<std::ptrdiff_t>(index))->first);
}

const wright_value* get(const wright_value* handle, wright_str name) {
  const auto* map = handle == nullptr ? nullptr : from(handle)->as_map();
  if (map == nullptr) return nullptr;
  const auto found = map->find(view(name));
  return found == map->end() ? nullptr : handle_of(&found->second);
}

}  // namespace

void fill_value_functions(wright_host& table) {
  table.value_type = type;
  table.value_bool = as_bool;
  table.value_int = as_int;
  table.value_number = as_number;
  table.value_str = as_str;
  table.value_secret = as_secret;
  table.value_size = size;
  table.value_at = at;
  table.value_key = key;
  table.value_get = get;
}

}  // namespace wright
