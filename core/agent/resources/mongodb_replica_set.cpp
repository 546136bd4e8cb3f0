#include <algorithm>

#include "agent/probes/mongodb_hello.hpp"
#include "agent/resources/before.hpp"
#include "agent/resources/kinds.hpp"
#include "agent/resources/mongodb_session.hpp"

namespace wright::agent {
namespace {

using std::chrono::milliseconds;

constexpr milliseconds look_time{2000};
constexpr std::int64_t usual_wait_ms = 60000;

Talk<MongodbHello> ask(const MongodbServer& server, const Patience& patience) {
  auto client = MongodbSession::as_nobody(server, patience);
  if (!client) return tl::unexpected(client.error());
  return ask_hello(*client, patience);
}

std::vector<std::string> sorted_members(const Resource& resource) {
  auto members = Value(resource.attributes)["members"].strings();
  std::sort(members.begin(), members.end());
  return members;
}

Observed observed_from(const MongodbHello& seen) {
  Observed observed;
  observed.exists = !seen.set.empty();
  if (!observed.exists) return observed;
  observed.state["name"] = seen.set;
  observed.state["members"] = Value(seen.members);
  return observed;
}

Obstacle obstacle(const Resource& resource, const std::string& what, const std::string& next) {
  return {{Severity::error, Fault::failed, to_string(resource.id), what, {}, next}, {}};
}

/// A set that was made of a server alone, by an address that no other host can reach.
bool is_only_for_itself(const std::vector<std::string>& members) {
  return members.size() == 1 && mongodb_address_from(members.front()).is_loopback();
}

/// Why the set that a server is in is not the one that is wanted.
std::optional<Obstacle> other_set(const Resource& resource, const std::string& name,
                                  const std::vector<std::string>& members) {
  if (name != resource.id.name)
    return obstacle(resource, "the server is in the replica set \"" + name + "\" already",
                    "a replica set cannot be renamed: give it that name");
  if (members == sorted_members(resource)) return std::nullopt;
  return obstacle(resource, "its members are others; wright does not move a set's data",
                  is_only_for_itself(members)
                      ? "rs.reconfig() in mongosh gives " + members.front() + " the address that is wanted; then apply"
                      : "rs.add() and rs.remove() in mongosh do that; then name the members that it has");
}

class MongodbReplicaSetKind : public Kind {
 public:
  Result<std::vector<Observed>> look(std::span<const Resource* const> resources, Context& context) override {
    std::vector<Observed> all;
    const MongodbSession session(context);
    for (const auto* resource : resources) {
      const auto seen = ask(mongodb_server_from(Value(resource->attributes)), session.patience_for(look_time));
      Observed observed;
      if (seen)
        observed = observed_from(*seen);
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
    difference.unseen = observed.before.text_or("");
    const Value wanted(sorted_members(resource));
    const Value now = Value(observed.state)["members"];
    if (!observed.exists) {
      difference.action = Action::create;
      difference.attributes.push_back({"members", {}, wanted, {}, false});
      difference.notes.emplace_back("stays in the server's data when this is taken back");
      return difference;
    }
    difference.obstacle = other_set(resource, Value(observed.state)["name"].text_or(""), now.strings());
    if (!difference.obstacle) return difference;
    difference.action = Action::update;
    if (now != wanted) difference.attributes.push_back({"members", now, wanted, {}, false});
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
    const MongodbServer server = mongodb_server_from(Value(resource.attributes));
    MongodbSession session(context);
    const Patience patience = session.patience_for(milliseconds(int_attribute(resource, "wait_ms", usual_wait_ms)));
    const bool joins = Value(resource.attributes)["joins"].bool_or(false);
    bool begun = joins;
    Trouble last;
    do {
      const auto seen = ask(server, patience);
      if (!seen) {
        last = seen.error();
      } else if (!seen->set.empty()) {
        if (const auto other = other_set(resource, seen->set, seen->members)) return failure(other->why);
        // Only where it takes writes the server lets somebody make the first account.
        if (seen->writes || (joins && seen->follows())) return {};
        last.text = "the set has no member yet that takes writes";
      } else if (begun) {
        last.text = "it is in no set yet";
      } else if (const auto initiated = initiate(resource, server, session, patience); initiated) {
        begun = true;
      } else {
        last = initiated.error();
      }
    } while (session.pause(patience));
    if (context.cancelled()) return as_failure({Trouble::Kind::cancelled, "the run was cancelled"});
    return failure(to_string(resource.id), "the servers did not become a replica set", last.text,
                   "see that every member runs, has the same key and reaches the others: journalctl -u mongod");
  }

  /// A server without accounts lets whoever is on its host do it; else the administrator does.
  static Talk<> initiate(const Resource& resource, const MongodbServer& server, MongodbSession& session,
                         const Patience& patience) {
    std::vector<Bson> members;
    for (const auto& host : server.members)
      members.push_back(Bson()
                            .integer("_id", static_cast<std::int32_t>(members.size()))
                            .text("host", host)
                            .integer("priority", members.empty() ? 2 : 1));
    const Bson command =
        Bson().document("replSetInitiate", Bson().text("_id", resource.id.name).list("members", members));
    auto nobody = MongodbSession::as_nobody(server, patience);
    if (!nobody) return tl::unexpected(nobody.error());
    auto answer = nobody->ask("admin", command, patience);
    if (answer && refusal(*answer).code == MongodbClient::unauthorized) {
      session.forget();
      const auto admin = session.administer(server, patience);
      if (!admin) return tl::unexpected(admin.error());
      answer = (*admin)->ask("admin", command, patience);
    }
    if (!answer) return tl::unexpected(answer.error());
    if (const auto why = refusal(*answer); why.code != 0) return trouble(Trouble::Kind::wrong, why.why);
    return {};
  }
};

}  // namespace

std::unique_ptr<Kind> make_mongodb_replica_set_kind() { return std::make_unique<MongodbReplicaSetKind>(); }

}  // namespace wright::agent
