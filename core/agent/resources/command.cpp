#include <algorithm>
#include <map>
#include <set>

#include "agent/files/files.hpp"
#include "agent/process/process.hpp"
#include "agent/resources/before.hpp"
#include "agent/resources/command_made.hpp"
#include "agent/resources/kinds.hpp"
#include "agent/resources/program_output.hpp"
#include "agent/resources/stamps.hpp"
#include "base/sha256.hpp"

namespace wright::agent {
namespace {

constexpr std::int64_t usual_timeout_ms = 300000;
/// A guard is run for each plan; one that hangs must not hold it up for as long as the command itself may take.
constexpr std::int64_t guard_timeout_ms = 60000;

constexpr std::string_view with = "\nwith ";  ///< begins what a stamp says of another resource

bool has(const Resource& resource, std::string_view name) { return resource.attributes.contains(name); }

const Value& attribute(const Resource& resource, std::string_view name) {
  static const Value none;
  const auto found = resource.attributes.find(name);
  return found == resource.attributes.end() ? none : found->second;
}

bool was_interrupted(const Diagnostics& problems) {
  return std::any_of(problems.items().begin(), problems.items().end(),
                     [](const Diagnostic& one) { return one.fault == Fault::interrupted; });
}

/// What is kept of a stamp: a secret one only as its digest, in a folder of root's alone; and what it was done with.
Result<std::string> kept_stamp(const Resource& resource, const Context& context) {
  const auto* secret = attribute(resource, "stamp").as_secret();
  std::string kept = secret == nullptr ? text_attribute(resource, "stamp") : "sha256 " + sha256_hex(secret->reveal());
  for (const auto& name : attribute(resource, "anew_with").strings()) {
    const auto id = parse_resource_id(name);
    if (!id) return failure(id.error());
    const auto making = Stamps(context, *id).made();
    if (!making) return failure(making.error());
    // The transaction says which making it was; what a rollback brought back is the same, though the server calls it
    // another.
    if (*making)
      kept += std::string(with) + name + " " + (*making)->substr(std::min((*making)->find('\n'), (*making)->size()));
  }
  return kept;
}

/// Without what it says of others.
std::string own_part(const std::string& stamp) { return stamp.substr(0, stamp.find(with)); }

Value stamp_of(const Observed& observed) {
  const auto stamp = observed.state.find("stamp");
  return stamp == observed.state.end() ? Value() : Value(own_part(stamp->second.text_or("")));
}

/// What the command, its guard and its undo have in common: user, directory, environment, deadline.
Command surroundings(const Value& attributes) {
  Command command;
  command.user = attributes["user"].text_or("");
  command.directory = attributes["directory"].text_or("/");
  command.timeout = std::chrono::milliseconds(attributes["timeout_ms"].int_or(usual_timeout_ms));
  if (const auto* variables = attributes["environment"].as_map())
    for (const auto& [name, value] : *variables) command.environment[name] = value.text_or("");
  return command;
}

/// The variables that may be kept: a journal holds no secrets, and so no undo has them.
Value without_secrets(const Value& variables) {
  Value::Map kept;
  if (const auto* all = variables.as_map())
    for (const auto& [name, value] : *all)
      if (!value.has_secret()) kept[name] = value;
  return Value(std::move(kept));
}

class CommandKind : public Kind {
 public:
  [[nodiscard]] Keeping keeping() const override { return Keeping::nothing; }

  Result<std::vector<Observed>> look(std::span<const Resource* const> resources, Context& context) override {
    std::vector<Observed> all;
    Diagnostics problems;
    for (const auto* resource : resources) {
      auto one = look_at_one(*resource, context);
      if (one)
        all.push_back(std::move(*one));
      else
        problems.add(one.error());
    }
    if (problems.has_errors()) return failure(problems);
    return all;
  }

