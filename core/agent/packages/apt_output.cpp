#include "agent/packages/apt_output.hpp"

#include <algorithm>

namespace wright::agent::packages {
namespace {

std::string_view next_line(std::string_view& rest) {
  const auto end = std::min(rest.find('\n'), rest.size());
  const auto line = rest.substr(0, end);
  rest.remove_prefix(std::min(end + 1, rest.size()));
  return line;
}

std::string_view next_word(std::string_view& rest) {
  const auto first = std::min(rest.find_first_not_of(' '), rest.size());
  rest.remove_prefix(first);
  const auto out = rest.substr(0, rest.find(' '));
  rest.remove_prefix(out.size());
  return out;
}

/// What stands between the first `open` and the next `close`; empty when there is no such pair.
std::string_view between(std::string_view text, char open, char close) {
  const auto first = text.find(open);
  if (first == std::string_view::npos) return {};
  const auto last = text.find(close, first + 1);
  return last == std::string_view::npos ? std::string_view() : text.substr(first + 1, last - first - 1);
}

/// Takes what stands between quotes after `before`, when the line has that.
bool quoted_after(std::string_view& line, std::string_view before, std::string& out) {
  const auto at = line.find(before);
  if (at == std::string_view::npos) return false;
  line.remove_prefix(at + before.size());
  const auto end = line.find('\'');
  if (end == std::string_view::npos) return false;
  out = line.substr(0, end);
  line.remove_prefix(end + 1);
  return true;
}

/// "Inst NAME [OLD] (NEW ORIGIN [ARCHITECTURE]) [...]"
void read_installation(std::string_view name, std::string_view rest, const Database& before, Moves& out) {
  const auto parenthesis = rest.find('(');
  if (parenthesis == std::string_view::npos) return;
  const std::string old(between(rest.substr(0, parenthesis), '[', ']'));
  std::string_view inside = between(rest.substr(parenthesis), '(', ')');
  const std::string version(next_word(inside));
  const auto bracket = inside.rfind('[');
  if (!is_version(version) || bracket == std::string_view::npos) return;
  const std::string architecture(between(inside.substr(bracket), '[', ']'));
  const std::string key = std::string(name.substr(0, name.find(':'))) + ":" + architecture;
  if (!is_package_name(key)) return;
  if (old.empty()) {
    out.installed[key] = version;
    return;
  }
  // A package may turn from one architecture to "all" and back: then the old one goes.
  const Package* was = before.find(name);
  if (was != nullptr && was->architecture != architecture &&
      before.packages().contains(was->name + ":" + was->architecture)) {
    out.removed[was->name + ":" + was->architecture] = was->version;
    out.installed[key] = version;
  } else {
    out.upgraded[key] = {old, version};
  }
}

}  // namespace

Moves moves_in(std::string_view output, const Database& before) {
  Moves out;
  while (!output.empty()) {
    auto line = next_line(output);
    const auto verb = next_word(line);
    if (verb != "Inst" && verb != "Remv" && verb != "Purg") continue;
    const auto name = next_word(line);
    if (!is_package_name(name)) continue;
    if (verb == "Inst") {
      read_installation(name, line, before, out);
    } else if (const Package* p = before.find(name)) {
      out.removed[p->name + ":" + p->architecture] = p->version;
    }
  }
  // apt shows what is removed and installed again in one go as both.
  for (const auto& [key, version] : out.installed)
    if (const auto gone = out.removed.find(key); gone != out.removed.end()) {
      out.upgraded[key] = {gone->second, version};
      out.removed.erase(gone);
    }
  for (const auto& [key, move] : out.upgraded) out.installed.erase(key);
  return out;
}

Missing missing_in(std::string_view errors) {
  Missing out;
  while (!errors.empty()) {
    auto line = next_line(errors);
    if (!line.starts_with("E: ")) continue;
    std::string first;
    std::string second;
    constexpr std::string_view unable = "E: Unable to locate package ";
    if (line.starts_with(unable)) {
      out.packages.emplace_back(line.substr(unable.size()));
    } else if (quoted_after(line, "E: Version '", first) && quoted_after(line, "for '", second)) {
      out.versions[second] = first;
    } else if (quoted_after(line, "E: Package '", first)) {
      out.candidates.push_back(first);
    }
  }
  return out;
}

std::vector<std::string> without_source_in(std::string_view errors) {
  const Missing missing = missing_in(errors);
  std::vector<std::string> out = missing.packages;
  out.insert(out.end(), missing.candidates.begin(), missing.candidates.end());
  for (const auto& [name, version] : missing.versions) out.push_back(name);
  while (!errors.empty()) {
    auto line = next_line(errors);
    std::string version;
    std::string name;
    if (quoted_after(line, "E: Can't find a source to download version '", version) &&
        quoted_after(line, " of '", name))
      out.push_back(std::move(name));
  }
  return out;
}

std::set<std::string> digests_in(std::string_view show) {
  constexpr std::string_view head = "SHA256: ";
  std::set<std::string> out;
  while (!show.empty()) {
    const auto line = next_line(show);
    if (line.starts_with(head)) out.emplace(line.substr(head.size()));
  }
  return out;
}

std::vector<std::string> versions_in(std::string_view madison) {
  std::vector<std::string> out;
  while (!madison.empty()) {
    auto line = next_line(madison);
    const auto bar = line.find('|');
    if (bar == std::string_view::npos) continue;
    line.remove_prefix(bar + 1);
    std::string version(next_word(line));
    if (is_version(version) && std::find(out.begin(), out.end(), version) == out.end())
      out.push_back(std::move(version));
  }
  return out;
}

std::map<std::string, std::string> candidates_in(std::string_view policy) {
  constexpr std::string_view mark = "  Candidate: ";
  std::map<std::string, std::string> out;
  std::string package;
  while (!policy.empty()) {
    const auto line = next_line(policy);
    if (!line.starts_with(' ') && line.ends_with(':')) package = line.substr(0, line.size() - 1);
    if (!line.starts_with(mark)) continue;
    std::string version(line.substr(mark.size()));
    if (is_package_name(package) && is_version(version)) out[package] = std::move(version);
  }
  return out;
}

std::vector<std::string> providers_in(std::string_view output, std::string_view package) {
  std::vector<std::string> out;
  const std::string head = "Package " + std::string(package) + " is a virtual package provided by:";
  bool inside = false;
  while (!output.empty()) {
    auto line = next_line(output);
    if (line.starts_with(head)) {
      inside = true;
    } else if (inside && line.starts_with("  ")) {
      std::string name(next_word(line));
      if (is_package_name(name)) out.push_back(std::move(name));
    } else {
      inside = false;
    }
  }
  return out;
}

}  // namespace wright::agent::packages
