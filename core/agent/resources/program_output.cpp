#include "agent/resources/program_output.hpp"

#include <algorithm>

#include "base/untrusted.hpp"

namespace wright::agent {
namespace {

constexpr std::size_t shortest_secret = 4;
constexpr std::size_t lines_shown = 15;
constexpr std::size_t bytes_shown = 4096;

void add(std::string_view text, std::vector<std::string>& into) {
  if (text.size() >= shortest_secret) into.emplace_back(text);
}

void add_parts(std::string_view secret, std::vector<std::string>& into) {
  add(secret, into);
  for (const char separator : {'\n', '\'', '"'}) {
    std::size_t start = 0;
    if (secret.find(separator) == std::string_view::npos) continue;
    while (start <= secret.size()) {
      const auto end = std::min(secret.find(separator, start), secret.size());
      std::string_view part = secret.substr(start, end - start);
      while (!part.empty() && part.back() == '\r') part.remove_suffix(1);
      add(part, into);
      start = end + 1;
    }
  }
}

void collect(const Value& value, std::vector<std::string>& into) {
  if (const auto* secret = value.as_secret()) add_parts(secret->reveal(), into);
  if (const auto* list = value.as_list())
    for (const auto& item : *list) collect(item, into);
  if (const auto* map = value.as_map())
    for (const auto& [name, item] : *map) collect(item, into);
}

/// Masked before it is cut, so that no cut leaves a part of a secret that is not known any more.
std::string last_of(std::string text, const std::vector<std::string>& secrets) {
  static constexpr std::string_view mask = "(secret)";
  for (const auto& secret : secrets)
    for (std::size_t at = 0; (at = text.find(secret, at)) != std::string::npos; at += mask.size())
      text.replace(at, secret.size(), mask);
  Finished masked;
  masked.out = std::move(text);
  std::string last = last_lines(masked, lines_shown);
  if (last.size() <= bytes_shown) return last;
  last.erase(0, last.size() - bytes_shown);
  return "..." + last;
}

}  // namespace

std::vector<std::string> texts_to_mask(const Value& value) {
  std::vector<std::string> texts;
  collect(value, texts);
  std::sort(texts.begin(), texts.end(), [](const std::string& a, const std::string& b) {
    return a.size() != b.size() ? a.size() > b.size() : a < b;
  });
  texts.erase(std::unique(texts.begin(), texts.end()), texts.end());
  return texts;
}

std::string shown_output(const Finished& finished, const std::vector<std::string>& secrets) {
  std::string text = last_of(finished.out, secrets);
  const std::string errors = last_of(finished.err, secrets);
  if (!text.empty() && !errors.empty()) text += "\n";
  text += errors;
  return Untrusted(std::move(text)).for_terminal();
}

std::string how_it_ended(const Finished& finished, std::chrono::milliseconds deadline) {
  if (finished.timed_out) {
    const auto ms = deadline.count();
    return "did not end in " + (ms % 1000 == 0 ? std::to_string(ms / 1000) + " s" : std::to_string(ms) + " ms");
  }
  if (finished.exit_code > 128) return "was killed by signal " + std::to_string(finished.exit_code - 128);
  return "ended with exit code " + std::to_string(finished.exit_code);
}

}  // namespace wright::agent
