#include "report/plan_text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "model/encoding.hpp"

namespace wright {
namespace {

constexpr std::size_t longest_diff = 120;  // lines
constexpr std::size_t longest_value = 160;

struct Sign {
  std::string_view sign;
  Colour colour;
};

Sign sign_of(Action action) {
  switch (action) {
    case Action::create:
      return {"+", Colour::green};
    case Action::update:
      return {"~", Colour::yellow};
    case Action::remove:
      return {"-", Colour::red};
    case Action::run:
      return {">", Colour::cyan};
    case Action::restart:
      return {"-/+", Colour::yellow};
    case Action::reload:
      return {"~", Colour::yellow};
    case Action::none:
      return {" ", Colour::dim};
  }
  return {" ", Colour::dim};
}

std::string value_text(const std::string& attribute, const Value& value) {
  if (value.is_null()) return "(none)";
  if (value.has_secret()) return "(secret)";
  const bool is_mode = attribute == "mode" || attribute.ends_with("_mode");
  if (const auto* number = value.as_int(); number != nullptr && is_mode) return fmt::format("{:04o}", *number);
  std::string text = safe(to_json(value));
  if (text.size() <= longest_value) return text;
  return fmt::format("{} ({} bytes)", fitted(text, longest_value), text.size());
}

void add_diff(std::string& out, const std::string& diff, const Style& style, bool whole) {
  const std::string text = safe(diff, true);
  std::size_t lines = 0;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = std::min(text.find('\n', at), text.size());
    const std::string line = text.substr(at, end - at);
    at = end + 1;
    if (++lines > longest_diff && !whole) continue;
    const Style plain;
    const bool header = line.starts_with("---") || line.starts_with("+++");
    std::string painted = line;
    if (header)
      painted = style.paint(Colour::dim, line);
    else if (line.starts_with("+"))
      painted = style.paint(Colour::green, line);
    else if (line.starts_with("-"))
      painted = style.paint(Colour::red, line);
    else if (line.starts_with("@@"))
      painted = style.paint(Colour::cyan, line);
    out += "          " + painted + "\n";
  }
  if (lines > longest_diff && !whole)
    out += fmt::format("          ... {} more lines; --verbose shows them\n", lines - longest_diff);
}

void add_attribute(std::string& out, const Change& change, const AttributeChange& a, const Style& style, bool whole) {
  const std::string name = safe(a.name);
  if (a.secret || a.before.has_secret() || a.after.has_secret()) {
    out += fmt::format("        {}: (secret, changed)\n", name);
  } else if (!a.diff.empty()) {
    out += fmt::format("        {}:\n", name);
    add_diff(out, a.diff, style, whole);
  } else if (change.action == Action::create && a.before.is_null()) {
    out += fmt::format("        {}: {}\n", name, value_text(a.name, a.after));
  } else {
    out += fmt::format("        {}: {} → {}\n", name, value_text(a.name, a.before), value_text(a.name, a.after));
  }
}

/// What has to be read before a plan is agreed to.
std::vector<std::string> remarks_on(const Change& change) {
  std::vector<std::string> all = change.notes;
  if (!change.unseen.empty())
    all.push_back("cannot be seen now, and is looked at again when it is its turn: " + change.unseen);
  return all;
}

void add_change(std::string& out, const Change& change, const Style& style, bool whole) {
  const auto [sign, colour] = sign_of(change.action);
  std::string note;
  for (const auto& component : change.components) note += (note.empty() ? "" : ", ") + safe(component);
  if (change.action == Action::restart || change.action == Action::reload)
    note = std::string(name_of(change.action)) + (note.empty() ? "" : "; " + note);
  if (change.pruned) note += "; no longer in the site file";
  out += fmt::format("  {} {}{}\n", style.paint(colour, fmt::format("{:>3}", sign)), safe(to_string(change.id)),
                     note.empty() ? "" : style.paint(Colour::dim, "  (" + note + ")"));
  for (const auto& attribute : change.attributes) add_attribute(out, change, attribute, style, whole);
  for (const auto& text : remarks_on(change)) out += "        " + style.paint(Colour::yellow, "! " + safe(text)) + "\n";
}

std::string transaction_text(const TransactionInfo& t) {
  std::string components;
  for (const auto& name : t.components) components += (components.empty() ? "" : ", ") + safe(name);
  return fmt::format("{} ({} of {}{}{})", safe(t.id), safe(t.kind), safe(t.started), components.empty() ? "" : ": ",
                     components);
}

std::string by_kind(const std::vector<Plan>& plans, std::initializer_list<Action> actions) {
  std::map<std::string, int> counts;
  for (const auto& plan : plans)
    for (const auto& change : plan.changes)
      if (std::find(actions.begin(), actions.end(), change.action) != actions.end()) ++counts[change.id.kind];
  std::string out;
  for (const auto& [kind, count] : counts) out += fmt::format("{}{} {}", out.empty() ? "" : ", ", count, safe(kind));
  return out;
}

/// Removals one by one, for they are what must not be overlooked; the rest by kind.
void add_summary(std::string& out, const std::vector<Plan>& plans, const Style& style) {
  for (const auto& plan : plans)
    for (const auto& change : plan.changes)
      if (change.action == Action::remove)
        out += style.paint(change.conditional ? Colour::dim : Colour::red, "remove") +
               fmt::format("   {}  {}{}\n", safe(plan.host), safe(to_string(change.id)),
                           change.conditional ? "  (perhaps)" : "");
  const auto group = [&](Colour colour, std::string_view label, const std::string& kinds) {
    if (!kinds.empty()) out += style.paint(colour, fmt::format("{:<7}", label)) + "  " + kinds + "\n";
  };
  group(Colour::yellow, "change", by_kind(plans, {Action::update}));
  group(Colour::yellow, "restart", by_kind(plans, {Action::restart}));
  group(Colour::yellow, "reload", by_kind(plans, {Action::reload}));
  group(Colour::cyan, "run", by_kind(plans, {Action::run}));
  group(Colour::green, "create", by_kind(plans, {Action::create}));
}

void add_opening(std::string& out, const Plan& plan, const Style& style) {
  for (const auto& open : plan.interrupted)
    out += "  " +
           style.paint(
               Colour::yellow,
               "! transaction " + safe(open.id) + " of " + safe(open.started) +
                   (open.held_by.empty() ? " was interrupted; the next apply or rollback undoes it first"
                                         : " is at work there, so this is a host half way: " + safe(open.held_by))) +
           "\n";
  for (const auto& undone : plan.undoes) out += "  undoes " + transaction_text(undone) + "\n";
  for (const auto& warning : plan.warnings) out += "  " + style.paint(Colour::yellow, "! " + safe(warning)) + "\n";
}

}  // namespace

