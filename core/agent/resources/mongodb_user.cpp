#include <algorithm>

#include "agent/files/files.hpp"
#include "agent/process/process.hpp"
#include "agent/resources/before.hpp"
#include "agent/resources/kinds.hpp"
#include "agent/resources/mongodb_accounts.hpp"
#include "base/sha256.hpp"

namespace wright::agent {
namespace {

using std::chrono::milliseconds;

constexpr milliseconds look_time{2000};
/// A member that takes writes may need 15 s to go, and the others 12 s to see that they can choose none.
constexpr milliseconds election_time{45000};
constexpr std::int64_t usual_wait_ms = 60000;
constexpr const char* program = "/usr/bin/mongod";

std::vector<std::string> sorted(std::vector<std::string> names) {
  std::sort(names.begin(), names.end());
  return names;
}

Observed observed_from(const Resource& resource, const MongodbAccount& seen) {
  Observed observed;
  observed.exists = seen.there;
  if (!seen.there) return observed;
  observed.state["roles"] = Value(seen.roles);
  observed.state["verifier"] = sha256_hex(seen.verifier);
  observed.before = seen.has_password(Secret(text_attribute(resource, "password")));
  return observed;
}

class MongodbUserKind : public Kind {
 public:
  Result<std::vector<Observed>> look(std::span<const Resource* const> resources, Context& context) override {
    std::vector<Observed> all;
    MongodbAccounts accounts(context);
    for (const auto* resource : resources) {
      const MongodbPlace place{resource->id, Value(resource->attributes)};
      const auto seen = accounts.look(place, look_time);
      Observed observed;
      if (seen)
        observed = observed_from(*resource, *seen);
      else if (context.cancelled())
        return as_failure(seen.error());
      else
        observed.before = seen.error().text;
      all.push_back(std::move(observed));
    }
    return all;
  }

  Difference compare(const Resource& resource, const Observed& observed) const override {
    Difference difference;
    const std::string why = observed.before.text_or("");
    if (wanted_absent(resource)) {
      if (observed.exists || !why.empty()) difference.action = Action::remove;
    } else {
      const Value wanted(sorted(Value(resource.attributes)["roles"].strings()));
      const Value now = Value(observed.state)["roles"];
      if (now != wanted) difference.attributes.push_back({"roles", now, wanted, {}, false});
      if (!observed.before.bool_or(false)) difference.attributes.push_back({"password", {}, {}, {}, true});
      if (!difference.attributes.empty()) difference.action = observed.exists ? Action::update : Action::create;
    }
    difference.unseen = why;
    return difference;
  }

  Result<Value> prepare(std::span<const Item> items, Context& context) override {
    Value::Map undo;
    MongodbAccounts accounts(context);
    for (const auto& item : items) {
      const MongodbPlace place{item.resource->id, Value(item.resource->attributes)};
      const auto seen = accounts.look(place, wait_of(*item.resource));
      if (!seen && !is_first(place, seen.error())) return as_failure(place, seen.error());
      Value::Map record{{"there", seen && seen->there}};
      if (seen && seen->there) {
        record["roles"] = Value(seen->roles);
        record["verifier"] = seen->verifier;
      }
      for (const char* name : {"host", "port", "tls", "admin_user", "unit"})
        if (!place.attributes[name].is_null()) record[name] = place.attributes[name];
      undo[item.resource->id.name] = std::move(record);
    }
    return Value(std::move(undo));
  }

  Result<Value> change(std::span<const Item> items, const Value& undo, Context& context) override {
    (void)undo;
    MongodbAccounts accounts(context);
    for (const auto& item : items) {
      const MongodbPlace place{item.resource->id, Value(item.resource->attributes)};
      const auto seen = accounts.look(place, wait_of(*item.resource));
      if (!seen && !is_first(place, seen.error())) return as_failure(place, seen.error());
      const bool there = seen && seen->there;
      if (wanted_absent(*item.resource)) {
        if (auto gone = accounts.remove(place, look_time); there && !gone) return as_failure(place, gone.error());
        continue;
      }
      const Secret password(text_attribute(*item.resource, "password"));
      // Before the server has it: a change that is cut off must be taken back with the password that is there then.
      if (auto noted = accounts.passwords(place).note(password); !noted) return failure(noted.error());
      const bool known = there && seen->has_password(password);
      const auto roles = place.attributes["roles"].strings();
      const auto told = accounts.put(place, there, known ? nullptr : &password, roles, look_time);
      if (!told) return as_failure(place, told.error());
      const auto now = accounts.look(place, look_time);
      if (!now) return as_failure(place, now.error());
      if (compare(*item.resource, observed_from(*item.resource, *now)).action != Action::none)
        return failure(to_string(item.resource->id),
                       "the server took it, but roles or password are not what was asked for");
    }
    return Value(Value::Map{{"done", true}});
  }

