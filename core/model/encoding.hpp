#pragma once

#include <string>
#include <string_view>

#include "base/result.hpp"
#include "model/value.hpp"

namespace wright {

/// The value as CBOR (RFC 8949). Map keys are sorted, so equal values have equal bytes. Text crosses as a
/// text string and a secret as a byte string, so that it is a Secret again on the other side.
std::string to_cbor(const Value& value);

/// Limits for bytes that come from elsewhere; checked before memory is taken.
struct DecodeLimits {
  std::size_t bytes = 256U << 20U;
  std::size_t depth = 64;
  std::size_t values = 4U << 20U;  ///< an empty list is one byte there and 56 here
};

/// Strict: trailing bytes, duplicate or non-string keys, depth, size and number of values over the limits are errors.
Result<Value> from_cbor(std::string_view bytes, DecodeLimits limits = {});

/// JSON on one line (indent < 0) or indented. Secrets become "(secret)"; bytes that are no UTF-8 become U+FFFD.
std::string to_json(const Value& value, int indent = -1);
/// What counts of a key that stands in a table twice: nothing, or, as most readers have it, the last.
enum class Twice { refused, last_counts };
Result<Value> from_json(std::string_view text, Twice twice = Twice::refused);

}  // namespace wright
