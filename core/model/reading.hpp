#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "model/value.hpp"

namespace wright {

/// Reads a message's map field by field. A missing or wrongly typed field is noted and reading goes on, so finish()
/// tells every problem at once. The value is borrowed and must outlive the Reading.
class Reading {
 public:
  Reading(const Value& value, std::string what);

  std::string text(std::string_view key);
  bool boolean(std::string_view key);
  std::int64_t integer(std::string_view key);
  std::vector<std::string> strings(std::string_view key);
  Value::Map map(std::string_view key);
  /// Any type; null when the field is not there.
  const Value& any(std::string_view key) const;
  /// Every element of a list through `convert`, collecting its problems.
  template <class T>
  std::vector<T> list(std::string_view key, const std::function<Result<T>(const Value&)>& convert) {
    std::vector<T> out;
    const auto* items = any(key).as_list();
    if (items == nullptr) {
      if (!any(key).is_null()) problem(key, "is not a list");
      return out;
    }
    for (const auto& item : *items) {
      auto one = convert(item);
      if (one)
        out.push_back(std::move(*one));
      else
        problems_.add(one.error());
    }
    return out;
  }

  void problem(std::string_view key, std::string_view what);
  template <class T>
  Result<T> finish(T value) {
    if (problems_.has_errors()) return failure(problems_);
    return value;
  }

 private:
  const Value& value_;
  std::string what_;
  Diagnostics problems_;
};

}  // namespace wright
