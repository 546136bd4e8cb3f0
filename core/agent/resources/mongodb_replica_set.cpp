#include <algorithm>

#include "agent/resources/before.hpp"
#include "agent/resources/kinds.hpp"
#include "agent/resources/mongodb_accounts.hpp"

namespace wright::agent {
namespace {

using std::chrono::milliseconds;

constexpr milliseconds look_time{2000};
constexpr std::int64_t usual_wait_ms = 60000;
constexpr milliseconds pause{100};

/// What a server says of the set that it is in; nobody needs to be logged in for that.
struct Membership {
  std::string name;                  ///< empty while it is in none
  std::vector<std::string> members;  ///< HOST:PORT, sorted
  bool writes = false;
  bool follows = false;  ///< and knows who takes writes
};

Membership membership_from(const Value& hello) {
  Membership out;
  out.name = hello["setName"].text_or("");
  for (const char* which : {"hosts", "passives", "arbiters"})
    for (const auto& one : hello[which].strings()) out.members.push_back(one);
  std::sort(out.members.begin(), out.members.end());
  out.writes = hello["isWritablePrimary"].bool_or(false);
  out.follows = hello["secondary"].bool_or(false) && !hello["primary"].text_or("").empty();
  return out;
}

Talk<Membership> ask(const MongodbPlace& place, const Patience& patience) {
  auto server = MongodbClient::connect_either_way(place.address(), patience);
  if (!server) return tl::unexpected(server.error());
  const auto answer = server->ask("admin", Bson().integer("hello", 1), patience);
  if (!answer) return tl::unexpected(answer.error());
  if (const auto why = refusal(*answer); why.code != 0) return trouble(Trouble::Kind::wrong, why.why);
  return membership_from(*answer);
}

std::vector<std::string> sorted_members(const Value& attributes) {
  auto members = attributes["members"].strings();
  std::sort(members.begin(), members.end());
  return members;
}

Observed observed_from(const Membership& seen) {
  Observed observed;
  observed.exists = !seen.name.empty();
  if (!observed.exists) return observed;
  observed.state["name"] = seen.name;
  observed.state["members"] = Value(seen.members);
  return observed;
}

Obstacle obstacle(const Resource& resource, const std::string& what, const std::string& next) {
  return {{Severity::error, Fault::failed, to_string(resource.id), what, {}, next}, {}};
}

class MongodbReplicaSetKind : public Kind {
 public:
  Result<std::vector<Observed>> look(std::span<const Resource* const> resources, Context& context) override {
    std::vector<Observed> all;
    for (const auto* resource : resources) {
      const MongodbPlace place{resource->id, Value(resource->attributes)};
      const auto seen = ask(place, {Patience::Clock::now() + look_time, context.cancellation});
      Observed observed;
      if (seen)
        observed = observed_from(*seen);
      else if (context.cancelled())
        return wright::agent::as_failure(seen.error());
      else
        observed.before = seen.error().text;
      all.push_back(std::move(observed));
    }
    return all;
  }

  Difference compare(const Resource& resource, const Observed& observed) const override {
    Difference difference;
    difference.unseen = observed.before.text_or("");
    const Value wanted(sorted_members(Value(resource.attributes)));
    const Value now = Value(observed.state)["members"];
    if (!observed.exists) {
      difference.action = Action::create;
      difference.attributes.push_back({"members", {}, wanted, {}, false});
      difference.notes.emplace_back("stays in the server's data when this is taken back");
    } else if (const auto name = Value(observed.state)["name"].text_or(""); name != resource.id.name) {
      difference.action = Action::update;
      difference.obstacle = obstacle(resource, "the server is in the replica set \"" + name + "\" already",
                                     "a replica set cannot be renamed: give it that name");
    } else if (now != wanted) {
      difference.action = Action::update;
      difference.attributes.push_back({"members", now, wanted, {}, false});
      difference.obstacle = obstacle(resource, "its members are others; wright does not move a set's data",
                                     "rs.add() and rs.remove() in mongosh do that; then name the members that it has");
    }
    return difference;
  }

  Result<Value> prepare(std::span<const Item> items, Context& context) override {
    (void)items;
    (void)context;
    return Value(Value::Map{{"stays", true}});
  }

  Result<Value> change(std::span<const Item> items, const Value& undo, Context& context) override {
    (void)undo;
    for (const auto& item : items)
      if (auto made = make(*item.resource, context); !made) return failure(made.error());
    return Value(Value::Map{{"done", true}});
  }

  /// What a server's data is part of stays in it, as the data does; without its setting the server runs by itself.
  Result<> undo(const UndoRecord& record, Context& context) override {
    (void)record;
    (void)context;
    return {};
  }

 private:
  static Result<> make(const Resource& resource, Context& context) {
    const MongodbPlace place{resource.id, Value(resource.attributes)};
    const Patience patience(Patience::Clock::now() + milliseconds(int_attribute(resource, "wait_ms", usual_wait_ms)),
                            context.cancellation);
    Trouble last{Trouble::Kind::late, "it does not answer"};
    const bool joins = place.attributes["joins"].bool_or(false);
    bool begun = joins;
    do {
      const auto seen = ask(place, patience);
      // Only where it takes writes the server lets somebody make the first account.
      if (seen && !seen->name.empty() && (seen->writes || (joins && seen->follows))) return {};
      if (!seen) last = seen.error();
      if (seen && !seen->name.empty()) last.text = "the set has no member yet that takes writes";
      if (seen && seen->name.empty()) last.text = "it is in no set yet";
      if (!seen || begun || !seen->name.empty()) continue;
      const auto initiated = initiate(place, context, patience);
      begun = initiated.has_value();
      if (!initiated) last = initiated.error();
    } while (patience.pause(pause) == Patience::Wait::ready);
    return failure(to_string(resource.id), "the servers did not become a replica set", last.text,
                   "see that every member runs, has the same key and reaches the others: journalctl -u mongod");
  }

  /// A server without accounts lets whoever is on its host do it; else the administrator does.
  static Talk<> initiate(const MongodbPlace& place, Context& context, const Patience& patience) {
    std::vector<Bson> members;
    for (const auto& host : place.attributes["members"].strings())
      members.push_back(Bson()
                            .integer("_id", static_cast<std::int32_t>(members.size()))
                            .text("host", host)
                            .integer("priority", members.empty() ? 2 : 1));
    const Bson command = Bson().document("replSetInitiate", Bson().text("_id", place.id.name).list("members", members));
    auto nobody = MongodbClient::connect_either_way(place.address(), patience);
    if (!nobody) return tl::unexpected(nobody.error());
    auto answer = nobody->ask("admin", command, patience);
    if (answer && refusal(*answer).code == MongodbClient::unauthorized) {
      MongodbAccounts accounts(context);
      auto server = accounts.administer(place, patience);
      if (!server) return tl::unexpected(server.error());
      answer = (*server)->ask("admin", command, patience);
    }
    if (!answer) return tl::unexpected(answer.error());
    if (const auto why = refusal(*answer); why.code != 0) return trouble(Trouble::Kind::wrong, why.why);
    return {};
  }
};

}  // namespace

std::unique_ptr<Kind> make_mongodb_replica_set_kind() { return std::make_unique<MongodbReplicaSetKind>(); }

}  // namespace wright::agent
