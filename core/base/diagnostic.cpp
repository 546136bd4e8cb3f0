#include "base/diagnostic.hpp"

#include <algorithm>
#include <array>

namespace wright {
namespace {

constexpr std::array<std::pair<Fault, std::string_view>, 9> faults{{{Fault::failed, "failed"},
                                                                    {Fault::usage, "usage"},
                                                                    {Fault::bad_site, "bad_site"},
                                                                    {Fault::bad_plugin, "bad_plugin"},
                                                                    {Fault::unreachable, "unreachable"},
                                                                    {Fault::trust, "trust"},
                                                                    {Fault::locked, "locked"},
                                                                    {Fault::stale_plan, "stale_plan"},
                                                                    {Fault::interrupted, "interrupted"}}};

void append_indented(std::string& out, std::string_view label, std::string_view text) {
  if (text.empty()) return;
  out += "\n    ";
  out += label;
  for (char c : text) {
    out += c;
    if (c == '\n') out += "      ";
  }
}

}  // namespace

bool Diagnostics::has_errors() const {
  return std::any_of(items_.begin(), items_.end(), [](const auto& d) { return d.severity == Severity::error; });
}

std::string to_text(const Diagnostic& one) {
  std::string out;
  if (!one.where.empty()) out = one.where + ": ";
  out += name_of(one.severity);
  out += ": " + one.what;
  append_indented(out, "why: ", one.why);
  append_indented(out, "next: ", one.next);
  return out;
}

std::string to_text(const Diagnostics& all) {
  std::string out;
  for (const auto& one : all.items()) {
    if (!out.empty()) out += '\n';
    out += to_text(one);
  }
  return out;
}

std::string in_one_line(const Diagnostics& all) {
  if (all.empty()) return {};
  const Diagnostic& one = all.items().front();
  std::string out = (one.where.empty() ? "" : one.where + ": ") + one.what + (one.why.empty() ? "" : ": " + one.why);
  std::replace(out.begin(), out.end(), '\n', ' ');
  return out;
}

std::string_view name_of(Severity severity) {
  switch (severity) {
    case Severity::error:
      return "error";
    case Severity::warning:
      return "warning";
    case Severity::note:
      return "note";
  }
  return "error";
}

std::string_view name_of(Fault fault) {
  for (const auto& [value, name] : faults)
    if (value == fault) return name;
  return "failed";
}

Fault fault_named(std::string_view name) {
  for (const auto& [value, known] : faults)
    if (known == name) return value;
  return Fault::failed;
}

}  // namespace wright
