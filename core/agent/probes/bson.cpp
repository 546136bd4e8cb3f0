#include "agent/probes/bson.hpp"

#include <bit>

namespace wright::agent {
namespace {

constexpr int deepest = 32;

enum Type : unsigned char {
  number = 0x01,
  string = 0x02,
  table = 0x03,
  array = 0x04,
  binary_data = 0x05,
  undefined = 0x06,
  object_id = 0x07,
  boolean_value = 0x08,
  date = 0x09,
  null = 0x0A,
  regex = 0x0B,
  code = 0x0D,
  symbol = 0x0E,
  integer32 = 0x10,
  timestamp = 0x11,
  integer64 = 0x12,
  decimal = 0x13,
  max_key = 0x7F,
  min_key = 0xFF,
};

std::string little(std::uint64_t value, unsigned bytes) {
  std::string out;
  for (unsigned i = 0; i < bytes; ++i) out += static_cast<char>(value >> (8U * i) & 0xFFU);
  return out;
}

std::string hex_digits(std::string_view bytes) {
  std::string out;
  for (const char c : bytes) {
    const auto byte = static_cast<unsigned char>(c);
    out += "0123456789abcdef"[byte >> 4U];
    out += "0123456789abcdef"[byte & 15U];
  }
  return out;
}

/// Takes pieces off the front; once something is missing, everything is.
class Reader {
 public:
  explicit Reader(std::string_view bytes) : rest_(bytes) {}

  std::optional<Value> document(bool is_array, int depth) {
    const std::size_t all = rest_.size();
    const auto size = static_cast<std::size_t>(little(4));
    if (depth > deepest || !good_ || size < 5 || size > all) return std::nullopt;
    Reader inside(rest_.substr(0, size - 4));
    rest_.remove_prefix(size - 4);
    Value::Map map;
    Value::List list;
    while (inside.good_) {
      const auto type = static_cast<unsigned char>(inside.little(1));
      if (type == 0) break;
      std::string name(inside.name());
      auto value = inside.value(type, depth);
      if (!value) return std::nullopt;
      if (is_array)
        list.push_back(std::move(*value));
      else
        map[std::move(name)] = std::move(*value);
    }
    if (!inside.good_ || !inside.rest_.empty()) return std::nullopt;
    return is_array ? Value(std::move(list)) : Value(std::move(map));
  }

  [[nodiscard]] bool is_at_end() const { return rest_.empty(); }

 private:
  std::string_view take(std::uint64_t size) {
    if (!good_ || size > rest_.size()) {
      good_ = false;
      return {};
    }
    const auto out = rest_.substr(0, size);
    rest_.remove_prefix(size);
    return out;
  }

  std::uint64_t little(unsigned bytes) {
    std::uint64_t out = 0;
    unsigned shift = 0;
    for (const char c : take(bytes)) {
      out |= static_cast<std::uint64_t>(static_cast<unsigned char>(c)) << shift;
      shift += 8;
    }
    return out;
  }

  std::string_view name() {
    const auto end = rest_.find('\0');
    if (end == std::string_view::npos) good_ = false;
    const auto out = take(end);
    take(1);
    return out;
  }

  std::optional<Value> known(Value value) const { return good_ ? std::optional(std::move(value)) : std::nullopt; }

  std::optional<Value> text() {
    const auto size = little(4);
    if (size == 0) return std::nullopt;
    const std::string out(take(size - 1));
    take(1);
    return known(out);
  }

  std::optional<Value> value(unsigned char type, int depth) {
    switch (type) {
      case number:
        return known(std::bit_cast<double>(little(8)));
      case string:
      case code:
      case symbol:
        return text();
      case table:
      case array:
        return document(type == array, depth + 1);
      case binary_data: {
        const auto size = little(4);
        take(1);
        return known(std::string(take(size)));
      }
      case object_id:
        return known(hex_digits(take(12)));
      case boolean_value:
        return known(little(1) != 0);
      case integer32:
        return known(static_cast<std::int64_t>(static_cast<std::int32_t>(little(4))));
      case date:
      case timestamp:
      case integer64:
        return known(static_cast<std::int64_t>(little(8)));
      case decimal:
        take(16);
        return known({});
      case regex:
        name();
        name();
        return known({});
      case undefined:
      case null:
      case max_key:
      case min_key:
        return known({});
      default:
        return std::nullopt;
    }
  }

  std::string_view rest_;
  bool good_ = true;
};

}  // namespace

Bson& Bson::field(char type, std::string_view name, std::string_view value) {
  fields_ += type;
  fields_ += name.substr(0, name.find('\0'));
  fields_ += '\0';
  fields_ += value;
  return *this;
}

Bson& Bson::text(std::string_view name, std::string_view value) {
  return field(string, name, little(value.size() + 1, 4) + std::string(value) + '\0');
}

Bson& Bson::integer(std::string_view name, std::int32_t value) {
  return field(integer32, name, little(static_cast<std::uint32_t>(value), 4));
}

Bson& Bson::boolean(std::string_view name, bool value) {
  return field(boolean_value, name, value ? "\1" : std::string(1, '\0'));
}

Bson& Bson::binary(std::string_view name, std::string_view bytes) {
  return field(binary_data, name, little(bytes.size(), 4) + '\0' + std::string(bytes));
}

Bson& Bson::document(std::string_view name, const Bson& value) { return field(table, name, value.bytes()); }

Bson& Bson::list(std::string_view name, const std::vector<Bson>& documents) {
  Bson items;
  for (std::size_t i = 0; i < documents.size(); ++i) items.document(std::to_string(i), documents[i]);
  return field(array, name, items.bytes());
}

Bson& Bson::texts(std::string_view name, const std::vector<std::string>& values) {
  Bson items;
  for (std::size_t i = 0; i < values.size(); ++i) items.text(std::to_string(i), values[i]);
  return field(array, name, items.bytes());
}

std::string Bson::bytes() const { return little(fields_.size() + 5, 4) + fields_ + '\0'; }

std::optional<Value> from_bson(std::string_view bytes) {
  Reader reader(bytes);
  auto out = reader.document(false, 0);
  return reader.is_at_end() ? out : std::nullopt;
}

}  // namespace wright::agent
