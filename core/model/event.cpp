#include "model/event.hpp"

#include "model/reading.hpp"

namespace wright {

Value to_value(const Diagnostic& one) {
  return Value::Map{{"severity", name_of(one.severity)},
                    {"fault", name_of(one.fault)},
                    {"where", one.where},
                    {"what", one.what},
                    {"why", one.why},
                    {"next", one.next}};
}

Value to_value(const Diagnostics& all) {
  Value::List out;
  for (const auto& one : all.items()) out.push_back(to_value(one));
  return out;
}

Result<Diagnostics> diagnostics_from(const Value& value) {
  const auto* list = value.as_list();
  if (list == nullptr) return failure("diagnostics", "is no list");
  Diagnostics out;
  for (const auto& item : *list) {
    Reading in(item, "diagnostic");
    Diagnostic one;
    const std::string severity = in.text("severity");
    one.severity = severity == "warning" ? Severity::warning : severity == "note" ? Severity::note : Severity::error;
    one.fault = fault_named(in.text("fault"));
    one.where = in.text("where");
    one.what = in.text("what");
    one.why = in.text("why");
    one.next = in.text("next");
    auto read = in.finish(std::move(one));
    if (!read) return failure(read.error());
    out.add(*read);
  }
  return out;
}

Value to_value(const Event& e) {
  return Value::Map{{"host", e.host},       {"event", e.event},   {"state", e.state}, {"component", e.component},
                    {"subject", e.subject}, {"action", e.action}, {"text", e.text},   {"elapsed_ms", e.elapsed_ms}};
}

Result<Event> event_from(const Value& value) {
  Reading in(value, "event");
  Event e;
  e.host = in.text("host");
  e.event = in.text("event");
  e.state = in.text("state");
  e.component = in.text("component");
  e.subject = in.text("subject");
  e.action = in.text("action");
  e.text = in.text("text");
  e.elapsed_ms = in.integer("elapsed_ms");
  return in.finish(std::move(e));
}

Value to_value(const Outcome& o) {
  return Value::Map{{"host", o.host},
                    {"state", o.state},
                    {"transaction", o.transaction},
                    {"changed", o.changed},
                    {"unchanged", o.unchanged},
                    {"elapsed_ms", o.elapsed_ms},
                    {"quarantined", o.quarantined},
                    {"kept", o.kept},
                    {"diagnostics", to_value(o.diagnostics)}};
}

Result<Outcome> outcome_from(const Value& value) {
  Reading in(value, "outcome");
  Outcome o;
  o.host = in.text("host");
  o.state = in.text("state");
  o.transaction = in.text("transaction");
  o.changed = in.integer("changed");
  o.unchanged = in.integer("unchanged");
  o.elapsed_ms = in.integer("elapsed_ms");
  o.quarantined = in.strings("quarantined");
  o.kept = in.strings("kept");
  if (auto d = diagnostics_from(in.any("diagnostics")))
    o.diagnostics = std::move(*d);
  else
    in.problem("diagnostics", "is no list of diagnostics");
  return in.finish(std::move(o));
}

}  // namespace wright
