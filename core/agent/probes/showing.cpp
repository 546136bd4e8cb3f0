#include <vector>

#include "agent/probes/kinds_of_probe.hpp"
#include "base/untrusted.hpp"

namespace wright::agent {
namespace {

constexpr std::size_t longest_shown = 300;
/// A shorter secret cannot be told from ordinary text.
constexpr std::size_t shortest_secret = 4;

void collect_secrets(const Value& value, std::vector<std::string>& into) {
  if (const auto* secret = value.as_secret(); secret != nullptr && secret->reveal().size() >= shortest_secret)
    into.push_back(secret->reveal());
  if (const auto* list = value.as_list())
    for (const auto& item : *list) collect_secrets(item, into);
  if (const auto* map = value.as_map())
    for (const auto& [name, item] : *map) collect_secrets(item, into);
}

}  // namespace

const Value& attribute(const Probe& probe, std::string_view name) {
  static const Value none;
  const auto found = probe.attributes.find(name);
  return found == probe.attributes.end() ? none : found->second;
}

std::string without_secrets(const Probe& probe, std::string bytes) {
  std::vector<std::string> secrets;
  collect_secrets(Value(probe.attributes), secrets);
  for (const auto& secret : secrets)
    for (std::size_t at = 0; (at = bytes.find(secret, at)) != std::string::npos; at += 8)
      bytes.replace(at, secret.size(), "(secret)");
  return bytes;
}

std::string shown(const Probe& probe, std::string bytes) {
  if (bytes.empty()) return "nothing";
  bytes = without_secrets(probe, std::move(bytes));
  const bool longer = bytes.size() > longest_shown;
  std::string text = "\"" + Untrusted(std::move(bytes)).for_terminal(longest_shown) + "\"";
  return longer ? text + " and more" : text;
}

std::string shown_end(const Probe& probe, std::string bytes) {
  bytes = without_secrets(probe, std::move(bytes));
  if (bytes.size() <= longest_shown) return shown(probe, std::move(bytes));
  const std::string size = std::to_string(bytes.size());
  bytes.erase(0, bytes.size() - longest_shown);
  return size + " bytes that end with \"" + Untrusted(std::move(bytes)).for_terminal() + "\"";
}

}  // namespace wright::agent
