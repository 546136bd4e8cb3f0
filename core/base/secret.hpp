#pragma once

#include <string>
#include <string_view>
#include <utility>

namespace wright {

/// Text that is never printed, logged or compared in the open. There is no operator<< and no formatter on purpose:
/// code that prints a secret does not compile. The bytes are wiped when the object goes.
class Secret {
 public:
  Secret() = default;
  explicit Secret(std::string text) : text_(std::move(text)) {}
  Secret(const Secret&) = default;
  Secret(Secret&&) noexcept = default;
  Secret& operator=(const Secret& other);
  Secret& operator=(Secret&& other) noexcept;
  ~Secret();

  /// The text itself, for the one place that hands it over. Borrowed from this object.
  [[nodiscard]] const std::string& reveal() const { return text_; }
  [[nodiscard]] bool empty() const { return text_.empty(); }

  friend bool operator==(const Secret& a, const Secret& b);

 private:
  std::string text_;
};

}  // namespace wright
