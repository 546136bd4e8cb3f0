#include "report/style.hpp"

#include <fmt/format.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <cstdlib>

#include "base/untrusted.hpp"

namespace wright {
namespace {

std::string_view code(Colour colour) {
  switch (colour) {
    case Colour::red:
      return "31";
    case Colour::green:
      return "32";
    case Colour::yellow:
      return "33";
    case Colour::cyan:
      return "36";
    case Colour::bold:
      return "1";
    case Colour::dim:
      return "2";
  }
  return "0";
}

bool is_set(const char* variable) {
  const char* value = std::getenv(variable);
  return value != nullptr && *value != '\0';
}

bool forced(const char* variable) { return is_set(variable) && std::string_view(std::getenv(variable)) != "0"; }

}  // namespace

std::string Style::paint(Colour colour, std::string_view text) const {
  if (!coloured_ || text.empty()) return std::string(text);
  return fmt::format("\x1b[{}m{}\x1b[0m", code(colour), text);
}

bool wants_colour(std::string_view choice, int fd) {
  if (choice == "always") return true;
  if (choice == "never" || is_set("NO_COLOR")) return false;
  if (forced("FORCE_COLOR") || forced("CLICOLOR_FORCE")) return true;
  const char* terminal = std::getenv("TERM");
  return ::isatty(fd) == 1 && terminal != nullptr && std::string_view(terminal) != "dumb";
}

std::size_t terminal_width(int fd) {
  if (const char* columns = std::getenv("COLUMNS")) {
    char* end = nullptr;
    const unsigned long wanted = std::strtoul(columns, &end, 10);
    if (end != columns && *end == '\0' && wanted >= 20 && wanted <= 1000) return wanted;
  }
  winsize size{};
  if (::ioctl(fd, TIOCGWINSZ, &size) == 0 && size.ws_col >= 20) return size.ws_col;
  return 80;
}

std::string safe(const std::string& text, bool lines) {
  std::string out = Untrusted(text).for_terminal();
  if (lines) return out;
  for (std::size_t at = 0; (at = out.find_first_of("\n\t", at)) != std::string::npos; at += 2)
    out.replace(at, 1, out[at] == '\n' ? "\\n" : "\\t");
  return out;
}

std::string fitted(const std::string& line, std::size_t columns) {
  std::size_t seen = 0;
  std::size_t cut = 0;
  for (std::size_t at = 0; at < line.size(); ++at) {
    if ((static_cast<unsigned char>(line[at]) & 0xC0) == 0x80) continue;  // inside a character
    if (seen + 1 == columns) cut = at;
    if (++seen > columns) return line.substr(0, cut) + "…";
  }
  return line;
}

std::string duration(std::int64_t milliseconds) {
  if (milliseconds < 1000) return fmt::format("{} ms", milliseconds);
  if (milliseconds < 60000) return fmt::format("{}.{} s", milliseconds / 1000, milliseconds % 1000 / 100);
  return fmt::format("{} min {} s", milliseconds / 60000, milliseconds % 60000 / 1000);
}

}  // namespace wright
