#pragma once

#include <chrono>
#include <map>
#include <string>
#include <vector>

#include "agent/probes/mongodb_client.hpp"
#include "agent/resources/http_session.hpp"
#include "model/resource.hpp"

namespace wright::agent {

/// Whose account it is, and where: a resource's id and its attributes, or of them what its undo record has. Borrowed.
struct MongodbPlace {
  const ResourceId& id;
  const Value& attributes;

  [[nodiscard]] std::string database() const { return id.name.substr(0, id.name.find('.')); }
  [[nodiscard]] std::string user() const { return id.name.substr(id.name.find('.') + 1); }
  [[nodiscard]] MongodbAddress address() const {
    return {attributes["host"].text_or("127.0.0.1"), attributes["port"].int_or(27017),
            attributes["tls"].bool_or(false)};
  }
  [[nodiscard]] std::string admin() const { return attributes["admin_user"].text_or("admin"); }
  [[nodiscard]] bool is_admin() const { return database() == "admin" && user() == admin(); }
  [[nodiscard]] std::string service() const {
    return "mongodb://" + address().host + ":" + std::to_string(address().port);
  }
};

/// What a server of a replica set says of itself while no member takes writes.
inline constexpr const char* no_primary = "the replica set has no member that takes writes";

/// What a server has of an account.
struct MongodbAccount {
  bool there = false;
  std::vector<std::string> roles;  ///< ROLE@DATABASE, sorted
  std::string verifier;            ///< as PostgreSQL writes one: "SCRAM-SHA-256$15000:SALT$STORED:SERVER"

  [[nodiscard]] bool has_password(const Secret& password) const;
  [[nodiscard]] bool has_same_password(const MongodbAccount& other) const { return verifier == other.verifier; }
};

/// Accounts of servers, seen and changed as their administrator. For one look, change or undo; a server is logged in to
/// once, and one that did not answer is waited for only as long as the call says.
class MongodbAccounts {
 public:
  explicit MongodbAccounts(Context& context) : context_(context) {}

  Talk<MongodbAccount> look(const MongodbPlace& place, std::chrono::milliseconds time);
  /// Makes it or changes it; without a password the account keeps its own. An administrator that no password lets in
  /// makes itself, which a server allows while it has no account.
  Talk<> put(const MongodbPlace& place, bool there, const Secret* password, const std::vector<std::string>& roles,
             std::chrono::milliseconds time);
  /// Fine when it is not there.
  Talk<> remove(const MongodbPlace& place, std::chrono::milliseconds time);
  [[nodiscard]] Passwords passwords(const MongodbPlace& place) const {
    return {context_, place.service(), place.id.name};
  }

  /// The connection on which its administrator is logged in; it lives as long as this.
  Talk<MongodbClient*> administer(const MongodbPlace& place, const Patience& patience);

 private:
  Talk<MongodbAccount> look_once(const MongodbPlace& place, const Patience& patience);
  Talk<MongodbClient> log_in(const MongodbPlace& place, const Patience& patience);
  static Talk<MongodbClient> at_primary(MongodbClient client, const MongodbPlace& place, const Secret& password,
                                        const Patience& patience);
  [[nodiscard]] std::vector<Secret> candidates(const MongodbPlace& place) const;
  [[nodiscard]] Patience patience_for(std::chrono::milliseconds time) const;

  Context& context_;
  std::map<std::string, MongodbClient> open_;
};

}  // namespace wright::agent
