#pragma once

#include <wright/host.hpp>

#include <cstdint>
#include <map>
#include <string>
#include <utility>
#include <vector>

namespace wright {

/// Something known about the host, or that it is known not to be there. Used only in the phase it was given to.
class Fact {
 public:
  Fact(const wright_host* host, const wright_value* value, std::string name)
      : host_(host), value_(value), name_(std::move(name)) {}

  /// The host was asked and has no such thing.
  [[nodiscard]] bool absent() const { return value_ == nullptr || host_->value_type(value_) == WRIGHT_TYPE_NULL; }

  /// Each throws HostError when the fact is absent or of another type.
  [[nodiscard]] std::string text() const { return detail::copy(get<wright_str>(host_->value_str, "a text")); }
  [[nodiscard]] std::int64_t integer() const { return get<std::int64_t>(host_->value_int, "an integer"); }
  [[nodiscard]] double number() const { return get<double>(host_->value_number, "a number"); }
  [[nodiscard]] bool boolean() const { return get<std::int32_t>(host_->value_bool, "a boolean") != 0; }
  [[nodiscard]] std::vector<Fact> list() const {
    if (type() != WRIGHT_TYPE_LIST) wrong("a list");
    std::vector<Fact> out;
    for (std::uint64_t i = 0; i < host_->value_size(value_); ++i)
      out.emplace_back(host_, host_->value_at(value_, i), name_ + "[" + std::to_string(i) + "]");
    return out;
  }
  [[nodiscard]] std::vector<std::string> texts() const {
    std::vector<std::string> out;
    for (const auto& item : list()) out.push_back(item.text());
    return out;
  }
  [[nodiscard]] std::map<std::string, Fact> table() const {
    if (type() != WRIGHT_TYPE_TABLE) wrong("a table");
    std::map<std::string, Fact> out;
    for (std::uint64_t i = 0; i < host_->value_size(value_); ++i) {
      const std::string key = detail::copy(host_->value_key(value_, i));
      out.emplace(key, Fact(host_, host_->value_at(value_, i), name_ + "." + key));
    }
    return out;
  }

  /// The value, or `otherwise` when the fact is absent.
  [[nodiscard]] std::string text_or(std::string otherwise) const { return absent() ? std::move(otherwise) : text(); }
  [[nodiscard]] std::int64_t integer_or(std::int64_t otherwise) const { return absent() ? otherwise : integer(); }
  [[nodiscard]] bool boolean_or(bool otherwise) const { return absent() ? otherwise : boolean(); }

 private:
  [[nodiscard]] std::int32_t type() const { return value_ == nullptr ? WRIGHT_TYPE_NULL : host_->value_type(value_); }
  [[noreturn]] void wrong(const char* wanted) const {
    throw HostError("the fact " + name_ + (absent() ? " is not known on this host; " : " is not what was expected: ") +
                    wanted + " is needed");
  }
  template <class T>
  T get(std::int32_t (*read)(const wright_value*, T*), const char* wanted) const {
    T out{};
    if (value_ == nullptr || read(value_, &out) != WRIGHT_OK) wrong(wanted);
    return out;
  }

  const wright_host* host_;
  const wright_value* value_;
  std::string name_;
};

}  // namespace wright
