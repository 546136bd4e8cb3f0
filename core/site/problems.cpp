#include "site/problems.hpp"

#include <algorithm>
#include <tuple>

#include "base/nearest.hpp"
#include "base/untrusted.hpp"

namespace wright {
namespace {

constexpr std::size_t most_problems = 100;

std::string printable(std::string text) { return Untrusted(std::move(text)).for_terminal(4096); }

}  // namespace

Problems::Problems(std::string path) : path_(std::move(path)) {}

void Problems::put(std::vector<Problem>& where, Position position, Diagnostic one) {
  one.fault = Fault::bad_site;
  one.where = printable(place(position));
  one.what = printable(std::move(one.what));
  one.why = printable(std::move(one.why));
  one.next = printable(std::move(one.next));
  where.push_back({position, std::move(one)});
}

void Problems::add(Position position, std::string what, std::string next, std::string why) {
  if (errors_.size() >= most_problems) {
    ++left_out_;
    return;
  }
  put(errors_, position, {Severity::error, Fault::bad_site, {}, std::move(what), std::move(why), std::move(next)});
}

void Problems::unknown(Position position, std::string what, std::string_view typed,
                       const std::vector<std::string>& known) {
  // The nearest name is looked for only when it will be shown: a hostile file has many wrong names and many known ones.
  add(position, std::move(what), errors_.size() < most_problems ? suggestion(typed, known) : std::string());
}

void Problems::warn(Position position, std::string what, std::string next) {
  if (warnings_.size() < most_problems)
    put(warnings_, position, {Severity::warning, Fault::bad_site, {}, std::move(what), {}, std::move(next)});
}

Diagnostics Problems::in_order(std::vector<Problem> problems) {
  std::stable_sort(problems.begin(), problems.end(), [](const Problem& a, const Problem& b) {
    return std::tie(a.position.line, a.position.column) < std::tie(b.position.line, b.position.column);
  });
  Diagnostics out;
  for (auto& problem : problems) out.add(std::move(problem.diagnostic));
  return out;
}

Diagnostics Problems::errors() const {
  Diagnostics out = in_order(errors_);
  if (left_out_ != 0)
    out.add({Severity::error, Fault::bad_site, printable(path_), std::to_string(left_out_) + " more problems", {}, {}});
  return out;
}

Diagnostics Problems::warnings() const { return in_order(warnings_); }

std::string Problems::place(Position position) const {
  return path_ + ":" + std::to_string(position.line) + ":" + std::to_string(position.column);
}

}  // namespace wright
