#pragma once

#include <chrono>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "agent/probes/mongodb_client.hpp"
#include "agent/resources/http_session.hpp"

namespace wright::agent {

/// A server on the host, and who administers it: a resource's attributes, or of them what its undo record has.
struct MongodbServer {
  MongodbAddress address;
  std::string admin;                 ///< account of the database admin
  std::optional<Secret> password;    ///< as the site file has it
  std::vector<std::string> members;  ///< HOST:PORT each of its replica set; empty when it is in none

  /// Others have its accounts too.
  [[nodiscard]] bool is_shared() const { return members.size() > 1; }
  [[nodiscard]] std::string service() const { return "mongodb://" + address.host + ":" + std::to_string(address.port); }
};
MongodbServer mongodb_server_from(const Value& attributes);
/// The attributes that it is read from, but for the password: for an undo record.
Value::Map record_of(const MongodbServer& server);

/// Talks to servers as their administrator. For one look, change or undo; a server is logged in to once.
class MongodbSession {
 public:
  explicit MongodbSession(Context& context) : context_(context) {}

  /// A connection to the member that takes writes, on which the administrator is logged in; it lives until forget().
  /// Kind::denied when no password that is known lets it in, Kind::unready when no member takes writes.
  Talk<MongodbClient*> administer(const MongodbServer& server, const Patience& patience);
  /// A connection on which nobody is logged in, to the server itself.
  static Talk<MongodbClient> as_nobody(const MongodbServer& server, const Patience& patience) {
    return MongodbClient::connect_either_way(server.address, patience);
  }
  void forget() { open_.clear(); }

  [[nodiscard]] Patience patience_for(std::chrono::milliseconds time) const;
  /// Others may work meanwhile. True when that was the whole pause.
  [[nodiscard]] bool pause(const Patience& patience) const;
  [[nodiscard]] Passwords passwords(const MongodbServer& server, const std::string& account) const {
    return {context_, server.service(), account};
  }

 private:
  static Talk<MongodbClient> connect_to_primary(const MongodbServer& server, const Patience& patience);
  Talk<MongodbClient> log_in(const MongodbServer& server, const Patience& patience);
  [[nodiscard]] std::vector<Secret> candidates(const MongodbServer& server) const;

  Context& context_;
  std::map<std::string, MongodbClient> open_;
};

}  // namespace wright::agent
