#include "base/nearest.hpp"

#include <algorithm>
#include <limits>

namespace wright {
namespace {

std::size_t distance(std::string_view a, std::string_view b) {
  std::vector<std::vector<std::size_t>> cost(a.size() + 1, std::vector<std::size_t>(b.size() + 1));
  for (std::size_t i = 0; i <= a.size(); ++i) cost[i][0] = i;
  for (std::size_t j = 0; j <= b.size(); ++j) cost[0][j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i)
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t other = a[i - 1] == b[j - 1] ? 0 : 1;
      cost[i][j] = std::min({cost[i - 1][j] + 1, cost[i][j - 1] + 1, cost[i - 1][j - 1] + other});
      if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
        cost[i][j] = std::min(cost[i][j], cost[i - 2][j - 2] + 1);
    }
  return cost[a.size()][b.size()];
}

}  // namespace

std::optional<std::string> nearest(std::string_view typed, const std::vector<std::string>& known) {
  constexpr std::size_t longest = 80;  // the table is quadratic, and names are short
  if (typed.size() > longest) return std::nullopt;
  std::size_t best = std::numeric_limits<std::size_t>::max();
  const std::string* found = nullptr;
  for (const auto& name : known) {
    if (name.size() > longest) continue;
    const std::size_t d = distance(typed, name);
    if (d < best) {
      best = d;
      found = &name;
    }
  }
  if (found == nullptr || best > std::max<std::size_t>(1, typed.size() / 3)) return std::nullopt;
  return *found;
}

std::string suggestion(std::string_view typed, const std::vector<std::string>& known) {
  if (auto name = nearest(typed, known)) return "did you mean \"" + *name + "\"?";
  if (known.empty()) return {};
  std::string out = "known: ";
  for (std::size_t i = 0; i < known.size(); ++i) {
    if (i != 0) out += ", ";
    if (i == 30) return out + "...";
    out += known[i];
  }
  return out;
}

}  // namespace wright
