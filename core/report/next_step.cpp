#include "report/next_step.hpp"

#include <algorithm>
#include <array>
#include <string_view>

namespace wright {
namespace {

/// Those that read the site file.
constexpr std::array<std::string_view, 11> commands{"trust",   "plan",  "apply", "verify",  "rollback", "status",
                                                    "history", "facts", "lint",  "secrets", "graph"};

bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '-' || c == '_'; }

/// As a word of a shell.
std::string quoted(const std::string& word) {
  constexpr std::string_view plain = "/._-+:@%,=";
  const auto is_plain = [&](char c) { return is_letter(c) || (c >= '0' && c <= '9') || plain.find(c) != plain.npos; };
  if (!word.empty() && std::all_of(word.begin(), word.end(), is_plain)) return word;
  std::string out = "'";
  for (const char c : word) out += c == '\'' ? std::string("'\\''") : std::string(1, c);
  return out + "'";
}

bool begins_with_command(std::string_view text) {
  const auto end = std::find_if_not(text.begin(), text.end(), is_letter);
  const std::string_view word = text.substr(0, static_cast<std::size_t>(end - text.begin()));
  const bool asks_for_help = text.substr(word.size()).starts_with(" --help");
  return !asks_for_help && std::find(commands.begin(), commands.end(), word) != commands.end();
}

}  // namespace

std::string naming_site(const std::string& text, const std::string& site) {
  if (site.empty()) return text;
  constexpr std::string_view program = "wright ";
  std::string out;
  std::size_t done = 0;
  for (std::size_t at = text.find(program); at != std::string::npos; at = text.find(program, at + 1)) {
    const std::size_t end = at + program.size();
    const bool within_a_word = at != 0 && (is_letter(text[at - 1]) || text[at - 1] == '/');
    if (within_a_word || !begins_with_command(std::string_view(text).substr(end))) continue;
    out += text.substr(done, end - done) + "--site " + quoted(site) + " ";
    done = end;
  }
  return out + text.substr(done);
}

}  // namespace wright