Totals totals_of(const std::vector<Plan>& plans) {
  Totals totals;
  for (const auto& plan : plans) {
    totals.unchanged += plan.unchanged;
    for (const auto& change : plan.changes) switch (change.action) {
        case Action::create:
          ++totals.create;
          break;
        case Action::update:
          ++totals.change;
          break;
        case Action::remove:
          ++(change.conditional ? totals.perhaps_remove : totals.remove);
          break;
        case Action::run:
          ++totals.run;
          break;
        case Action::restart:
          ++totals.restart;
          break;
        case Action::reload:
          ++totals.reload;
          break;
        case Action::none:
          ++totals.unchanged;
          break;
      }
  }
  return totals;
}

std::string totals_text(const Totals& t) {
  std::string more;
  if (t.perhaps_remove != 0) more += fmt::format("{} to remove if a package brings it, ", t.perhaps_remove);
  if (t.run != 0) more += fmt::format("{} to run, ", t.run);
  if (t.restart != 0) more += fmt::format("{} to restart, ", t.restart);
  if (t.reload != 0) more += fmt::format("{} to reload, ", t.reload);
  return fmt::format("Plan: {} to create, {} to change, {} to remove, {}{} unchanged.", t.create, t.change, t.remove,
                     more, t.unchanged);
}

namespace {

std::string summary(const std::vector<Plan>& plans, const Style& style) {
  std::string out;
  add_summary(out, plans, style);
  return out + style.paint(Colour::bold, totals_text(totals_of(plans))) + "\n";
}

}  // namespace

std::string plan_text(const std::vector<Plan>& plans, const Style& style, bool whole) {
  std::string out;
  for (const auto& plan : plans) {
    if (plan.changes.empty() && plan.warnings.empty() && plan.interrupted.empty() && plan.undoes.empty()) continue;
    out += style.paint(Colour::bold, safe(plan.host)) + "\n";
    add_opening(out, plan, style);
    for (const auto& change : plan.changes) add_change(out, change, style, whole);
    out += "\n";
  }
  return out + summary(plans, style);
}

std::string plan_summary(const std::vector<Plan>& plans, const Style& style) {
  std::string out;
  for (const auto& plan : plans) {
    std::string warnings;
    add_opening(warnings, plan, style);
    for (const auto& change : plan.changes)
      for (const auto& note : remarks_on(change))
        warnings += "  " + style.paint(Colour::yellow, "! " + safe(to_string(change.id)) + ": " + safe(note)) + "\n";
    if (!warnings.empty()) out += style.paint(Colour::bold, safe(plan.host)) + "\n" + warnings;
  }
  return out + summary(plans, style);
}

}  // namespace wright
