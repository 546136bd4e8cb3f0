#include "agent/packages/marks.hpp"

#include <algorithm>
#include <map>

namespace wright::agent::packages {
namespace {

std::string field(std::string_view paragraph, std::string_view name) {
  while (!paragraph.empty()) {
    const auto end = std::min(paragraph.find('\n'), paragraph.size());
    const auto line = paragraph.substr(0, end);
    paragraph.remove_prefix(std::min(end + 1, paragraph.size()));
    if (line.starts_with(name) && line.substr(name.size()).starts_with(": "))
      return std::string(line.substr(name.size() + 2));
  }
  return {};
}

/// Paragraphs by package, in the order of the keys, which is apt's too.
std::map<std::string, std::string> paragraphs_in(std::string_view text) {
  std::map<std::string, std::string> out;
  while (!text.empty()) {
    const auto end = std::min(text.find("\n\n"), text.size());
    auto paragraph = text.substr(0, end);
    text.remove_prefix(std::min(end + 2, text.size()));
    while (paragraph.ends_with('\n')) paragraph.remove_suffix(1);
    const std::string name = field(paragraph, "Package");
    if (!name.empty()) out[name + ":" + field(paragraph, "Architecture")] = paragraph;
  }
  return out;
}

}  // namespace

std::set<std::string> automatic_in(std::string_view extended_states) {
  std::set<std::string> out;
  for (const auto& [key, paragraph] : paragraphs_in(extended_states))
    if (field(paragraph, "Auto-Installed") == "1") out.insert(key);
  return out;
}

std::string marks_without_change(std::string_view before, std::string_view after, std::string_view now,
                                 const std::set<std::string>& gone) {
  const auto was = paragraphs_in(before);
  const auto became = paragraphs_in(after);
  auto is = paragraphs_in(now);
  for (const auto& key : gone) is.erase(key);
  const auto automatic = [](const std::map<std::string, std::string>& all, const std::string& key) {
    const auto found = all.find(key);
    return found != all.end() && field(found->second, "Auto-Installed") == "1";
  };
  for (const auto& [key, paragraph] : was)
    if (automatic(was, key) != automatic(became, key) && automatic(is, key) == automatic(became, key))
      is[key] = paragraph;
  for (const auto& [key, paragraph] : became)
    if (!was.contains(key) && !gone.contains(key) && automatic(is, key) == automatic(became, key)) is.erase(key);
  if (is == was) return std::string(before);
  std::string out;
  for (const auto& [key, paragraph] : is) out.append(paragraph).append("\n\n");
  return out;
}

}  // namespace wright::agent::packages
