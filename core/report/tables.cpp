#include "report/tables.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "model/encoding.hpp"

namespace wright {
namespace {

std::size_t columns_of(const std::string& text) {
  return static_cast<std::size_t>(
      std::count_if(text.begin(), text.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; }));
}

Colour colour_of(const std::string& state) {
  if (state == "committed" || state == "unchanged" || state == "verified") return Colour::green;
  if (state == "rolled_back" || state == "stopped" || state == "refused") return Colour::yellow;
  return Colour::red;
}

std::string spoken(const std::string& state) {
  if (state == "rolled_back") return "rolled back";
  if (state == "verify_failed") return "verify failed";
  if (state == "incomplete") return "ROLLBACK INCOMPLETE";
  if (state == "lost") return "connection lost";
  return state;
}

void add_facts(std::string& out, const std::string& prefix, const Value::Map& facts) {
  for (const auto& [key, value] : facts) {
    const std::string path = prefix + "." + key;
    if (const auto* inner = value.as_map(); inner != nullptr && !inner->empty())
      add_facts(out, path, *inner);
    else
      out += fmt::format("{} = {}\n", safe(path), safe(to_json(value)));
  }
}

void add_indented(std::string& out, std::string_view label, const std::string& text, const Style& style) {
  if (text.empty()) return;
  out += "    " + style.paint(Colour::dim, label);
  for (const char c : safe(text, true)) {
    out += c;
    if (c == '\n') out += "      ";
  }
  out += "\n";
}

}  // namespace

std::string table(const std::vector<std::vector<std::string>>& rows, const Style& style) {
  std::vector<std::size_t> widths;
  std::vector<std::vector<std::string>> cells;
  for (const auto& row : rows) {
    cells.emplace_back();
    for (std::size_t i = 0; i < row.size(); ++i) {
      cells.back().push_back(safe(row[i]));
      if (widths.size() <= i) widths.push_back(0);
      widths[i] = std::max(widths[i], columns_of(cells.back().back()));
    }
  }
  std::string out;
  for (std::size_t r = 0; r < cells.size(); ++r) {
    std::string line;
    for (std::size_t i = 0; i < cells[r].size(); ++i) {
      line += cells[r][i];
      if (i + 1 < cells[r].size()) line.append(widths[i] - columns_of(cells[r][i]) + 2, ' ');
    }
    line.erase(line.find_last_not_of(' ') + 1);
    out += (r == 0 ? style.paint(Colour::dim, line) : line) + "\n";
  }
  return out;
}

std::string recap_text(const std::vector<Outcome>& outcomes, const Style& style) {
  std::vector<std::vector<std::string>> rows{{"host", "changed", "unchanged", "time", "transaction", "result"}};
  for (const auto& o : outcomes)
    rows.push_back({o.host, std::to_string(o.changed), std::to_string(o.unchanged), duration(o.elapsed_ms),
                    o.transaction, spoken(o.state)});
  std::string out = table(rows, style);
  if (style.coloured())
    for (const auto& o : outcomes) {
      // The result is the last column, so painting it moves nothing.
      const std::string plain = "  " + spoken(o.state) + "\n";
      if (const auto at = out.find(plain); at != std::string::npos)
        out.replace(at, plain.size(), "  " + style.paint(colour_of(o.state), spoken(o.state)) + "\n");
    }
  for (const auto& o : outcomes) {
    for (const auto& path : o.quarantined) out += fmt::format("{}: data moved aside: {}\n", safe(o.host), safe(path));
    for (const auto& line : o.kept) {
      const bool is_move = line.find(" -> ") != std::string::npos;
      out += fmt::format("{}: kept{}: {}\n", safe(o.host), is_move ? ", as wright did not write it" : "", safe(line));
    }
  }
  return out;
}

std::string verified_text(const std::vector<Outcome>& outcomes, const std::vector<Event>& events, const Style& style) {
  std::vector<std::vector<std::string>> rows{{"host", "passed", "failed", "time", "result"}};
  for (const auto& o : outcomes) {
    const auto count = [&](std::string_view state) {
      return std::to_string(std::count_if(events.begin(), events.end(), [&](const Event& e) {
        return e.host == o.host && e.event == "probe" && e.state == state;
      }));
    };
    rows.push_back({o.host, count("done"), count("failed"), duration(o.elapsed_ms), spoken(o.state)});
  }
  return table(rows, style);
}

std::string history_text(const std::string& host, const std::vector<TransactionInfo>& transactions,
                         const Style& style) {
  std::string out = style.paint(Colour::bold, safe(host)) + "\n";
  if (transactions.empty()) return out + "no transactions\n";
  std::vector<std::vector<std::string>> rows{
      {"transaction", "kind", "started", "finished", "changes", "components", "state"}};
  for (const auto& t : transactions) {
    std::string components;
    for (const auto& component : t.components) components += (components.empty() ? "" : ",") + component;
    rows.push_back({t.id, t.kind, t.started, t.finished, std::to_string(t.changes), components,
                    t.state + (t.note.empty() ? "" : ": " + t.note)});
  }
  return out + table(rows, style);
}

std::string status_text(const std::string& host, const StatusReport& report, const Style& style) {
  std::string out = style.paint(Colour::bold, safe(host)) + "\n";
  for (const auto& t : report.open)
    out += style.paint(Colour::red,
                       fmt::format("open transaction {} of {} ({})", safe(t.id), safe(t.started), safe(t.state))) +
           (t.held_by.empty() ? "; the next apply or rollback undoes it\n"
                              : "; at work there now: " + safe(t.held_by) + "\n");
  for (const auto& unit : report.pending_restarts)
    out += style.paint(Colour::yellow, "pending restart: " + safe(unit)) + "\n";
  if (report.components.empty()) {
    out += "wright owns nothing here\n";
  } else {
    std::vector<std::vector<std::string>> rows{{"component", "resources", "last changed by"}};
    for (const auto& c : report.components) rows.push_back({c.name, std::to_string(c.resources.size()), c.transaction});
    out += table(rows, style);
  }
  for (const auto& path : report.quarantined) out += "in quarantine: " + safe(path) + "\n";
  return out + fmt::format("journal: {} bytes\n", report.journal_bytes);
}

std::string facts_text(const std::string& host, const Value::Map& facts) {
  std::string out;
  add_facts(out, host, facts);
  return out;
}

std::string diagnostics_text(const Diagnostics& diagnostics, const Style& style) {
  std::string out;
  for (const auto& one : diagnostics.items()) {
    const Colour colour = one.severity == Severity::error ? Colour::red : Colour::yellow;
    if (!one.where.empty()) out += style.paint(Colour::bold, safe(one.where) + ":") + " ";
    out += style.paint(colour, std::string(name_of(one.severity)) + ":") + " " + safe(one.what) + "\n";
    add_indented(out, "why: ", one.why, style);
    add_indented(out, "next: ", one.next, style);
  }
  return out;
}

}  // namespace wright
