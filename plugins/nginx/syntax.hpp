#pragma once

#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

namespace nginx {

/// A value as nginx reads it: bare when that is safe, else in double quotes with \ and " escaped. A "$" stays what it
/// is to nginx, a variable. Control characters were refused before (wright::is_line).
std::string quoted(std::string_view text);
/// "text/css", "application/*", or "*".
bool is_media_type(std::string_view text);
/// A token of RFC 9110.
bool is_header_name(std::string_view text);

/// What is wrong with directives that somebody else wrote, and in which of the lines.
struct Flaw {
  std::size_t line = 0;
  std::string what;  ///< empty when nothing is wrong
};
/// Each line must end a directive, or begin or end a block of these lines, so that nothing of it runs into what
/// follows. Whether nginx knows the directives is for `nginx -t` to say.
Flaw flaw_in(const std::vector<std::string>& lines);

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
