#pragma once

#include <string>
#include <utility>

namespace wright {

/// Well-formed, as the Unicode standard says it.
bool is_utf8(const std::string& text);

/// Bytes that a host sent: never a template, never configuration, never printed as they are.
class Untrusted {
 public:
  Untrusted() = default;
  explicit Untrusted(std::string bytes) : bytes_(std::move(bytes)) {}

  /// Valid UTF-8 without control characters other than newline and tab, and without what reorders text on the screen
  /// (each such byte becomes \xNN). Stops after `limit` bytes, at the end of a character.
  [[nodiscard]] std::string for_terminal(std::size_t limit = 64 * 1024) const;
  /// The bytes as sent, for code that treats them as data.
  [[nodiscard]] const std::string& bytes() const { return bytes_; }

 private:
  std::string bytes_;
};

}  // namespace wright