  Difference compare(const Resource& resource, const Observed& observed) const override {
    Difference difference;
    if (observed.exists) return difference;
    difference.action = Action::run;
    difference.attributes.push_back({"argv", {}, attribute(resource, "argv"), {}, false});
    if (attribute(resource, "stamp").as_secret() != nullptr)
      difference.attributes.push_back({"stamp", {}, {}, {}, true});
    else if (has(resource, "stamp"))
      difference.attributes.push_back({"stamp", stamp_of(observed), attribute(resource, "stamp"), {}, false});
    if (Value(observed.state)["anew"].bool_or(false))
      difference.notes.emplace_back("what it was done with was made anew since");
    if (attribute(resource, "irreversible").bool_or(false)) difference.notes.emplace_back("cannot be taken back");
    return difference;
  }

  Result<Value> prepare(std::span<const Item> items, Context& context) override {
    Value::Map undo;
    for (const auto& item : items) {
      const Resource& resource = *item.resource;
      Value::Map record;
      if (has(resource, "undo")) {
        for (const char* name : {"undo", "makes", "user", "directory", "timeout_ms"})
          if (has(resource, name)) record[name] = attribute(resource, name);
        record["environment"] = without_secrets(attribute(resource, "environment"));
        record["again"] = can_be_run_again(resource);
      }
      record["transaction"] = context.transaction;
      if (has(resource, "stamp")) {
        auto before = Stamps(context, resource.id).done_for();
        if (!before) return failure(before.error());
        record["stamped"] = true;
        if (*before) record["stamp"] = std::move(**before);
      }
      undo[resource.id.name] = std::move(record);
    }
    return Value(std::move(undo));
  }

  /// What a command made is moved aside rather than undone, so that it can come back; where nobody says what that is,
  /// the command is run again.
  Result<Value> prepare_prune(std::span<const Item> items, std::span<const UndoRecord> reversals,
                              Context& context) override {
    auto prepared = prepare(items, context);
    if (!prepared) return prepared;
    for (const auto& item : items) {
      Value& record = (*prepared->as_map())[item.resource->id.name];
      Value::Map& fields = *record.as_map();
      // The journal knows no stamp that was made of secrets, but what was done for one can be told.
      auto stamp = Stamps(context, item.resource->id).done_for();
      if (!stamp) return failure(stamp.error());
      if (*stamp) {
        fields["stamped"] = true;
        fields["stamp"] = std::move(**stamp);
      }
      const auto made = made_by_commands(item.resource->id, reversals);
      if (!made.empty())
        fields["aside"] = Value(made);
      else if (is_run_again(item.resource->id, reversals))
        for (const char* name : {"argv", "creates", "unless"})
          if (has(*item.resource, name)) fields[name] = attribute(*item.resource, name);
    }
    return prepared;
  }

  Result<std::map<ResourceId, std::vector<std::string>>> besides(std::span<const UndoRecord> reversals, bool prune,
                                                                 Context& context) override {
    (void)context;
    std::map<ResourceId, std::vector<std::string>> notes;
    std::set<ResourceId> ids;
    for (const auto& reversal : reversals) ids.insert(reversal.ids.begin(), reversal.ids.end());
    for (const auto& id : ids) {
      const auto made = made_by_commands(id, reversals);
      const bool undone = std::any_of(reversals.begin(), reversals.end(), [&](const UndoRecord& reversal) {
        return !reversal.undo[id.name]["undo"].is_null();
      });
      if (prune)
        for (const auto& path : made) notes[id].push_back("what is in " + path + " is moved aside, not deleted");
      if (made.empty() || !prune)
        notes[id].emplace_back(!undone                                 ? "is not run: what it did stays"
                               : !prune || is_run_again(id, reversals) ? "its own undo is run"
                                                                       : "its own undo is run, for good");
    }
    return notes;
  }

  Result<Value> change(std::span<const Item> items, const Value& undo, Context& context) override {
    (void)undo;
    for (const auto& item : items)
      if (auto done = change_one(*item.resource, context); !done) return failure(done.error());
    return Value(Value::Map{{"done", true}});
  }

