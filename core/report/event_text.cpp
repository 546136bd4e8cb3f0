#include <fmt/format.h>

#include "report/progress.hpp"

namespace wright {
namespace {

std::string done_verb(const std::string& action) {
  if (action == "create") return "created";
  if (action == "update") return "changed";
  if (action == "remove") return "removed";
  if (action == "run") return "ran";
  if (action == "restart") return "restarted";
  if (action == "reload") return "reloaded";
  return "done";
}

std::string line_of(const Event& e, const Style& style, Colour colour, const std::string& word,
                    const std::string& text) {
  std::string out = style.paint(Colour::bold, safe(e.host)) + "  ";
  if (!word.empty()) out += style.paint(colour, word) + " ";
  out += safe(text);
  if (e.elapsed_ms > 0) out += style.paint(Colour::dim, "  " + duration(e.elapsed_ms));
  return out;
}

std::string step_text(const Event& e, const Style& style, bool verbose) {
  if (e.state == "done") return line_of(e, style, Colour::green, done_verb(e.action), e.subject);
  if (e.state == "undone") return line_of(e, style, Colour::yellow, "undone", e.subject);
  if (e.state == "failed")
    return line_of(e, style, Colour::red, "FAILED", e.subject + (e.text.empty() ? "" : ": " + e.text));
  return verbose ? line_of(e, style, Colour::dim, "started", e.subject) : "";
}

std::string probe_text(const Event& e, const Style& style, bool verbose) {
  if (e.state == "done") return line_of(e, style, Colour::green, "ok", e.subject);
  // Why is said once, by the diagnostic that ends the command.
  if (e.state == "failed") return line_of(e, style, Colour::red, "FAILED", e.subject);
  return verbose ? line_of(e, style, Colour::dim, "asking", e.subject) : "";
}

}  // namespace

std::string event_text(const Event& e, const Style& style, bool verbose) {
  if (e.event == "step") return step_text(e, style, verbose);
  if (e.event == "probe") return probe_text(e, style, verbose);
  if (e.event == "ready")
    return verbose ? line_of(e, style, Colour::green, "ready", e.subject.empty() ? e.component : e.subject) : "";
  if (e.event == "waiting")
    return e.state == "done" && !verbose ? "" : line_of(e, style, Colour::dim, "waiting for", e.subject);
  if (e.event == "phase") return verbose ? line_of(e, style, Colour::dim, e.subject, e.state) : "";
  if (e.event == "note") return line_of(e, style, Colour::yellow, "", e.text.empty() ? e.subject : e.text);
  if (e.event == "output") return verbose ? line_of(e, style, Colour::dim, "|", e.text) : "";
  return "";
}

}  // namespace wright