  Result<> undo(const UndoRecord& record, Context& context) override {
    Diagnostics problems;
    for (auto id = record.ids.rbegin(); id != record.ids.rend(); ++id)
      if (const Value& before = record.undo[id->name]; !before.is_null())
        if (auto undone = undo_one({*id, before}, context); !undone) problems.add(undone.error());
    if (problems.has_errors()) return failure(problems);
    return {};
  }

 private:
  static milliseconds wait_of(const Resource& resource) {
    return milliseconds(int_attribute(resource, "wait_ms", usual_wait_ms));
  }

  /// The account that makes itself, as nobody is let in yet.
  static bool is_first(const MongodbPlace& place, const Trouble& why) {
    return place.is_admin() && why.kind == Trouble::Kind::refused && why.text.starts_with("\"");
  }

  static tl::unexpected<Diagnostics> as_failure(const MongodbPlace& place, const Trouble& why) {
    return failure(to_string(place.id), "the server did not do it", why.text,
                   "see that it runs and that the administrator's password is right: journalctl -u mongod");
  }
  static tl::unexpected<Diagnostics> as_failure(const Trouble& why) { return wright::agent::as_failure(why); }

  /// A set whose other members are gone already elects nobody: the account stays in the data, as the set itself does.
  Result<> leave(const MongodbPlace& place, Context& context) {
    leaderless_ = true;
    Event event;
    event.event = "note";
    event.subject = to_string(place.id);
    event.text = event.subject + " was left as it is: " + no_primary;
    context.emit(event);
    return {};
  }

  /// The other members of a set may be going at the same time, and without most of them nothing is ever written.
  Result<> remove_or_leave(const MongodbPlace& place, MongodbAccounts& accounts, Context& context) {
    const Patience patience(Patience::Clock::now() + election_time, context.cancellation);
    while (true) {
      const auto gone = accounts.remove(place, look_time);
      if (gone) return {};
      if (gone.error().kind == Trouble::Kind::wrong) return as_failure(place, gone.error());
      const auto now = accounts.look(place, look_time);
      if (now && !now->there) return {};
      if (!now && now.error().text == no_primary) return leave(place, context);
      if (patience.pause(milliseconds(200)) != Patience::Wait::ready) return as_failure(place, gone.error());
    }
  }

  Result<> undo_one(const MongodbPlace& place, Context& context) {
    // Without its program the server's data is gone too, to quarantine: that is the package's undo.
    const auto there = look_at(program);
    if (!there) return failure(there.error());
    if (there->type == FileState::Type::absent) return {};
    MongodbAccounts accounts(context);
    auto seen = accounts.look(place, look_time);
    const std::string unit = place.attributes["unit"].text_or("");
    if (!seen && seen.error().text == no_primary) {
      seen = accounts.look(place, leaderless_ ? look_time : election_time);
    } else if (!seen && !unit.empty() && !is_first(place, seen.error())) {
      Command start;
      start.argv = {"/bin/systemctl", "start", "--", unit};
      if (const auto started = run(start, context); !started) return failure(started.error());
      seen = accounts.look(place, milliseconds(usual_wait_ms));
    }
    if (!seen && seen.error().text == no_primary) return leave(place, context);
    const bool was_there = place.attributes["there"].bool_or(false);
    // Nobody was there to be let in, and the change was not made.
    if (!seen && is_first(place, seen.error()) && !was_there) return {};
    if (!seen) return as_failure(place, seen.error());
    if (!was_there) {
      if (!seen->there) return {};
      return remove_or_leave(place, accounts, context);
    }
    const std::string verifier = place.attributes["verifier"].text_or("");
    std::optional<Secret> password;
    if (seen->verifier != verifier) {
      MongodbAccount before;
      before.verifier = verifier;
      const auto worked = accounts.passwords(place).worked();
      if (!worked) return failure(worked.error());
      for (const auto& one : *worked)
        if (!password && before.has_password(one)) password = one;
      if (!password && !seen->has_same_password(before))
        return failure(to_string(place.id), "its former password is not known, so it cannot be put back", {},
                       "give it one by hand, or apply the former site file");
    }
    const auto put = accounts.put(place, seen->there, password ? &*password : nullptr,
                                  place.attributes["roles"].strings(), look_time);
    return put ? Result<>() : as_failure(place, put.error());
  }

  bool leaderless_ = false;
};

}  // namespace

std::unique_ptr<Kind> make_mongodb_user_kind() { return std::make_unique<MongodbUserKind>(); }

}  // namespace wright::agent