  Result<> undo(const UndoRecord& record, Context& context) override {
    Diagnostics problems;
    for (auto id = record.ids.rbegin(); id != record.ids.rend(); ++id) {
      const Value& prune = record.prune[id->name];
      auto undone = prune["aside"].is_null() ? give_back_made(*id, record.undo[id->name], context)
                                             : set_made_aside(*id, prune, context);
      if (undone) undone = undo_one(*id, record.undo[id->name], !record.done.is_null(), prune, context);
      if (!undone) problems.add(undone.error());
    }
    if (problems.has_errors()) return failure(problems);
    return {};
  }

  /// When all that it works with is in its place again.
  Result<> settle(const UndoRecord& record, Context& context) override {
    Diagnostics problems;
    for (const auto& id : record.ids)
      if (auto again = run_again(id, record.undo[id.name], context); !again) problems.add(again.error());
    if (problems.has_errors()) return failure(problems);
    return {};
  }

 private:
  /// An undo that does nothing has nothing to be made good. What was given its input or secrets cannot be given them
  /// again, as nobody keeps them.
  static bool can_be_run_again(const Resource& resource) {
    const auto undo = attribute(resource, "undo").strings();
    return !undo.empty() && undo.front() != "/bin/true" && !has(resource, "stdin") &&
           !attribute(resource, "argv").has_secret() && !attribute(resource, "environment").has_secret();
  }

  static bool is_run_again(const ResourceId& id, std::span<const UndoRecord> newest_first) {
    for (const auto& reversal : newest_first)
      if (const Value& record = reversal.undo[id.name]; !record.is_null()) return record["again"].bool_or(false);
    return false;
  }

  /// What Stamps::began_in() says when a prune took it back and it is to be run again.
  static std::string taken_back_in(const Value& record) { return "taken back in " + record["transaction"].text_or(""); }

  static Result<> run_again(const ResourceId& id, const Value& record, Context& context) {
    if (record["argv"].is_null()) return {};
    const Stamps stamps(context, id);
    const auto began_in = stamps.began_in();
    if (!began_in) return failure(began_in.error());
    if (*began_in != taken_back_in(record)) return {};
    Resource resource;
    resource.id = id;
    for (const char* name : {"argv", "creates", "unless", "user", "directory", "timeout_ms", "environment"})
      if (!record[name].is_null()) resource.attributes[name] = record[name];
    auto observed = look_at_one(resource, context);
    if (!observed) return failure(observed.error());
    if (!observed->exists)
      if (auto again = change_one(resource, context); !again) return again;
    return stamps.set_began_in("");
  }

  /// Any guard that holds is enough; the cheap ones come first, and the rest is not asked then.
  static Result<Observed> look_at_one(const Resource& resource, Context& context) {
    Observed observed;
    if (has(resource, "stamp")) {
      auto stamp = Stamps(context, resource.id).done_for();
      if (!stamp) return failure(stamp.error());
      if (*stamp) observed.state["stamp"] = **stamp;
      const auto wanted = kept_stamp(resource, context);
      if (!wanted) return failure(wanted.error());
      observed.exists = *stamp && **stamp == *wanted;
      if (*stamp && !observed.exists && own_part(**stamp) == own_part(*wanted)) observed.state["anew"] = true;
    }
    if (has(resource, "creates")) {
      const auto seen = look_at(text_attribute(resource, "creates"));
      if (!seen) return failure(seen.error());
      const bool there = seen->type != FileState::Type::absent;
      observed.state["creates"] = there;
      observed.exists = observed.exists || there;
    }
    if (has(resource, "unless") && !observed.exists) {
      auto holds = guard_holds(resource, context);
      if (!holds) return failure(holds.error());
      observed.state["unless"] = *holds;
      observed.exists = *holds;
    }
    return observed;
  }

