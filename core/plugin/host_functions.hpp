#pragma once

#include <wright/plugin.h>

#include <utility>

namespace wright {

void fill_call_functions(wright_host& table);
void fill_value_functions(wright_host& table);
void fill_declaring_functions(wright_host& table);

/// Runs the body of a host function. Memory may run out; that must not unwind into a plugin.
template <class Body>
auto guarded(decltype(std::declval<Body>()()) otherwise, Body body) noexcept {
  try {
    return body();
  } catch (...) {
    return otherwise;
  }
}

}  // namespace wright
