#pragma once

#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

namespace nginx {

/// A value as nginx reads it: bare when that is safe, else in double quotes with \ and " escaped. A "$" stays what it
/// is to nginx, a variable. Control characters were refused before (is_line).
std::string quoted(std::string_view text);
/// True when the text holds no control character, so that it cannot begin a line of its own.
bool is_line(std::string_view text);

/// nginx configuration text, indented by its blocks.
class Text {
 public:
  /// A directive with quoted arguments.
  void directive(std::string_view name, const std::vector<std::string>& arguments);
  void directive(std::string_view name, std::string_view argument) {
    directive(name, std::vector<std::string>{std::string(argument)});
  }
  /// A line as it is, for syntax that quoting would break.
  void line(std::string_view text);
  void open(std::string_view head);
  void close();
  [[nodiscard]] const std::string& text() const { return text_; }

 private:
  std::string text_ = "# Written by wright. Hand edits are reported by `wright plan` and replaced by the next apply.\n";
  std::size_t depth_ = 0;
};

}  // namespace nginx
