#include "agent/resources/text_diff.hpp"

#include <algorithm>
#include <cstdint>
#include <dtl/dtl.hpp>
#include <unordered_map>
#include <vector>

namespace wright::agent {
namespace {

constexpr std::size_t lines_limit = 20000;
constexpr std::size_t diff_limit = 256U << 10U;
constexpr std::size_t context_lines = 3;

/// Each with its newline; the last one perhaps without.
std::vector<std::string_view> lines_of(std::string_view text) {
  std::vector<std::string_view> lines;
  while (!text.empty()) {
    const auto newline = text.find('\n');
    const auto length = newline == std::string_view::npos ? text.size() : newline + 1;
    lines.push_back(text.substr(0, length));
    text.remove_prefix(length);
  }
  return lines;
}

struct Edit {
  char sign = ' ';
  std::string_view line;
};

std::vector<Edit> edits_between(const std::vector<std::string_view>& before,
                                const std::vector<std::string_view>& after) {
  // Numbers for lines: dtl compares and copies them very often.
  std::unordered_map<std::string_view, int> numbers;
  std::vector<std::string_view> texts;
  auto numbered = [&](const std::vector<std::string_view>& lines) {
    std::vector<int> out;
    for (const auto line : lines) {
      const auto [found, fresh] = numbers.emplace(line, static_cast<int>(texts.size()));
      if (fresh) texts.push_back(line);
      out.push_back(found->second);
    }
    return out;
  };
  dtl::Diff<int, std::vector<int>> diff(numbered(before), numbered(after));
  diff.compose();
  std::vector<Edit> edits;
  for (const auto& [number, info] : diff.getSes().getSequence()) {
    const char sign = info.type == dtl::SES_ADD ? '+' : info.type == dtl::SES_DELETE ? '-' : ' ';
    edits.push_back({sign, texts[static_cast<std::size_t>(number)]});
  }
  return edits;
}

void add_line(std::string& out, const Edit& edit) {
  out += edit.sign;
  out += edit.line;
  if (!edit.line.ends_with('\n')) out += "\n\\ No newline at end of file\n";
}

std::string range(std::size_t start, std::size_t count) {
  return std::to_string(count == 0 ? start : start + 1) + (count == 1 ? "" : "," + std::to_string(count));
}

/// One hunk: edits [first, last), which start at these lines (from 0) of the two texts.
std::string hunk(const std::vector<Edit>& edits, std::size_t first, std::size_t last, std::size_t before,
                 std::size_t after) {
  std::size_t removed = 0;
  std::size_t added = 0;
  std::string body;
  for (std::size_t i = first; i < last; ++i) {
    removed += edits[i].sign != '+';
    added += edits[i].sign != '-';
    add_line(body, edits[i]);
  }
  return "@@ -" + range(before, removed) + " +" + range(after, added) + " @@\n" + body;
}

}  // namespace

bool is_binary(std::string_view content) {
  for (std::size_t i = 0; i < content.size();) {
    const auto byte = static_cast<unsigned char>(content[i]);
    const std::size_t length = byte == 0     ? 0
                               : byte < 0x80 ? 1
                               : byte < 0xC2 ? 0
                               : byte < 0xE0 ? 2
                               : byte < 0xF0 ? 3
                               : byte < 0xF5 ? 4
                                             : 0;
    if (length == 0 || i + length > content.size()) return true;
    for (std::size_t n = 1; n < length; ++n)
      if ((static_cast<unsigned char>(content[i + n]) & 0xC0U) != 0x80U) return true;
    i += length;
  }
  return false;
}

std::string unified_diff(std::string_view before, std::string_view after) {
  const auto old_lines = lines_of(before);
  const auto new_lines = lines_of(after);
  if (old_lines.size() + new_lines.size() > lines_limit)
    return "(" + std::to_string(old_lines.size()) + " lines become " + std::to_string(new_lines.size()) + ")\n";
  const auto edits = edits_between(old_lines, new_lines);
  std::string out;
  std::size_t old_line = 0;
  std::size_t new_line = 0;
  std::size_t at = 0;
  auto pass = [&](std::size_t until) {
    for (; at < until; ++at) {
      old_line += edits[at].sign != '+';
      new_line += edits[at].sign != '-';
    }
  };
  while (true) {
    std::size_t change = at;
    while (change < edits.size() && edits[change].sign == ' ') ++change;
    if (change == edits.size()) return out;
    pass(std::max(at, change - std::min(change, context_lines)));
    std::size_t end = change;  // after the last change of this hunk
    for (std::size_t i = change; i < edits.size() && i < end + 2 * context_lines + 1; ++i)
      if (edits[i].sign != ' ') end = i + 1;
    end = std::min(end + context_lines, edits.size());
    out += hunk(edits, at, end, old_line, new_line);
    if (out.size() > diff_limit) {
      out.resize(out.rfind('\n', diff_limit - 64) + 1);
      return out + "(the rest is left out)\n";
    }
    pass(end);
  }
}

}  // namespace wright::agent
