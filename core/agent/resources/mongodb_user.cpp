#include <algorithm>
#include <map>

#include "agent/resources/before.hpp"
#include "agent/resources/kinds.hpp"
#include "agent/resources/mongodb_undo.hpp"
#include "base/sha256.hpp"

namespace wright::agent {
namespace {

using std::chrono::milliseconds;

constexpr milliseconds no_time{0};
constexpr std::int64_t usual_wait_ms = 60000;

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
    std::map<std::string, Trouble> silent;  // one that hangs is waited for once
    for (const auto* resource : resources) {
      const MongodbPlace place(resource->id, Value(resource->attributes));
      const auto known = silent.find(place.server.service());
      const auto seen =
          known == silent.end() ? accounts.look(place, no_time) : Talk<MongodbAccount>(tl::unexpected(known->second));
      Observed observed;
      if (seen)
        observed = observed_from(*resource, *seen);
      else if (context.cancelled())
        return as_failure(seen.error());
      else
        observed.before = silent.emplace(place.server.service(), seen.error()).first->second.text;
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
    if (difference.action != Action::none && Value(resource.attributes)["joins"].bool_or(false))
      difference.notes.emplace_back("unless it comes from another member of the replica set");
    difference.unseen = why;
    return difference;
  }

  Result<Value> prepare(std::span<const Item> items, Context& context) override {
    Value::Map undo;
    MongodbAccounts accounts(context);
    for (const auto& item : items) {
      const MongodbPlace place(item.resource->id, Value(item.resource->attributes));
      const auto seen = accounts.look(place, wait_of(*item.resource));
      if (!seen && !is_first(place, seen.error())) return mongodb_failure(place.id, seen.error());
      Value::Map record = record_of(place.server);
      record["there"] = seen && seen->there;
      if (seen && seen->there) {
        record["roles"] = Value(seen->roles);
        record["verifier"] = seen->verifier;
      }
      if (const auto unit = text_attribute(*item.resource, "unit"); !unit.empty()) record["unit"] = unit;
      undo[item.resource->id.name] = std::move(record);
    }
    return Value(std::move(undo));
  }

  Result<Value> change(std::span<const Item> items, const Value& undo, Context& context) override {
    (void)undo;
    MongodbAccounts accounts(context);
    for (const auto& item : items)
      if (auto changed = change_one(*item.resource, accounts); !changed) return failure(changed.error());
    return Value(Value::Map{{"done", true}});
  }

  Result<> undo(const UndoRecord& record, Context& context) override { return undo_.undo(record, context); }
  Result<> settle(const UndoRecord& record, Context& context) override { return undo_.settle(record, context); }

 private:
  static milliseconds wait_of(const Resource& resource) {
    return milliseconds(int_attribute(resource, "wait_ms", usual_wait_ms));
  }
  void forget() override { undo_.forget(); }

  /// The account that makes itself, as nobody is let in yet.
  static bool is_first(const MongodbPlace& place, const Trouble& why) {
    return place.is_admin() && why.kind == Trouble::Kind::denied;
  }

  Result<> change_one(const Resource& resource, MongodbAccounts& accounts) const {
    const MongodbPlace place(resource.id, Value(resource.attributes));
    const milliseconds wait = wait_of(resource);
    const auto seen = accounts.look(place, wait);
    if (!seen && !is_first(place, seen.error())) return mongodb_failure(place.id, seen.error());
    const bool there = seen && seen->there;
    if (wanted_absent(resource)) {
      if (!there) return {};
      const auto gone = accounts.remove(place, wait);
      return gone ? Result<>() : mongodb_failure(place.id, gone.error());
    }
    const Secret password(text_attribute(resource, "password"));
    // Before the server has it: a change that is cut off must be taken back with the password that is there then.
    if (auto noted = accounts.passwords(place).note(password); !noted) return failure(noted.error());
    const bool known = there && seen->has_password(password);
    const auto roles = Value(resource.attributes)["roles"].strings();
    if (const auto told = accounts.put(place, known ? nullptr : &password, roles, wait); !told)
      return mongodb_failure(place.id, told.error());
    const auto now = accounts.look(place, wait);
    if (!now) return mongodb_failure(place.id, now.error());
    if (compare(resource, observed_from(resource, *now)).action != Action::none)
      return failure(to_string(resource.id), "the server took it, but roles or password are not what was asked for");
    return {};
  }

  MongodbUndo undo_;
};

}  // namespace

std::unique_ptr<Kind> make_mongodb_user_kind() { return std::make_unique<MongodbUserKind>(); }

}  // namespace wright::agent
