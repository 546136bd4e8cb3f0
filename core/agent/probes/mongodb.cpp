#include "agent/probes/kinds_of_probe.hpp"
#include "agent/probes/mongodb_hello.hpp"
#include "base/sha256.hpp"

namespace wright::agent {
namespace {

/// Asks one command; its refusal is a trouble, unless that is what is hoped for.
Talk<Value> told(MongodbClient& server, const Probe& probe, const char* what, const Bson& command,
                 const Patience& patience) {
  auto answer = server.ask(attribute(probe, "database").text_or("test"), command, patience);
  if (!answer) return answer;
  if (const auto why = refusal(*answer); why.code != 0)
    return trouble(Trouble::Kind::wrong, std::string("the server refuses to ") + what + ": " + shown(probe, why.why));
  return answer;
}

Talk<> write_read_delete(MongodbClient& server, const Probe& probe, const Patience& patience) {
  // Of its own: runs at the same time must not see each other's.
  const std::string collection = "wright_verify_" + random_hex(6);
  const std::string proof = random_hex(8);
  const auto filter = Bson().text("_id", proof);
  Bson insert;
  insert.text("insert", collection).list("documents", {Bson().text("_id", proof)});
  if (auto done = told(server, probe, "write", insert, patience); !done) return tl::unexpected(done.error());
  const auto found = told(server, probe, "read", Bson().text("find", collection).document("filter", filter), patience);
  const auto removed = told(
      server, probe, "delete",
      Bson().text("delete", collection).list("deletes", {Bson().document("q", filter).integer("limit", 1)}), patience);
  const auto dropped = told(server, probe, "drop a collection", Bson().text("drop", collection), patience);
  if (!found) return tl::unexpected(found.error());
  const auto* batch = (*found)["cursor"]["firstBatch"].as_list();
  if (batch == nullptr || batch->size() != 1 || batch->front()["_id"].text_or("") != proof)
    return trouble(Trouble::Kind::wrong, "what was written was not read back");
  if (!removed) return tl::unexpected(removed.error());
  if ((*removed)["n"].int_or(0) != 1) return trouble(Trouble::Kind::wrong, "what was written was not deleted");
  if (!dropped) return tl::unexpected(dropped.error());
  return {};
}

/// In a replica set one takes writes; from the others is read what it sent them.
Talk<> prove(MongodbClient& server, const Probe& probe, const Patience& patience) {
  if (attribute(probe, "login_only").bool_or(false)) return {};
  const std::string set = attribute(probe, "replica_set").text_or("");
  if (set.empty()) return write_read_delete(server, probe, patience);
  const auto hello = ask_hello(server, patience);
  if (!hello) return tl::unexpected(hello.error());
  if (hello->set != set)
    return trouble(Trouble::Kind::wrong,
                   hello->set.empty() ? "it is in no replica set" : "it is in the replica set " + hello->set);
  if (hello->writes) return write_read_delete(server, probe, patience);
  if (!hello->follows()) return trouble(Trouble::Kind::unready, "the replica set has no member that takes writes");
  const Bson find = Bson()
                        .text("find", "wright_verify")
                        .integer("limit", 1)
                        .document("$readPreference", Bson().text("mode", "secondaryPreferred"));
  const auto read = told(server, probe, "read", find, patience);
  return read ? Talk<>() : tl::unexpected(read.error());
}

}  // namespace

Talk<> ask_mongodb(const Probe& probe, const Patience& patience) {
  auto server = MongodbClient::connect({attribute(probe, "host").text_or(""), attribute(probe, "port").int_or(27017),
                                        attribute(probe, "tls").bool_or(false)},
                                       patience);
  if (!server) return tl::unexpected(server.error());
  const bool refused = attribute(probe, "refused").bool_or(false);
  const std::string user = attribute(probe, "user").text_or("");
  if (!user.empty()) {
    const auto in = server->log_in(attribute(probe, "login_database").text_or("admin"), user,
                                   Secret(attribute(probe, "password").text_or("")), patience);
    if (refused && !in && in.error().kind == Trouble::Kind::denied) return {};
    if (!in) return trouble(in.error().kind, shown(probe, in.error().text));
    if (refused) return trouble(Trouble::Kind::wrong, "\"" + user + "\" is let in with that password");
    return prove(*server, probe, patience);
  }
  if (!refused) return prove(*server, probe, patience);
  const auto answer = server->ask(attribute(probe, "database").text_or("test"),
                                  Bson().text("find", "wright_verify").integer("limit", 1), patience);
  if (!answer) return tl::unexpected(answer.error());
  if (refusal(*answer).code == MongodbClient::unauthorized) return {};
  return trouble(Trouble::Kind::wrong, "who has no password can read");
}

}  // namespace wright::agent
