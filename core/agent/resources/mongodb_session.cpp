#include "agent/resources/mongodb_session.hpp"

#include <algorithm>

#include "agent/baton.hpp"
#include "agent/probes/mongodb_hello.hpp"

namespace wright::agent {
namespace {

using std::chrono::milliseconds;
using Kind = Trouble::Kind;

constexpr milliseconds between_attempts{100};

}  // namespace

MongodbServer mongodb_server_from(const Value& attributes) {
  MongodbServer out;
  out.address = {attributes["host"].text_or("127.0.0.1"), attributes["port"].int_or(27017),
                 attributes["tls"].bool_or(false), attributes["ca"].text_or("")};
  out.admin = attributes["admin_user"].text_or("admin");
  if (const Value& given = attributes["admin_password"]; !given.is_null()) out.password = Secret(given.text_or(""));
  out.members = attributes["members"].strings();
  return out;
}

Value::Map record_of(const MongodbServer& server) {
  return {{"host", server.address.host}, {"port", server.address.port}, {"tls", server.address.tls},
          {"ca", server.address.ca},     {"admin_user", server.admin},  {"members", Value(server.members)}};
}

Patience MongodbSession::patience_for(milliseconds time) const {
  return {Patience::Clock::now() + time, context_.cancellation};
}

bool MongodbSession::pause(const Patience& patience) const {
  const Aside aside(context_);
  return patience.pause(between_attempts) == Patience::Wait::ready;
}

std::vector<Secret> MongodbSession::candidates(const MongodbServer& server) const {
  std::vector<Secret> out;
  if (server.password) out.push_back(*server.password);
  if (const auto worked = passwords(server, "admin." + server.admin).worked(); worked)
    for (const auto& one : *worked)
      if (std::find(out.begin(), out.end(), one) == out.end()) out.push_back(one);
  return out;
}

/// Of a replica set, one member takes accounts; the others say which.
Talk<MongodbClient> MongodbSession::connect_to_primary(const MongodbServer& server, const Patience& patience) {
  auto client = as_nobody(server, patience);
  if (!client) return client;
  const auto hello = ask_hello(*client, patience);
  if (!hello) return tl::unexpected(hello.error());
  // One that is in no set yet, though it has the setting, has nobody else who would.
  if (hello->writes || hello->set.empty()) return client;
  if (hello->primary.empty()) return trouble(Kind::unready, "the replica set has no member that takes writes");
  // Made before there was a set: who takes writes by now is not in the record, and may be gone with the rest.
  if (server.members.empty())
    return trouble(Kind::unready,
                   "the member that takes writes, " + hello->primary +
                       ", was not there when this was made: let this one take writes, by rs.stepDown() there");
  if (std::find(server.members.begin(), server.members.end(), hello->primary) == server.members.end())
    return trouble(Kind::wrong, "the member that takes writes, " + hello->primary + ", is none of the site file's");
  MongodbAddress to = mongodb_address_from(hello->primary);
  to.ca = server.address.ca;
  to.tls = server.address.tls || !to.ca.empty();
  return MongodbClient::connect(to, patience);
}

Talk<MongodbClient> MongodbSession::log_in(const MongodbServer& server, const Patience& patience) {
  Trouble last{Kind::denied, "\"" + server.admin + "\" has no password that is known"};
  for (const auto& password : candidates(server)) {
    auto client = connect_to_primary(server, patience);
    if (!client) return client;
    const auto in = client->log_in("admin", server.admin, password, patience);
    if (in) {
      // Another host may have changed it: this one must know what to come back with.
      if (!context_.transaction.empty())
        if (auto noted = passwords(server, "admin." + server.admin).note(password); !noted)
          return trouble(Kind::unfit, to_text(noted.error()));
      return client;
    }
    last = in.error();
    if (last.kind != Kind::denied) break;
  }
  return tl::unexpected(last);
}

Talk<MongodbClient*> MongodbSession::administer(const MongodbServer& server, const Patience& patience) {
  const std::string key = server.service() + "/" + server.admin;
  if (const auto found = open_.find(key); found != open_.end()) return &found->second;
  auto client = log_in(server, patience);
  if (!client) return tl::unexpected(client.error());
  return &open_.emplace(key, std::move(*client)).first->second;
}

}  // namespace wright::agent
