#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "model/value.hpp"

namespace wright::agent {

/// A BSON document while it is written; fields keep their order, as the first one of a command is its name.
class Bson {
 public:
  Bson& text(std::string_view name, std::string_view value);
  Bson& integer(std::string_view name, std::int32_t value);
  Bson& boolean(std::string_view name, bool value);
  Bson& binary(std::string_view name, std::string_view bytes);
  Bson& document(std::string_view name, const Bson& value);
  Bson& list(std::string_view name, const std::vector<Bson>& documents);
  Bson& texts(std::string_view name, const std::vector<std::string>& values);
  [[nodiscard]] std::string bytes() const;

 private:
  Bson& field(char type, std::string_view name, std::string_view value);
  std::string fields_;
};

/// A document as a table: binary as bytes, numbers and dates as numbers, an ObjectId as hexadecimal digits, what else
/// has no counterpart as null. Nothing when the bytes are not exactly one document, or nest deeper than 32.
std::optional<Value> from_bson(std::string_view bytes);

}  // namespace wright::agent
