#include "agent/probes/supervisor_login.hpp"

#include <map>
#include <sstream>

#include "agent/files/files.hpp"

namespace wright::agent {
namespace {

constexpr std::size_t longest_file = 1U << 20U;

std::string trimmed(const std::string& text) {
  const auto first = text.find_first_not_of(" \t\r");
  if (first == std::string::npos) return {};
  return text.substr(first, text.find_last_not_of(" \t\r") - first + 1);
}

/// A "%" stands twice in these files, as it expands.
std::string without_escapes(const std::string& text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    out += text[i];
    if (text[i] == '%' && i + 1 < text.size() && text[i + 1] == '%') ++i;
  }
  return out;
}

}  // namespace

std::string supervisor_login(const std::string& socket, const std::string& settings) {
  const auto text = read_file(settings, longest_file);
  if (!text) return {};
  std::map<std::string, std::string> found;
  std::istringstream lines(*text);
  bool mine = false;
  for (std::string line; std::getline(lines, line);) {
    if (line.starts_with('[')) mine = trimmed(line) == "[supervisorctl]";
    const auto sign = line.find('=');
    if (!mine || sign == std::string::npos || line.starts_with(';') || line.starts_with('#')) continue;
    found[trimmed(line.substr(0, sign))] = without_escapes(trimmed(line.substr(sign + 1)));
  }
  if (found["serverurl"] != "unix://" + socket || found["username"].empty()) return {};
  return found["username"] + ":" + found["password"];
}

}  // namespace wright::agent
