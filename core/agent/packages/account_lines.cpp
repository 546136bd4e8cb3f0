#include "agent/packages/account_lines.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdint>
#include <map>

namespace wright::agent::packages {
namespace {

using Lines = std::vector<std::string_view>;

Lines lines_of(std::string_view text) {
  Lines out;
  while (!text.empty()) {
    const auto end = std::min(text.find('\n'), text.size());
    out.push_back(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return out;
}

std::string_view name_of(std::string_view line) { return line.substr(0, line.find(':')); }

std::vector<std::string_view> split(std::string_view text, char at) {
  std::vector<std::string_view> out;
  for (;;) {
    const auto end = text.find(at);
    out.push_back(text.substr(0, end));
    if (end == std::string_view::npos) return out;
    text.remove_prefix(end + 1);
  }
}

bool has(const std::vector<std::string_view>& items, std::string_view item) {
  return std::find(items.begin(), items.end(), item) != items.end();
}

/// A list of members without those that were added, and with those that were taken away.
std::string members_without(std::string_view before, std::string_view after, std::string_view now) {
  const auto old_members = split(before, ',');
  const auto new_members = split(after, ',');
  auto members = split(now, ',');
  std::erase_if(members,
                [&](std::string_view m) { return m.empty() || (has(new_members, m) && !has(old_members, m)); });
  for (const auto m : old_members)
    if (!m.empty() && !has(new_members, m) && !has(members, m)) members.push_back(m);
  std::string out;
  for (const auto m : members) out.append(out.empty() ? "" : ",").append(m);
  return out;
}

/// A line that the change altered and somebody else as well: each field by itself, the last one as a list of members.
std::string line_without(std::string_view before, std::string_view after, std::string_view now) {
  const auto was = split(before, ':');
  const auto became = split(after, ':');
  auto fields = split(now, ':');
  if (was.size() != fields.size() || became.size() != fields.size()) return std::string(now);
  std::string out;
  for (std::size_t i = 0; i < fields.size(); ++i) {
    if (i > 0) out += ':';
    if (fields[i] == became[i])
      out += was[i];
    else if (i + 1 == fields.size() && fields.size() == 4)
      out += members_without(was[i], became[i], fields[i]);
    else
      out += fields[i];
  }
  return out;
}

/// By name; of several lines with one name (subuid) each is its own.
std::map<std::string_view, Lines> by_name(const Lines& lines) {
  std::map<std::string_view, Lines> out;
  for (const auto line : lines) out[name_of(line)].push_back(line);
  return out;
}

}  // namespace

bool is_account_file(std::string_view path) {
  static constexpr std::array<std::string_view, 6> files{"/etc/passwd",  "/etc/group",  "/etc/shadow",
                                                         "/etc/gshadow", "/etc/subuid", "/etc/subgid"};
  return std::find(files.begin(), files.end(), path) != files.end();
}

std::string without_change(std::string_view before, std::string_view after, std::string_view now,
                           const std::set<std::string, std::less<>>& stay) {
  if (now == before || (now == after && stay.empty())) return std::string(before);
  const Lines before_lines = lines_of(before);
  const auto was = by_name(before_lines);
  const auto became = by_name(lines_of(after));
  const Lines now_lines = lines_of(now);
  const auto is = by_name(now_lines);
  std::vector<std::string> result;
  for (const auto line : now_lines) {
    const auto name = name_of(line);
    const auto old_lines = was.find(name);
    const auto new_lines = became.find(name);
    const bool ours = new_lines != became.end();
    if (old_lines == was.end()) {
      if (!ours || stay.contains(name)) result.emplace_back(line);
    } else if (has(old_lines->second, line) || !ours) {
      result.emplace_back(line);
    } else if (old_lines->second.size() == 1 && new_lines->second.size() == 1) {
      result.push_back(line_without(old_lines->second.front(), new_lines->second.front(), line));
    } else if (!has(new_lines->second, line)) {
      result.emplace_back(line);
    }
  }
  for (const auto line : before_lines) {
    const auto name = name_of(line);
    if (!became.contains(name) && !is.contains(name)) result.emplace_back(line);
  }
  // The same lines in another order are no difference that anybody made.
  std::vector<std::string> sorted = result;
  std::vector<std::string> sorted_before(before_lines.begin(), before_lines.end());
  std::sort(sorted.begin(), sorted.end());
  std::sort(sorted_before.begin(), sorted_before.end());
  if (sorted == sorted_before) return std::string(before);
  std::string out;
  for (const auto& line : result) out.append(line).push_back('\n');
  return out;
}

std::vector<AddedAccount> added_accounts(std::string_view before, std::string_view after) {
  const auto was = by_name(lines_of(before));
  std::vector<AddedAccount> out;
  for (const auto line : lines_of(after)) {
    const auto fields = split(line, ':');
    if (fields.size() < 3 || fields[0].empty() || was.contains(fields[0])) continue;
    AddedAccount account{std::string(fields[0]), 0};
    const auto [end, error] = std::from_chars(fields[2].data(), fields[2].data() + fields[2].size(), account.number);
    if (error == std::errc() && end == fields[2].data() + fields[2].size()) out.push_back(std::move(account));
  }
  return out;
}

}  // namespace wright::agent::packages
