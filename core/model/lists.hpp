#pragma once

#include <vector>

#include "model/value.hpp"

namespace wright {

/// A list of model structs as a Value, by each one's to_value.
template <class T>
Value list_to_value(const std::vector<T>& items) {
  Value::List out;
  out.reserve(items.size());
  for (const auto& item : items) out.push_back(to_value(item));
  return out;
}

}  // namespace wright