  /// A guard that cannot be started, as its program, user or directory is still to come, does not hold.
  static Result<bool> guard_holds(const Resource& resource, Context& context) {
    Command guard = surroundings(Value(resource.attributes));
    guard.argv = attribute(resource, "unless").strings();
    guard.timeout = std::min(guard.timeout, std::chrono::milliseconds(guard_timeout_ms));
    const auto finished = run(guard, context);
    if (!finished) {
      if (was_interrupted(finished.error())) return failure(finished.error());
      return false;
    }
    if (finished->timed_out)
      return failure(to_string(resource.id), "its unless " + how_it_ended(*finished, guard.timeout),
                     shown_output(*finished, texts_to_mask(Value(resource.attributes))),
                     "run it by hand on the host: " + guard.argv[0]);
    return finished->ok();
  }

  static Result<> change_one(const Resource& resource, Context& context) {
    const std::string where = to_string(resource.id);
    const Stamps stamps(context, resource.id);
    Command command = surroundings(Value(resource.attributes));
    command.argv = attribute(resource, "argv").strings();
    command.input = attribute(resource, "stdin").text_or("");
    command.others_work_meanwhile = true;
    const bool has_undo = has(resource, "undo");
    if (has_undo)
      if (auto noted = stamps.set_began_in(context.transaction); !noted) return noted;
    const auto finished = run(command, context);
    if (!finished) {
      // It never ran, so nothing of it is to be undone.
      if (has_undo && !was_interrupted(finished.error()))
        if (auto noted = stamps.set_began_in(""); !noted) return noted;
      return failure(finished.error());
    }
    if (!finished->ok())
      return failure(where, command.argv[0] + " " + how_it_ended(*finished, command.timeout),
                     shown_output(*finished, texts_to_mask(Value(resource.attributes))),
                     finished->timed_out ? "raise its timeout if it only needs longer; then wright apply again"
                                         : "put right what it says, then wright apply again");
    if (auto made = made_what_it_creates(resource, command.argv[0]); !made) return made;
    if (!has(resource, "stamp")) return {};
    const auto kept = kept_stamp(resource, context);
    return kept ? stamps.set_done_for(*kept) : failure(kept.error());
  }

  static Result<> made_what_it_creates(const Resource& resource, const std::string& program) {
    if (!has(resource, "creates")) return {};
    const std::string path = text_attribute(resource, "creates");
    const auto seen = look_at(path);
    if (!seen) return failure(seen.error());
    if (seen->type != FileState::Type::absent) return {};
    return failure(to_string(resource.id), program + " succeeded but " + path + " is not there",
                   "the resource says that it creates it, so it would run again every time");
  }

  /// `prune`: what the prune that this is part of prepared for it; null in a rollback.
  static Result<> undo_one(const ResourceId& id, const Value& record, bool done, const Value& prune, Context& context) {
    const Stamps stamps(context, id);
    const bool aside = !prune["aside"].is_null();
    const bool of_a_prune = !record["aside"].is_null() || !record["argv"].is_null();
    if (!record["undo"].is_null()) {
      const auto began_in = stamps.began_in();
      if (!began_in) return failure(began_in.error());
      if (!aside && (done || *began_in == record["transaction"].text_or(""))) {
        if (!prune["argv"].is_null())
          if (auto noted = stamps.set_began_in(taken_back_in(prune)); !noted) return noted;
        Command command = surroundings(record);
        command.argv = record["undo"].strings();
        const auto finished = run(command, context);
        if (!finished) return failure(finished.error());
        if (!finished->ok())
          return failure(to_string(id), "its undo " + command.argv[0] + " " + how_it_ended(*finished, command.timeout),
                         shown_output(*finished, texts_to_mask(record)),
                         "put right what it says, then wright rollback again");
      }
      if (prune["argv"].is_null() && !of_a_prune)
        if (auto noted = stamps.set_began_in(""); !noted) return noted;
    }
    if (!record["stamped"].bool_or(false)) return {};
    const auto* before = record["stamp"].as_string();
    return stamps.set_done_for(before == nullptr ? std::nullopt : std::optional(*before));
  }
};

}  // namespace

std::unique_ptr<Kind> make_command_kind() { return std::make_unique<CommandKind>(); }

}  // namespace wright::agent
