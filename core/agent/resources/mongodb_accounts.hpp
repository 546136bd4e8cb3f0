#pragma once

#include <functional>

#include "agent/resources/mongodb_session.hpp"
#include "model/resource.hpp"

namespace wright::agent {

/// An account, DATABASE.USER, and the server that has it.
struct MongodbPlace {
  MongodbPlace(ResourceId which, const Value& attributes)
      : id(std::move(which)), server(mongodb_server_from(attributes)) {}

  ResourceId id;
  MongodbServer server;

  [[nodiscard]] std::string database() const { return id.name.substr(0, id.name.find('.')); }
  [[nodiscard]] std::string user() const { return id.name.substr(id.name.find('.') + 1); }
  [[nodiscard]] bool is_admin() const { return database() == "admin" && user() == server.admin; }
};

/// What a server has of an account.
struct MongodbAccount {
  bool there = false;
  std::vector<std::string> roles;  ///< ROLE@DATABASE, sorted
  std::string verifier;            ///< as PostgreSQL writes one: "SCRAM-SHA-256$15000:SALT$STORED:SERVER"

  [[nodiscard]] bool has_password(const Secret& password) const;
};

/// Accounts of servers, seen and changed as their administrator. Each is tried again for as long as the call says while
/// the server does not answer, or its replica set chooses who takes writes; once when that is no time.
class MongodbAccounts {
 public:
  explicit MongodbAccounts(Context& context) : session_(context) {}

  /// Kind::denied when the administrator is not let in; for its own account that may mean that there is none yet.
  Talk<MongodbAccount> look(const MongodbPlace& place, std::chrono::milliseconds time);
  /// Makes it or changes it; without a password an account keeps its own. An administrator that no password lets in
  /// makes itself, which a server allows while it has no account.
  Talk<> put(const MongodbPlace& place, const Secret* password, const std::vector<std::string>& roles,
             std::chrono::milliseconds time);
  /// Fine when it is not there.
  Talk<> remove(const MongodbPlace& place, std::chrono::milliseconds time);
  /// The server has accounts besides this one.
  Talk<bool> has_others(const MongodbPlace& place, std::chrono::milliseconds time);
  [[nodiscard]] Passwords passwords(const MongodbPlace& place) const {
    return session_.passwords(place.server, place.id.name);
  }

 private:
  template <class T>
  Talk<T> patiently(std::chrono::milliseconds time, const std::function<Talk<T>(const Patience&)>& attempt);
  Talk<MongodbAccount> look_once(const MongodbPlace& place, const Patience& patience);
  Talk<> put_once(const MongodbPlace& place, const Secret* password, const std::vector<std::string>& roles,
                  const Patience& patience);
  Talk<> remove_once(const MongodbPlace& place, const Patience& patience);
  Talk<bool> has_others_once(const MongodbPlace& place, const Patience& patience);

  MongodbSession session_;
};

/// Whether the same may be answered otherwise later.
bool may_pass(const Trouble& why);

}  // namespace wright::agent
