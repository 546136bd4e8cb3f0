#pragma once

#include <wright/plugin.h>

#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace wright {

/// Text that belongs only in the attributes that take it: no operator<<, no format(), no comparison. Not wiped; a phase
/// runs in a process of its own that ends with the run.
class Secret {
 public:
  Secret() = default;
  explicit Secret(std::string text) : text_(std::move(text)) {}
  /// The text itself, for building another secret from it.
  [[nodiscard]] const std::string& reveal() const { return text_; }
  [[nodiscard]] bool empty() const { return text_.empty(); }

 private:
  std::string text_;
};

/// A list of texts as a parameter: written {"a", "b"}, or any vector of strings.
class Strings {
 public:
  Strings(std::initializer_list<std::string_view> items) : items_(items.begin(), items.end()) {}
  Strings(const std::vector<std::string>& items) : items_(items) {}
  [[nodiscard]] const std::vector<std::string>& items() const { return items_; }

 private:
  std::vector<std::string> items_;
};

namespace detail {

inline wright_str borrow(std::string_view text) { return {text.data(), text.size()}; }
inline std::string_view view(wright_str text) { return {text.data, static_cast<std::size_t>(text.size)}; }
inline std::string copy(wright_str text) { return std::string(view(text)); }

inline std::vector<wright_str> borrow(const std::vector<std::string>& items) {
  std::vector<wright_str> out;
  out.reserve(items.size());
  for (const auto& item : items) out.push_back(borrow(item));
  return out;
}

}  // namespace detail
}  // namespace wright
