#include "site/nesting.hpp"

#include <vector>

namespace wright {
namespace {

/// Walks over bytes and counts lines, and columns in characters, as the parser's messages do.
class Cursor {
 public:
  explicit Cursor(std::string_view text) : text_(text) {
    if (text_.starts_with("\xEF\xBB\xBF")) text_.remove_prefix(3);
  }

  [[nodiscard]] bool at_end() const { return at_ >= text_.size(); }
  [[nodiscard]] bool sees(std::string_view what) const { return text_.substr(at_, what.size()) == what; }
  [[nodiscard]] char byte() const { return text_[at_]; }
  [[nodiscard]] Position position() const { return position_; }

  void skip(std::size_t bytes = 1) {
    for (; bytes > 0 && at_ < text_.size(); --bytes) {
      const char passed = text_[at_++];
      if (passed == '\n') {
        ++position_.line;
        position_.column = 1;
      } else if (at_ < text_.size() && (static_cast<unsigned char>(text_[at_]) & 0xC0U) != 0x80U) {
        ++position_.column;
      }
    }
  }

 private:
  std::string_view text_;
  std::size_t at_ = 0;
  Position position_{1, 1};
};

/// Passes a string of any of the four kinds; stops at the end of the line when a one-line string is not closed.
void skip_string(Cursor& cursor) {
  const char quote = cursor.byte();
  const std::string_view triple = quote == '"' ? R"(""")" : "'''";
  const bool many_lines = cursor.sees(triple);
  cursor.skip(many_lines ? 3 : 1);
  while (!cursor.at_end()) {
    if (quote == '"' && cursor.byte() == '\\') {
      cursor.skip();
      if (!cursor.at_end() && (many_lines || cursor.byte() != '\n')) cursor.skip();
    } else if (many_lines && cursor.sees(triple)) {
      cursor.skip(3);
      // Up to two quotes may stand right before the three that close it.
      for (int more = 0; more < 2 && !cursor.at_end() && cursor.byte() == quote; ++more) cursor.skip();
      return;
    } else if (!many_lines && (cursor.byte() == quote || cursor.byte() == '\n')) {
      if (cursor.byte() == quote) cursor.skip();
      return;
    } else {
      cursor.skip();
    }
  }
}

}  // namespace

std::optional<Position> nested_too_deep(std::string_view text) {
  Cursor cursor(text);
  std::vector<std::size_t> outer;  // dots before each open bracket
  std::size_t depth = 0;           // brackets and their dots
  std::size_t dots = 0;            // since the last bracket, comma or line
  while (!cursor.at_end()) {
    switch (cursor.byte()) {
      case '"':
      case '\'':
        skip_string(cursor);
        continue;
      case '#':
        while (!cursor.at_end() && cursor.byte() != '\n') cursor.skip();
        continue;
      case '[':
      case '{':
        outer.push_back(dots);
        depth += dots + 1;
        dots = 0;
        break;
      case ']':
      case '}':
        if (!outer.empty()) {
          dots = outer.back();
          depth -= dots + 1;
          outer.pop_back();
        }
        break;
      case '.':
        ++dots;
        break;
      case ',':
      case '\n':
        dots = 0;
        break;
      default:
        break;
    }
    if (depth + dots > deepest_nesting) return cursor.position();
    cursor.skip();
  }
  return std::nullopt;
}

std::optional<Position> reordered_text(std::string_view text) {
  if (text.find("\xE2\x80") == std::string_view::npos && text.find("\xE2\x81") == std::string_view::npos)
    return std::nullopt;
  for (Cursor cursor(text); !cursor.at_end(); cursor.skip()) {
    for (const std::string_view override_ :
         {"\xE2\x80\xAA", "\xE2\x80\xAB", "\xE2\x80\xAC", "\xE2\x80\xAD", "\xE2\x80\xAE", "\xE2\x81\xA6",
          "\xE2\x81\xA7", "\xE2\x81\xA8", "\xE2\x81\xA9"})
      if (cursor.sees(override_)) return cursor.position();
  }
  return std::nullopt;
}

}  // namespace wright
