#include "agent/resources/before.hpp"
#include "agent/resources/kinds.hpp"
#include "agent/resources/program_output.hpp"
#include "agent/resources/scram.hpp"
#include "agent/resources/sql_database.hpp"
#include "agent/resources/sql_return.hpp"
#include "agent/resources/sql_server.hpp"
#include "agent/resources/stamps.hpp"
#include "base/sha256.hpp"

namespace wright::agent {
namespace {

constexpr std::string_view verifier_mark = "{verifier}";

SqlQuery query_of(const Value& attributes) {
  return {attributes["database"].text_or("postgres"), attributes["look"].text_or(""), !attributes["password"].is_null(),
          attributes["identity"].bool_or(false)};
}

/// `before` is whether the password is the wanted one, or why nothing is known.
Observed observed_from(const Value& attributes, const SqlSeen& seen, const std::string& why) {
  Observed observed;
  observed.exists = seen.there;
  if (!seen.known) observed.before = why;
  if (!seen.there) return observed;
  observed.state["state"] = seen.state;
  if (!seen.identity.empty()) observed.state["identity"] = seen.identity;
  if (!attributes["password"].is_null()) {
    observed.state["verifier"] = sha256_hex(seen.verifier);
    observed.before = is_scram_verifier_of(seen.verifier, attributes["password"].text_or(""));
  }
  return observed;
}

/// The identity in what was written down when it was made.
std::string identity_in(const std::string& making) { return making.substr(0, making.find('\n')); }

std::string replaced(std::string text, std::string_view mark, const std::string& by) {
  for (auto at = text.find(mark); at != std::string::npos; at = text.find(mark, at + by.size()))
    text.replace(at, mark.size(), by);
  return text;
}

std::string random_bytes(std::size_t size) {
  const std::string hex = random_hex(size);
  std::string out;
  for (std::size_t i = 0; i < size; ++i) out += static_cast<char>(std::stoi(hex.substr(2 * i, 2), nullptr, 16));
  return out;
}

class SqlKind : public Kind {
 public:
  Result<std::vector<Observed>> look(std::span<const Resource* const> resources, Context& context) override {
    std::vector<Observed> all(resources.size());
    std::vector<bool> done(resources.size(), false);
    for (std::size_t first = 0; first < resources.size(); ++first) {
      if (done[first]) continue;
      const SqlServer server(Value(resources[first]->attributes));
      std::vector<SqlQuery> queries;
      std::vector<std::size_t> places;
      for (std::size_t i = first; i < resources.size(); ++i) {
        const Value attributes(resources[i]->attributes);
        if (!(SqlServer(attributes) == server)) continue;
        queries.push_back(query_of(attributes));
        places.push_back(i);
      }
      std::string why;
      const auto seen = server.ask(queries, why, context);
      if (!seen) return failure(seen.error());
      for (std::size_t i = 0; i < places.size(); ++i) {
        done[places[i]] = true;
        auto& one = all[places[i]];
        one = observed_from(Value(resources[places[i]]->attributes), (*seen)[i], why);
        if (!one.state.contains("identity")) continue;
        const auto making = Stamps(context, resources[places[i]]->id).made();
        if (!making) return failure(making.error());
        if (!*making) continue;
        // One that was brought back is the same, though the server calls it another.
        if (Value(identity_in(**making)) == one.state["identity"])
          one.state.erase("identity");
        else
          one.state["made"] = identity_in(**making);
      }
    }
    return all;
  }

  Difference compare(const Resource& resource, const Observed& observed) const override {
    const Value attributes(resource.attributes);
    Difference difference;
    const Value state = Value(observed.state)["state"];
    if (attributes["wanted"].is_null()) {
      difference.unseen = observed.before.text_or("");
      if (!observed.exists && difference.unseen.empty()) return difference;
      difference.action = Action::remove;
      if (observed.exists) difference.attributes.push_back({"state", state, {}, {}, false});
      if (!attributes["dump"].is_null() && observed.exists)
        difference.notes.emplace_back("all that is in it goes: it is dumped to quarantine first, for a rollback");
      return difference;
    }
    if (state != attributes["wanted"])
      difference.attributes.push_back({"state", state, attributes["wanted"], {}, false});
    if (!attributes["password"].is_null() && !observed.before.bool_or(false))
      difference.attributes.push_back({"password", {}, {}, {}, true});
    const Value made = Value(observed.state)["made"];
    if (observed.exists && !made.is_null() && made != Value(observed.state)["identity"]) {
      difference.attributes.push_back({"identity", made, Value(observed.state)["identity"], {}, false});
      difference.notes.emplace_back("is not the one that wright made: what is done with it is done again");
    }
    if (!difference.attributes.empty()) difference.action = observed.exists ? Action::update : Action::create;
    difference.unseen = observed.before.text_or("");
    return difference;
  }

