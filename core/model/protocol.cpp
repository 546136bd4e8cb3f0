#include "model/protocol.hpp"

#include "model/lists.hpp"
#include "model/reading.hpp"

namespace wright {
namespace {

Value typed(std::string_view type, Value::Map fields) {
  fields["type"] = type;
  return fields;
}

OwnedComponent owned_component(const Value& value) {
  return {value["name"].text_or(""), value["transaction"].text_or(""), value["resources"].strings()};
}

}  // namespace

std::string message_type(const Value& message) {
  const auto* type = message["type"].as_string();
  return type == nullptr ? std::string() : *type;
}

Value plain_message(std::string_view type) { return typed(type, {}); }

Value to_message(const Hello& h) {
  return typed("hello", {{"protocol", protocol_version},
                         {"site", h.site},
                         {"formerly", h.formerly},
                         {"run", h.run},
                         {"controller", h.controller},
                         {"site_key", h.site_key},
                         {"lock", h.lock},
                         {"lock_timeout_ms", h.lock_timeout_ms},
                         {"facts", h.facts}});
}

Result<Hello> hello_from(const Value& message) {
  Reading in(message, "hello");
  if (in.integer("protocol") != protocol_version) in.problem("protocol", "is not " + std::to_string(protocol_version));
  Hello h;
  h.site = in.text("site");
  h.formerly = in.strings("formerly");
  h.run = in.text("run");
  h.controller = in.text("controller");
  if (const auto* key = in.any("site_key").as_secret())
    h.site_key = *key;
  else
    in.problem("site_key", "is no secret");
  h.lock = in.boolean("lock");
  h.lock_timeout_ms = in.integer("lock_timeout_ms");
  h.facts = in.strings("facts");
  return in.finish(std::move(h));
}

Value to_message(const Welcome& w) {
  return typed("welcome", {{"protocol", w.protocol},
                           {"agent", w.agent},
                           {"facts", w.facts},
                           {"interrupted", list_to_value(w.interrupted)}});
}

Result<Welcome> welcome_from(const Value& message) {
  Reading in(message, "welcome");
  Welcome w;
  w.protocol = in.integer("protocol");
  w.agent = in.text("agent");
  w.facts = in.map("facts");
  w.interrupted = in.list<TransactionInfo>("interrupted", transaction_info_from);
  return in.finish(std::move(w));
}

Value to_message(const ApplyRequest& r) {
  Value::Map states;
  for (const auto& [id, digest] : r.states) states[id] = digest;
  return typed("apply", {{"catalog", to_value(r.catalog)},
                         {"digest", r.digest},
                         {"states", std::move(states)},
                         {"on_failure", r.on_failure}});
}

Result<ApplyRequest> apply_request_from(const Value& message) {
  Reading in(message, "apply");
  ApplyRequest r;
  auto catalog = catalog_from(in.any("catalog"));
  if (!catalog) return failure(catalog.error());
  r.catalog = std::move(*catalog);
  r.digest = in.text("digest");
  for (const auto& [id, digest] : in.map("states")) r.states[id] = digest.text_or("");
  r.on_failure = in.text("on_failure");
  return in.finish(std::move(r));
}

Value to_message(const VerifyRequest& r) {
  Value::Map units;
  for (const auto& [component, names] : r.units) units[component] = names;
  return typed("verify", {{"probes", list_to_value(r.probes)}, {"units", std::move(units)}});
}

Result<VerifyRequest> verify_request_from(const Value& message) {
  Reading in(message, "verify");
  VerifyRequest r;
  r.probes = in.list<Probe>("probes", probe_from);
  for (const auto& [component, names] : in.map("units")) r.units[component] = names.strings();
  return in.finish(std::move(r));
}

Value to_message(const RollbackRequest& r, std::string_view type) {
  return typed(type, {{"to", r.to}, {"run", r.run}, {"components", r.components}, {"digest", r.digest}});
}

Result<RollbackRequest> rollback_request_from(const Value& message) {
  Reading in(message, "rollback");
  RollbackRequest r;
  r.to = in.text("to");
  r.run = in.text("run");
  r.components = in.strings("components");
  r.digest = in.text("digest");
  return in.finish(std::move(r));
}

Value to_message(const StatusReport& s) {
  Value::List components;
  for (const auto& c : s.components)
    components.push_back(Value::Map{{"name", c.name}, {"transaction", c.transaction}, {"resources", c.resources}});
  return typed("status", {{"components", std::move(components)},
                          {"open", list_to_value(s.open)},
                          {"pending_restarts", s.pending_restarts},
                          {"quarantined", s.quarantined},
                          {"journal_bytes", s.journal_bytes}});
}

Result<StatusReport> status_report_from(const Value& message) {
  Reading in(message, "status");
  StatusReport s;
  s.components = in.list<OwnedComponent>("components",
                                         [](const Value& v) -> Result<OwnedComponent> { return owned_component(v); });
  s.open = in.list<TransactionInfo>("open", transaction_info_from);
  s.pending_restarts = in.strings("pending_restarts");
  s.quarantined = in.strings("quarantined");
  s.journal_bytes = in.integer("journal_bytes");
  return in.finish(std::move(s));
}

Value to_message(const Plan& plan) { return typed("plan", {{"plan", to_value(plan)}}); }
Value to_message(const Event& event) { return typed("event", {{"event", to_value(event)}}); }
Value to_message(const Outcome& outcome) { return typed("outcome", {{"outcome", to_value(outcome)}}); }
Value to_message(const Diagnostics& error) { return typed("error", {{"diagnostics", to_value(error)}}); }
Value plan_message(const Catalog& catalog) { return typed("plan", {{"catalog", to_value(catalog)}}); }
Value facts_request(const std::vector<std::string>& names) { return typed("facts", {{"names", names}}); }
Value facts_reply(const Value::Map& facts) { return typed("facts", {{"facts", facts}}); }
Value finish_message(bool commit) { return typed("finish", {{"commit", commit}}); }
Value release_message(const std::string& token) { return typed("release", {{"token", token}}); }
Value history_request(std::int64_t limit) { return typed("history", {{"limit", limit}}); }
Value history_reply(const std::vector<TransactionInfo>& transactions) {
  return typed("history", {{"transactions", list_to_value(transactions)}});
}

Result<Catalog> catalog_in(const Value& message) { return catalog_from(message["catalog"]); }
Result<Plan> plan_in(const Value& message) { return plan_from(message["plan"]); }
Result<Event> event_in(const Value& message) { return event_from(message["event"]); }
Result<Outcome> outcome_in(const Value& message) { return outcome_from(message["outcome"]); }
Result<Diagnostics> error_in(const Value& message) { return diagnostics_from(message["diagnostics"]); }

Result<std::vector<TransactionInfo>> history_in(const Value& message) {
  Reading in(message, "history");
  auto transactions = in.list<TransactionInfo>("transactions", transaction_info_from);
  return in.finish(std::move(transactions));
}

}  // namespace wright
