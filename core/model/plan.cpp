#include "model/plan.hpp"

#include <array>

#include "base/nearest.hpp"
#include "model/lists.hpp"
#include "model/reading.hpp"

namespace wright {
namespace {
constexpr std::array<std::string_view, 7> action_names{"none", "create",  "update", "remove",
                                                       "run",  "restart", "reload"};
}

std::string_view name_of(Action action) { return action_names[static_cast<std::size_t>(action)]; }

Result<Action> action_named(std::string_view name) {
  for (std::size_t i = 0; i < action_names.size(); ++i)
    if (action_names[i] == name) return static_cast<Action>(i);
  return failure("action", "\"" + std::string(name) + "\" is no action");
}

Value to_value(const AttributeChange& c) {
  return Value::Map{{"name", c.name}, {"before", c.before}, {"after", c.after}, {"diff", c.diff}, {"secret", c.secret}};
}

Result<AttributeChange> attribute_change_from(const Value& value) {
  Reading in(value, "attribute change");
  AttributeChange c;
  c.name = in.text("name");
  c.before = in.any("before");
  c.after = in.any("after");
  c.diff = in.text("diff");
  c.secret = in.boolean("secret");
  return in.finish(std::move(c));
}

Value to_value(const Change& c) {
  Value::Map out{{"id", to_string(c.id)},
                 {"components", c.components},
                 {"action", name_of(c.action)},
                 {"attributes", list_to_value(c.attributes)},
                 {"notes", c.notes},
                 {"pruned", c.pruned}};
  if (!c.unseen.empty()) out["unseen"] = c.unseen;
  if (c.conditional) out["conditional"] = true;
  return Value(std::move(out));
}

Result<Change> change_from(const Value& value) {
  Reading in(value, "change");
  Change c;
  if (auto id = parse_resource_id(in.text("id")))
    c.id = *id;
  else
    in.problem("id", "is not kind:name");
  c.components = in.strings("components");
  if (auto action = action_named(in.text("action")))
    c.action = *action;
  else
    in.problem("action", "is no action");
  c.attributes = in.list<AttributeChange>("attributes", attribute_change_from);
  c.notes = in.strings("notes");
  // Not there in the journals of hosts that wright wrote before it told these.
  if (!in.any("unseen").is_null()) c.unseen = in.text("unseen");
  if (!in.any("conditional").is_null()) c.conditional = in.boolean("conditional");
  c.pruned = in.boolean("pruned");
  return in.finish(std::move(c));
}

Value to_value(const TransactionInfo& t) {
  return Value::Map{
      {"id", t.id},           {"run", t.run},           {"state", t.state},           {"kind", t.kind},
      {"started", t.started}, {"finished", t.finished}, {"components", t.components}, {"changes", t.changes},
      {"note", t.note},       {"held_by", t.held_by}};
}

Result<TransactionInfo> transaction_info_from(const Value& value) {
  Reading in(value, "transaction");
  TransactionInfo t;
  t.id = in.text("id");
  t.run = in.text("run");
  t.state = in.text("state");
  t.kind = in.text("kind");
  t.started = in.text("started");
  t.finished = in.text("finished");
  t.components = in.strings("components");
  t.changes = in.integer("changes");
  t.note = in.text("note");
  // Not there in the journals of hosts that wright wrote before it told it.
  if (!in.any("held_by").is_null()) t.held_by = in.text("held_by");
  return in.finish(std::move(t));
}

Value to_value(const Plan& p) {
  Value::Map states;
  for (const auto& [id, digest] : p.states) states[id] = digest;
  return Value::Map{{"host", p.host},
                    {"changes", list_to_value(p.changes)},
                    {"unchanged", p.unchanged},
                    {"digest", p.digest},
                    {"states", std::move(states)},
                    {"warnings", p.warnings},
                    {"interrupted", list_to_value(p.interrupted)},
                    {"undoes", list_to_value(p.undoes)}};
}

Result<Plan> plan_from(const Value& value) {
  Reading in(value, "plan");
  Plan p;
  p.host = in.text("host");
  p.changes = in.list<Change>("changes", change_from);
  p.unchanged = in.integer("unchanged");
  p.digest = in.text("digest");
  for (const auto& [id, digest] : in.map("states")) p.states[id] = digest.text_or("");
  p.warnings = in.strings("warnings");
  p.interrupted = in.list<TransactionInfo>("interrupted", transaction_info_from);
  p.undoes = in.list<TransactionInfo>("undoes", transaction_info_from);
  return in.finish(std::move(p));
}

}  // namespace wright
