#pragma once

#include <string>
#include <string_view>

namespace wright {

enum class Colour { red, green, yellow, cyan, bold, dim };

/// Colours, or none. Whether to use them is decided once for each stream.
class Style {
 public:
  explicit Style(bool coloured = false) : coloured_(coloured) {}
  [[nodiscard]] std::string paint(Colour colour, std::string_view text) const;
  [[nodiscard]] bool coloured() const { return coloured_; }

 private:
  bool coloured_;
};

/// "always", "never", or "auto": then a terminal that is not dumb, unless NO_COLOR is set; FORCE_COLOR and
/// CLICOLOR_FORCE turn colours on.
bool wants_colour(std::string_view choice, int fd);

/// Columns of the terminal: COLUMNS, else what the terminal says, else 80.
std::size_t terminal_width(int fd);

/// Text that a host or a file gave, safe to print; on one line unless `lines`.
std::string safe(const std::string& text, bool lines = false);

/// At most `columns` characters of one line, "…" at the end when something was cut off.
std::string fitted(const std::string& line, std::size_t columns);

/// "870 ms", "4.2 s", "3 min 12 s".
std::string duration(std::int64_t milliseconds);

}  // namespace wright