  Result<Value> prepare(std::span<const Item> items, Context& context) override {
    Value::Map undo;
    for (const auto& item : items) {
      const Value attributes(item.resource->attributes);
      // Journals of before may hold no query above 4 KiB: the removal is then final, and an apply with the site file
      // of before makes it again.
      if (attributes["look"].text_or("").empty()) continue;
      const auto seen = look_now(*item.resource, context);
      if (!seen) return failure(seen.error());
      Value::Map record{{"there", seen->there}, {"database", attributes["database"].text_or("postgres")}};
      record["statements"] = seen->there ? seen->restore : attributes["undo"].text_or("");
      if (const auto* dumped = attributes["dump"].as_string()) {
        record[seen->there ? "returns" : "dump"] = *dumped;
        if (auto noted = seen->there ? note_database(item, record, context) : Result<>(); !noted)
          return failure(noted.error());
      }
      record["transaction"] = context.transaction;
      for (const char* name : {"programs", "user", "port", "unit"})
        if (!attributes[name].is_null()) record[name] = attributes[name];
      if (attributes["identity"].bool_or(false)) {
        const auto making = Stamps(context, item.resource->id).made();
        if (!making) return failure(making.error());
        record["identity"] = true;
        if (seen->there) {
          record["was"] = seen->identity;
          record["look"] = attributes["look"];
        }
        if (*making) record["made"] = **making;
      }
      undo[item.resource->id.name] = std::move(record);
    }
    return Value(std::move(undo));
  }

  Result<Value> change(std::span<const Item> items, const Value& undo, Context& context) override {
    (void)undo;
    for (const auto& item : items) {
      auto changed = change_one(*item.resource, context);
      if (changed) changed = write_down_making(item, context);
      if (!changed) return failure(changed.error());
    }
    return Value(Value::Map{{"done", true}});
  }

  Result<std::map<ResourceId, std::vector<std::string>>> besides(std::span<const UndoRecord> reversals, bool prune,
                                                                 Context& context) override {
    (void)prune;
    (void)context;
    std::map<ResourceId, std::vector<std::string>> notes;
    for (const auto& reversal : reversals)
      for (const auto& id : reversal.ids)
        if (!reversal.undo[id.name]["dump"].is_null()) notes[id] = {"what is in it is dumped to quarantine first"};
    return notes;
  }

  Result<> undo(const UndoRecord& record, Context& context) override {
    Diagnostics problems;
    if (auto removed = remove_unfinished_dumps(context); !removed) problems.add(removed.error());
    for (auto id = record.ids.rbegin(); id != record.ids.rend(); ++id)
      if (const Value& before = record.undo[id->name]; !before.is_null()) {
        auto undone = undo_one(*id, before, context);
        if (undone && before["identity"].bool_or(false)) {
          const auto made = former_making(before, context);
          undone = made ? Stamps(context, *id).set_made(*made) : tl::unexpected(made.error());
        }
        if (!undone) problems.add(undone.error());
      }
    if (problems.has_errors()) return failure(problems);
    return {};
  }

  Result<std::vector<std::string>> missing(const UndoRecord& record, Context& context) override {
    std::vector<std::string> all;
    for (const auto& id : record.ids) {
      const Value& before = record.undo[id.name];
      if (before["returns"].is_null()) continue;
      const auto one = missing_for_return(id, SqlServer(before), before, context);
      if (!one) return failure(one.error());
      if (!one->empty()) all.push_back(*one);
    }
    return all;
  }

 private:
  static Result<SqlSeen> look_now(const Resource& resource, Context& context) {
    const Value attributes(resource.attributes);
    std::string why;
    const auto seen = SqlServer(attributes).ask({query_of(attributes)}, why, context);
    if (!seen) return failure(seen.error());
    if (!seen->front().known)
      return failure(to_string(resource.id), "the server did not answer what is there now",
                     why.empty() ? "its database is not there, or lets nobody in" : why,
                     "see that the server runs: journalctl -u 'postgresql*'");
    return seen->front();
  }

  /// What return_database() needs to know of what is there.
  static Result<> note_database(const Item& item, Value::Map& record, const Context& context) {
    const Value attributes(item.resource->attributes);
    const SqlServer server(attributes);
    const SqlDatabase database(server, attributes["dump"].text_or(""), item.resource->id);
    const auto seen = database.look(context);
    if (!seen) return failure(seen.error());
    record["drops"] = item.difference.action == Action::remove;
    if (!*seen) return {};
    const auto limit = database.limit_of_before(**seen, context);
    if (!limit) return failure(limit.error());
    record["limit"] = *limit;
    record["original"] = (*seen)->identity;
    return {};
  }

