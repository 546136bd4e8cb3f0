#include "model/encoding.hpp"

#include <nlohmann/json.hpp>

namespace wright {
namespace {

using nlohmann::json;

json to_tree(const Value& value, bool for_people) {
  if (const auto* b = value.as_bool()) return *b;
  if (const auto* i = value.as_int()) return *i;
  if (const auto* d = value.as_double()) return *d;
  if (const auto* s = value.as_string()) return *s;
  if (const auto* s = value.as_secret()) {
    if (for_people) return "(secret)";
    return json::binary(std::vector<std::uint8_t>(s->reveal().begin(), s->reveal().end()));
  }
  if (const auto* list = value.as_list()) {
    json out = json::array();
    for (const auto& item : *list) out.push_back(to_tree(item, for_people));
    return out;
  }
  if (const auto* map = value.as_map()) {
    json out = json::object();
    for (const auto& [key, item] : *map) out[key] = to_tree(item, for_people);
    return out;
  }
  return nullptr;
}

/// Builds a Value while nlohmann's parser reads, refusing what the limits or strictness forbid at once.
class Builder {
 public:
  using number_integer_t = json::number_integer_t;
  using number_unsigned_t = json::number_unsigned_t;
  using number_float_t = json::number_float_t;
  using string_t = json::string_t;
  using binary_t = json::binary_t;

  /// `largest_signed`: the largest that number_integer is rightly called with. The CBOR reader calls it for negative
  /// integers only, and lets those below -2^63 wrap around.
  Builder(const DecodeLimits& limits, std::int64_t largest_signed, Twice twice = Twice::refused)
      : limits_(limits), largest_signed_(largest_signed), twice_(twice) {}

  bool null() { return put(Value()); }
  bool boolean(bool b) { return put(Value(b)); }
  bool number_integer(number_integer_t i) {
    if (i > largest_signed_) return refuse("an integer is smaller than -2^63");
    return put(Value(static_cast<std::int64_t>(i)));
  }
  bool number_unsigned(number_unsigned_t i) {
    if (i > static_cast<number_unsigned_t>(INT64_MAX)) return refuse("an integer is larger than 2^63-1");
    return put(Value(static_cast<std::int64_t>(i)));
  }
  bool number_float(number_float_t d, const string_t&) { return put(Value(d)); }
  bool string(string_t& s) { return put(Value(std::move(s))); }
  bool binary(binary_t& b) { return put(Value(Secret(std::string(b.begin(), b.end())))); }
  bool start_object(std::size_t) { return open(Value(Value::Map{})); }
  bool start_array(std::size_t) { return open(Value(Value::List{})); }
  bool end_object() { return close(); }
  bool end_array() { return close(); }
  bool key(string_t& k) {
    auto* map = stack_.back().value.as_map();
    if (twice_ == Twice::refused && map->contains(k))
      return refuse("the key \"" + k.substr(0, 80) + "\" stands twice in a map");
    stack_.back().key = std::move(k);
    return true;
  }
  bool parse_error(std::size_t position, const std::string&, const json::exception& e) {
    return refuse("byte " + std::to_string(position) + ": " + e.what());
  }

  Value result;
  std::string problem;

 private:
  struct Open {
    Value value;
    std::string key;
  };

  bool refuse(std::string why) {
    problem = std::move(why);
    return false;
  }
  bool open(Value container) {
    if (stack_.size() >= limits_.depth)
      return refuse("nested deeper than " + std::to_string(limits_.depth) + " levels");
    stack_.push_back({std::move(container), {}});
    return true;
  }
  bool close() {
    Value done = std::move(stack_.back().value);
    stack_.pop_back();
    return put(std::move(done));
  }
  bool put(Value value) {
    if (++values_ > limits_.values) return refuse("holds more than " + std::to_string(limits_.values) + " values");
    if (stack_.empty()) {
      result = std::move(value);
    } else if (auto* list = stack_.back().value.as_list()) {
      list->push_back(std::move(value));
    } else {
      stack_.back().value.as_map()->insert_or_assign(std::move(stack_.back().key), std::move(value));
    }
    return true;
  }

  DecodeLimits limits_;
  std::int64_t largest_signed_;
  Twice twice_;
  std::size_t values_ = 0;
  std::vector<Open> stack_;
};

}  // namespace

std::string to_cbor(const Value& value) {
  std::string out;
  json::to_cbor(to_tree(value, false), out);
  return out;
}

Result<Value> from_cbor(std::string_view bytes, DecodeLimits limits) {
  if (bytes.size() > limits.bytes)
    return failure("message", "is larger than " + std::to_string(limits.bytes) + " bytes");
  Builder builder(limits, -1);
  const bool read = json::sax_parse(bytes.begin(), bytes.end(), &builder, json::input_format_t::cbor, true) &&
                    builder.problem.empty();
  if (!read) return failure("message", "is not valid CBOR", builder.problem);
  return std::move(builder.result);
}

std::string to_json(const Value& value, int indent) {
  return to_tree(value, true).dump(indent, ' ', false, json::error_handler_t::replace);
}

Result<Value> from_json(std::string_view text, Twice twice) {
  Builder builder(DecodeLimits{}, 0, twice);  // -0 is one
  if (!json::sax_parse(text.begin(), text.end(), &builder) || !builder.problem.empty())
    return failure("json", "is not valid JSON", builder.problem);
  return std::move(builder.result);
}

}  // namespace wright