  Result<> change_one(const Resource& resource, Context& context) const {
    const Value attributes(resource.attributes);
    const auto before = look_now(resource, context);
    if (!before) return failure(before.error());
    if (compare(resource, observed_from(attributes, *before, {})).action == Action::none) return {};
    const std::string dropped = attributes["wanted"].is_null() ? attributes["dump"].text_or("") : std::string();
    const SqlServer server(attributes);
    const std::string verifier =
        attributes["password"].is_null() ? "" : scram_verifier(attributes["password"].text_or(""), random_bytes(16));
    const std::string database = attributes["database"].text_or("postgres");
    const std::string statements = replaced(attributes["change"].text_or(""), verifier_mark, "'" + verifier + "'");
    const auto finished = dropped.empty()
                              ? server.execute(database, statements, context)
                              : SqlDatabase(server, dropped, resource.id).drop_by(database, statements, context);
    if (!finished) return failure(finished.error());
    auto masked = texts_to_mask(attributes);
    masked.push_back(verifier);
    if (verifier.empty()) masked.pop_back();
    if (!finished->ok())
      return failure(to_string(resource.id), "the server refused a statement", shown_output(*finished, masked),
                     "put right what it says, then wright apply again");
    const auto now = look_now(resource, context);
    if (!now) return failure(now.error());
    const auto left = compare(resource, observed_from(attributes, *now, {}));
    if (left.action == Action::none) return {};
    return failure(to_string(resource.id), "the server took the statements, but the state is not the wanted one",
                   "it is \"" + now->state + "\", and \"" + attributes["wanted"].text_or("absent") + "\" is wanted",
                   "report this to the plugin's author");
  }

  /// What was there before wright, and what is only changed, was not made by it.
  static Result<> write_down_making(const Item& item, Context& context) {
    const Value attributes(item.resource->attributes);
    const Stamps stamps(context, item.resource->id);
    if (!attributes["identity"].bool_or(false) || attributes["wanted"].is_null()) return {};
    const auto before = stamps.made();
    if (!before) return failure(before.error());
    const auto now = look_now(*item.resource, context);
    if (!now) return failure(now.error());
    if (item.difference.action != Action::create && (!*before || identity_in(**before) == now->identity)) return {};
    return stamps.set_made(now->identity + "\n" + context.transaction);
  }

  /// What to remember of the making. What was brought back has another identity than what it is a copy of.
  static Result<std::optional<std::string>> former_making(const Value& before, Context& context) {
    const auto* made = before["made"].as_string();
    if (made == nullptr) return std::nullopt;
    if (before["was"].is_null() || identity_in(*made) != before["was"].text_or("")) return std::optional(*made);
    std::string why;
    const auto seen = SqlServer(before).ask({query_of(before)}, why, context);
    if (!seen) return failure(seen.error());
    if (!seen->front().there) return std::optional(*made);
    return std::optional(seen->front().identity + made->substr(identity_in(*made).size()));
  }

  static Result<> undo_one(const ResourceId& id, const Value& before, Context& context) {
    const std::string statements = before["statements"].text_or("");
    const SqlServer server(before);
    // Without its programs the server's data is gone too, to quarantine: that is the package's undo.
    if (statements.empty() || !server.is_installed()) return {};
    if (auto runs = make_run(id, server, before, context); !runs) return runs;
    if (!before["returns"].is_null()) return return_database(id, server, before, context);
    const std::string database = before["database"].text_or("postgres");
    const std::string dropped = before["dump"].text_or("");
    const auto finished = dropped.empty() ? server.execute(database, statements, context)
                                          : SqlDatabase(server, dropped, id).drop_by(database, statements, context);
    if (!finished) return failure(finished.error());
    if (finished->ok()) return {};
    return failure(to_string(id), "the server refused to take it back", shown_output(*finished, {}),
                   "put right what it says, then try again");
  }

  /// An apply that ended early may have left the server stopped.
  static Result<> make_run(const ResourceId& id, const SqlServer& server, const Value& before, Context& context) {
    std::string why;
    const auto seen = server.ask({{"postgres", "SELECT '', ''", false}}, why, context);
    if (!seen) return failure(seen.error());
    if (seen->front().known) return {};
    const std::string unit = before["unit"].text_or("");
    if (!unit.empty()) {
      Command start;
      start.argv = {"/bin/systemctl", "start", "--", unit};
      const auto started = run(start, context);
      if (!started) return failure(started.error());
      const auto again = server.ask({{"postgres", "SELECT '', ''", false}}, why, context);
      if (!again) return failure(again.error());
      if (again->front().known) return {};
    }
    return failure(to_string(id), "cannot be taken back, as the server does not answer", why,
                   "start it, then wright rollback again");
  }
};

}  // namespace

std::unique_ptr<Kind> make_sql_kind() { return std::make_unique<SqlKind>(); }

}  // namespace wright::agent
